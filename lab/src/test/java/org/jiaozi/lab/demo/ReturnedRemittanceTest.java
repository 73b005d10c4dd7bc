package org.jiaozi.lab.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jiaozi.lab.demo.Jiaozi.Result;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A wallet remits to an account that does not exist at another institution: real servers, a real database, the auditor. */
final class ReturnedRemittanceTest {
    @TempDir
    private Path folder;

    @Test
    void theMoneyIsBackAndTheAuditorHasNothingToSay() throws Exception {
        try (TwoBanks banks = new TwoBanks(folder)) {
            Jiaozi jiaozi = new Jiaozi(folder.resolve("logs"));
            Holder alice = new Holder(banks, jiaozi, folder.resolve("alice"));
            alice.must("create", "--trust", banks.trust().toString());
            assertThat(alice.join("bank-a", 100_00).exit()).isZero();
            String account = alice.account;
            assertThat(alice.must("remit", "30", "--to", "bank-b:nobody", "--reference", "rent")
                            .path("balance")
                            .asLong())
                    .isEqualTo(70_00);
            TwoBanks.await("the money is back", () -> banks.balance("bank-a", account) == 100_00);
            Result here = alice.run("remit", "30", "--to", "bank-a:nobody");
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
