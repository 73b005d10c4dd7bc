package org.jiaozi.lab.demo;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
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

    private Holder holder(String name, long yuan) throws IOException, InterruptedException {
        return Holder.loaded(banks, jiaozi, folder.resolve(name), yuan);
    }

    @Test
    void everyDepositUnderWayIsPaidElsewhereAndOnlyOnce() throws Exception {
        Holder unseen = holder("unseen", 100).deposits("70", "DEPOSIT_AFTER_MARK");
        Holder credited = holder("credited", 80).deposits("all", "DEPOSIT_SENT");
        Holder refused = holder("refused", 60);
        banks.operator("bank-a", "/accounts/" + refused.account + "/block", Map.of());
        refused.deposits("all", "DEPOSIT_SENT");
        Holder copy = unseen.copy();
        String accountAtA = credited.account;
        assertThat(banks.balance("bank-a", accountAtA)).isEqualTo(8000);
        banks.stop("bank-a");

        // nobody said yet that it is gone: the deposit waits, and the wallet stays where it is
        assertThat(unseen.run("sync").refused()).isEqualTo(801);
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
        Result again = copy.run("renew");
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
