package org.jiaozi.lab.demo;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jiaozi.lab.demo.Jiaozi.Result;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A wallet remits to an account that does not exist at another institution: real servers, a real database, the auditor. */
final class ReturnedRemittanceTest {
    @TempDir
    private Path folder;

    private Result wallet(Jiaozi jiaozi, Path home, String... args) throws Exception {
        List<String> words = new ArrayList<>(List.of("wallet"));
        words.addAll(List.of(args));
        words.add("--json");
        Map<String, String> environment = Map.of(
                "JIAOZI_WALLET",
                home.resolve("wallet").toString(),
                "JIAOZI_MARK_DIR",
                home.resolve("mark").toString(),
                "JIAOZI_PIN",
                "246810",
                "JIAOZI_ARGON2",
                "cheap");
        return jiaozi.start(List.of(), environment, words).finish();
    }

    @Test
    void theMoneyIsBackAndTheAuditorHasNothingToSay() throws Exception {
        try (TwoBanks banks = new TwoBanks(folder)) {
            Jiaozi jiaozi = new Jiaozi(folder.resolve("logs"));
            Path home = Files.createDirectories(folder.resolve("alice"));
            JsonNode opened = banks.operator(
                    "bank-a",
                    "/accounts",
                    Map.of("holder", "Alice", "tier", 1, "openingBalance", 100_00, "reference", "alice"));
            String account = opened.path("account").asText();
            assertThat(wallet(jiaozi, home, "create", "--trust", banks.trust().toString())
                            .exit())
                    .isZero();
            String code = opened.path("code").asText();
            assertThat(wallet(jiaozi, home, "enroll", "--institution", banks.url("bank-a"), "--code", code)
                            .exit())
                    .isZero();
            Result nobody = wallet(jiaozi, home, "remit", "30", "--to", "bank-b:nobody", "--reference", "rent");
            assertThat(nobody.exit()).as(nobody.error()).isZero();
            assertThat(nobody.json().path("balance").asLong()).isEqualTo(70_00);
            TwoBanks.await("the money is back", () -> banks.balance("bank-a", account) == 100_00);
            Result here = wallet(jiaozi, home, "remit", "30", "--to", "bank-a:nobody");
            assertThat(here.refused()).isEqualTo(705);
            assertThat(banks.balance("bank-a", account)).isEqualTo(100_00);
            TwoBanks.await("nothing is in suspense", () -> banks.audited("suspense.bank-b") == 0);
            banks.central.admin().net();
            Map<String, Object> report = banks.audit();
            assertThat(report).containsEntry("breaches", List.of()).containsEntry("ok", true);
            assertThat(banks.audited("remittances")).isEqualTo(1);
        }
    }
}
