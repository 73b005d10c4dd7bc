package org.jiaozi.lab.demo;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jiaozi.core.value.Hash;
import org.jiaozi.lab.demo.Jiaozi.Result;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * An institution stops for good with deposits under way to it, on real servers and a real database, with wallets that are
 * processes: every holder gets the value elsewhere, once, whatever comes back (spec 07, clause 10).
 */
final class GoneInstitutionTest {
    private static final int KILLED = 137;

    @TempDir
    private Path folder;

    private TwoBanks banks;
    private Jiaozi jiaozi;

    @BeforeEach
    void start() throws IOException {
        banks = new TwoBanks(folder);
        jiaozi = new Jiaozi(folder.resolve("logs"));
    }

    @AfterEach
    void stop() {
        banks.close();
    }

    /** A wallet and its accounts. */
    private final class Holder {
        private final Path home;
        private String account = "";

        /** With {@code yuan} loaded from an account at bank-a that holds as much. */
        Holder(String name, long yuan) throws IOException, InterruptedException {
            home = Files.createDirectories(folder.resolve(name));
            must("create", "--trust", banks.trust().toString());
            assertThat(join("bank-a", yuan * 100).exit()).isZero();
            must("load", Long.toString(yuan));
        }

        private Holder(Path home) {
            this.home = home;
        }

        /** A copy of everything, the mark included. */
        Holder copy() throws IOException {
            Path copy = home.resolveSibling(home.getFileName() + "-copy");
            Device.copyTree(home, copy);
            return new Holder(copy);
        }

        Result run(String crashAt, String... args) throws IOException, InterruptedException {
            Map<String, String> environment = new HashMap<>(Map.of(
                    "JIAOZI_WALLET",
                    home.resolve("wallet").toString(),
                    "JIAOZI_MARK_DIR",
                    home.resolve("mark").toString(),
                    "JIAOZI_PIN",
                    "246810",
                    "JIAOZI_ARGON2",
                    "cheap"));
            if (!crashAt.isEmpty()) {
                environment.put("JIAOZI_CRASH_AT", crashAt);
            }
            List<String> words = new ArrayList<>(List.of("wallet"));
            words.addAll(List.of(args));
            words.add("--json");
            return jiaozi.start(List.of(), environment, words).finish();
        }

        JsonNode must(String... args) throws IOException, InterruptedException {
            Result result = run("", args);
            assertThat(result.exit())
                    .as("%s: %s %s", String.join(" ", args), result.json(), result.error())
                    .isZero();
            return result.json();
        }

        /** Opens an account and enrols there. */
        Result join(String code, long balance) throws IOException, InterruptedException {
            JsonNode opened = banks.operator(
                    code,
                    "/accounts",
                    Map.of(
                            "holder",
                            home.getFileName().toString(),
                            "tier",
                            1,
                            "openingBalance",
                            balance,
                            "reference",
                            home.getFileName().toString()));
            Result joined = run(
                    "",
                    "enroll",
                    "--institution",
                    banks.url(code),
                    "--code",
                    opened.path("code").asText());
            if (joined.ok()) {
                account = joined.json().path("account").asText();
            }
            return joined;
        }

        /** Is killed at a durable step of depositing. */
        Holder deposits(String yuan, String crashAt) throws IOException, InterruptedException {
            assertThat(run(crashAt, "deposit", yuan).exit()).isEqualTo(KILLED);
            return this;
        }
    }

    @Test
    void everyDepositUnderWayIsPaidElsewhereAndOnlyOnce() throws Exception {
        Holder unseen = new Holder("unseen", 100).deposits("70", "DEPOSIT_AFTER_MARK");
        Holder credited = new Holder("credited", 80).deposits("all", "DEPOSIT_SENT");
        Holder refused = new Holder("refused", 60);
        banks.operator("bank-a", "/accounts/" + refused.account + "/block", Map.of());
        refused.deposits("all", "DEPOSIT_SENT");
        Holder copy = unseen.copy();
        String accountAtA = credited.account;
        assertThat(banks.balance("bank-a", accountAtA)).isEqualTo(8000);
        banks.stop("bank-a");

        // nobody said yet that it is gone: the deposit waits, and the wallet stays where it is
        assertThat(unseen.run("", "sync").refused()).isEqualTo(801);
        assertThat(unseen.join("bank-b", 0).refused()).isEqualTo(608);

        banks.declare("bank-a", true, "bank-b");
        for (Holder holder : List.of(unseen, credited, refused)) {
            Result there = holder.join("bank-b", 0);
            assertThat(there.exit()).as(there.error()).isZero();
            assertThat(there.json().path("institutionCode").asText()).isEqualTo("bank-b");
        }

        // what bank-a never saw, and what the purse still held
        JsonNode paid = unseen.must("deposit", "all");
        assertThat(paid.path("credited").asLong()).isEqualTo(10_000);
        assertThat(paid.path("refusals")).isEmpty();
        assertThat(unseen.must("deposit", "all").path("credited").asLong()).isZero();
        assertThat(banks.balance("bank-b", unseen.account)).isEqualTo(10_000);

        // what was settled for bank-a: its books say whether it reached an account, so a person looks
        JsonNode held = credited.must("deposit", "all");
        assertThat(held.path("credited").asLong()).isZero();
        assertThat(held.path("withheld").asLong()).isEqualTo(8000);
        banks.central
                .admin()
                .release(Hash.fromHex(banks.central
                        .admin()
                        .withheld()
                        .getFirst()
                        .get("deposit")
                        .toString()));
        TwoBanks.await("the release reaches the account", () -> banks.balance("bank-b", credited.account) == 8000);

        // what bank-a had refused, with a note that never arrived: the note is handed on, and deposited
        JsonNode note = refused.must("deposit", "all");
        assertThat(note.path("credited").asLong()).isEqualTo(6000);
        assertThat(banks.balance("bank-b", refused.account)).isEqualTo(6000);
        audited();

        banks.declare("bank-a", false, "bank-b");
        banks.start("bank-a");
        // the account that had been credited there owes it, and pays
        TwoBanks.await("bank-a takes back what it credited", () -> banks.balance("bank-a", accountAtA) == 0);
        // a wallet that stayed is told so, and nothing is paid twice
        Result again = copy.run("", "renew");
        assertThat(again.json().path("refusals").findValuesAsText("number")).containsExactly("719");
        assertThat(again.json().path("credited").asLong()).isZero();
        banks.central.admin().net();
        audited();
    }

    private void audited() throws SQLException, IOException {
        Map<String, Object> report = banks.audit();
        assertThat(report).containsEntry("breaches", List.of()).containsEntry("ok", true);
        assertThat(String.valueOf(report.get("supply"))).contains("withheld=0");
    }
}
