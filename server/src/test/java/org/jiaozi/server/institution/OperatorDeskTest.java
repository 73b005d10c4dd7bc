package org.jiaozi.server.institution;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jiaozi.core.refusal.RefusalCode;
import org.jiaozi.core.value.Amount;
import org.jiaozi.server.StartFailure;
import org.jiaozi.server.TestCluster;
import org.jiaozi.server.http.HttpReply;
import org.jiaozi.server.http.MediaType;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What an institution's people do besides accounts, and what the central bank's people hear back. */
final class OperatorDeskTest {
    private static World world;

    @BeforeAll
    static void start(@TempDir Path folder) {
        world = World.running(folder);
    }

    @AfterAll
    static void stop() {
        world.close();
    }

    @Test
    void aRevokedKeyPaysNoMoreAndRevokingAgainChangesNothing() throws Exception {
        TestWallet alice = TestWallet.enrolled(world, "bank-a", 1000);
        String path = "/keys/" + alice.thumbprint().hex() + "/revoke";
        Map<String, String> why = Map.of("reason", "its maker was broken");
        JsonNode first = world.operator("bank-a", path, why);
        assertThat(first.required("account").asText()).isEqualTo(alice.account);
        assertThat(world.bulletin("bank-a").isRevoked(alice.thumbprint())).isTrue();
        assertThat(world.operator("bank-a", path, why)).isEqualTo(first);
        assertThat(TestWallet.refused(alice.ask(new org.jiaozi.core.message.WalletRequest.Load(
                        new Amount(1), World.CNY, alice.thumbprint(), TestWallet.nonce()))))
                .isEqualTo(RefusalCode.PURSE_REVOKED);
        // another institution certified it
        HttpReply stranger =
                world.post("bank-b", "/v1/operator" + path, MediaType.JSON, World.JSON.writeValueAsBytes(why));
        assertThat(stranger.refusal().orElseThrow().code()).isEqualTo(RefusalCode.UNKNOWN_PURSE);
    }

    @Test
    void aReferenceOpensOneAccount() throws Exception {
        long cash = world.book("bank-b", "cash");
        JsonNode first = world.open("bank-b", "customer 1", "Dora", 1, 300);
        JsonNode again = world.open("bank-b", "customer 1", "Dora", 1, 300);
        assertThat(again.required("account")).isEqualTo(first.required("account"));
        assertThat(again.required("balance").longValue()).isEqualTo(300);
        assertThat(world.book("bank-b", "cash")).isEqualTo(cash - 300);
        // the code of the answer that got lost is worth nothing
        TestWallet dora =
                TestWallet.opened(world, "bank-b", first.required("account").asText());
        assertThat(TestWallet.refused(dora.enrol(first.required("code").asText(), TestWallet.nonce())))
                .isEqualTo(RefusalCode.BAD_ENROLMENT_CODE);
        for (Map<String, Object> other : List.<Map<String, Object>>of(
                Map.of("holder", "Dora", "tier", 1, "openingBalance", 301, "reference", "customer 1"),
                Map.of("holder", "Dora", "tier", 2, "openingBalance", 300, "reference", "customer 1"),
                Map.of("holder", "Eve", "tier", 1, "openingBalance", 300, "reference", "customer 1"))) {
            assertThat(world.post(
                                    "bank-b",
                                    "/v1/operator/accounts",
                                    MediaType.JSON,
                                    World.JSON.writeValueAsBytes(other))
                            .refusal()
                            .orElseThrow()
                            .code())
                    .isEqualTo(RefusalCode.WRONG_STATE);
        }
    }

    @Test
    void theReasonOfABlockIsKept() {
        String account = world.open("bank-a", "Bob", 1, 0).required("account").asText();
        JsonNode blocked = world.operator("bank-a", "/accounts/" + account + "/block", Map.of("reason", "court order"));
        assertThat(blocked.required("block").asText()).isEqualTo("OPERATOR");
        assertThat(world.operator("bank-a", "/accounts/" + account)
                        .required("blockReason")
                        .asText())
                .isEqualTo("court order");
        JsonNode free = world.operator("bank-a", "/accounts/" + account + "/unblock", Map.of());
        assertThat(free.required("block").asText()).isEqualTo("NONE");
        assertThat(free.required("blockReason").asText()).isEmpty();
    }

    @Test
    void aQuotaSaysWhatItAllowsAndWhatIsOutstanding() throws Exception {
        TestWallet.enrolled(world, "bank-b", 5000).load(700);
        byte[] body = World.JSON.writeValueAsBytes(
                Map.of("institution", "bank-b", "currency", "CNY", "number", 1, "limit", 500));
        try (var caller = org.jiaozi.server.http.HttpCaller.create(
                Optional.of(org.jiaozi.server.tls.TlsIdentity.load(world.central.operatorFolder())
                        .context()),
                Duration.ofSeconds(30))) {
            HttpReply reply = caller.post(
                    java.net.URI.create(world.central.address() + "/v1/operator/quota"), MediaType.JSON, body);
            JsonNode quota = World.JSON.readTree(reply.body());
            assertThat(quota.required("institution").asText()).isEqualTo("bank-b");
            assertThat(quota.required("allowed").longValue()).isEqualTo(500);
            assertThat(quota.required("outstanding").longValue()).isGreaterThanOrEqualTo(700);
        }
        world.central.admin().setQuota(new org.jiaozi.core.value.InstitutionId(2), 1, World.CNY, new Amount(1_000_000));
    }

    @Test
    void anInstitutionStartsOnItsOwnDatabaseOnly() {
        InstitutionConfig own = world.config("bank-a", world.central.address(), Optional.empty());
        assertThatThrownBy(() -> InstitutionServer.start(on(own, TestCluster.freshDatabase())))
                .isInstanceOf(StartFailure.class)
                .hasMessageContaining("belong to another database");
        assertThatThrownBy(() -> InstitutionServer.start(on(own, world.database("bank-b"))))
                .isInstanceOf(StartFailure.class)
                .hasMessageContaining("belongs to other keys");
    }

    private static InstitutionConfig on(InstitutionConfig own, String database) {
        return new InstitutionConfig(
                own.code(),
                own.name(),
                own.dataDir(),
                own.quota(),
                0,
                own.centralUrl(),
                database,
                own.clock(),
                own.inboxEvery(),
                own.webhook());
    }
}
