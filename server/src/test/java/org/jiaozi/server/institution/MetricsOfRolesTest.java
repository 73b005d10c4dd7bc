package org.jiaozi.server.institution;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.jiaozi.core.lineage.Lineage;
import org.jiaozi.core.message.WalletRequest;
import org.jiaozi.core.refusal.Refusal;
import org.jiaozi.core.refusal.RefusalCode;
import org.jiaozi.core.value.Amount;
import org.jiaozi.core.value.Range;
import org.jiaozi.server.http.HttpCaller;
import org.jiaozi.server.http.HttpReply;
import org.jiaozi.server.http.MediaType;
import org.jiaozi.server.tls.TlsIdentity;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the two roles count of the money that goes through them, and who may see it. */
final class MetricsOfRolesTest {
    @Test
    void aDepositIsCountedOnceWhereItIsDecided(@TempDir Path folder) throws Exception {
        try (World world = World.running(folder);
                HttpCaller monitor = HttpCaller.create(
                        Optional.of(
                                TlsIdentity.load(world.central.operatorFolder().resolveSibling("monitor"))
                                        .context()),
                        Duration.ofSeconds(30))) {
            TestWallet alice = TestWallet.enrolled(world, "bank-a", 10_000);
            TestWallet bob = TestWallet.enrolled(world, "bank-b", 0);
            Lineage note = alice.load(6000);
            Lineage paid = alice.pay(
                    note, TestWallet.noteOutput(note), new Range(0, 2500), bob.thumbprint(), TestWallet.nonce());
            Lineage deposit = bob.depositing(paid, TestWallet.headOutput(paid), new Range(0, 2500));
            assertThat(bob.deposit(deposit)).isEqualTo(bob.deposit(deposit));
            assertThat(TestWallet.refused(bob.ask(new WalletRequest.Load(
                            new Amount(1_000_000), World.CNY, bob.thumbprint(), TestWallet.nonce()))))
                    .isEqualTo(RefusalCode.INSUFFICIENT_BALANCE);

            HttpReply seen = monitor.get(URI.create(world.central.address() + "/metrics"), MediaType.JSON);
            assertThat(text(seen).lines())
                    .contains(
                            "jiaozi_deposit_slices_total{outcome=\"redeemed\"} 1.0",
                            "jiaozi_deposit_slices_total{outcome=\"refused\"} 0.0")
                    .anyMatch(line -> line.startsWith("hikaricp_connections_active{"))
                    .anyMatch(line -> line.matches(
                            "jiaozi_database_transaction_duration_seconds_count\\{outcome=\"committed\"} [1-9].*"))
                    .anyMatch(line -> line.startsWith("jiaozi_database_repeats_total "));
            assertThat(monitor.get(URI.create(world.central.address() + "/v1/operator/positions"), MediaType.JSON)
                            .refusal()
                            .map(Refusal::code))
                    .contains(RefusalCode.NOT_AUTHORISED);
            assertThat(text(world.get("bank-a", "/metrics", MediaType.JSON)).lines())
                    .contains("jiaozi_operations_total{kind=\"load\",outcome=\"done\"} 1.0");
            assertThat(text(world.get("bank-b", "/metrics", MediaType.JSON)).lines())
                    .contains(
                            "jiaozi_operations_total{kind=\"deposit\",outcome=\"done\"} 1.0",
                            "jiaozi_refusals_total{number=\"" + RefusalCode.INSUFFICIENT_BALANCE.number() + "\"} 1.0");
            // what the central bank's people watch with opens nothing at an institution
            assertThat(monitor.get(URI.create(world.url("bank-b") + "/metrics"), MediaType.JSON)
                            .refusal()
                            .map(Refusal::code))
                    .contains(RefusalCode.NOT_AUTHORISED);
        }
    }

    private static String text(HttpReply reply) {
        assertThat(reply.ok()).as("%s", reply.refusal()).isTrue();
        return new String(reply.body(), StandardCharsets.UTF_8);
    }
}
