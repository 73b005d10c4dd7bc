package org.jiaozi.server.central;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.URI;
import java.time.Duration;
import java.util.Optional;
import org.jiaozi.core.lineage.Lineage;
import org.jiaozi.core.message.BankRequest;
import org.jiaozi.core.refusal.RefusalCode;
import org.jiaozi.core.statement.Note;
import org.jiaozi.core.statement.Signed;
import org.jiaozi.core.statement.SliceRef;
import org.jiaozi.core.value.Amount;
import org.jiaozi.core.value.Range;
import org.jiaozi.server.central.Actors.Purse;
import org.jiaozi.server.http.HttpCaller;
import org.jiaozi.server.http.HttpReply;
import org.jiaozi.server.http.MediaType;
import org.jiaozi.server.tls.TlsIdentity;
import org.junit.jupiter.api.Test;

/** Netting cycles: what operators see of those that closed. */
final class CyclesTest extends CentralServerFixture {
    /** A note of {@code a} deposited at {@code b}, and money that {@code b} remits. */
    private void day(long paid, long remitted) {
        Purse payer = purse(a);
        Purse payee = purse(b);
        Signed<Note> note = a.load(payer, 1000);
        SliceRef whole = new SliceRef(note.hash(), 0);
        Lineage payment = payer.pay(Lineage.of(note), whole, payee.key(), seconds(), new Range(0, paid));
        b.deposit(payee.pay(
                payment, Actors.head(payment), b.signer.publicKey().thumbprint(), seconds(), new Range(0, paid)));
        b.ask(new BankRequest.RemitAcross(
                a.key.institution(), "1001", new Amount(remitted), CNY, "rent", Actors.nonce()));
    }

    @Test
    void operatorsSeeWhatACycleTookIn() throws Exception {
        try (HttpCaller operator = HttpCaller.create(
                Optional.of(TlsIdentity.load(server.operatorFolder()).context()), Duration.ofSeconds(30))) {
            assertThat(JSON.readTree(get(operator, "").body())).isEmpty();
            day(300, 70);
            server.admin().net();
            now = now.plusSeconds(3600);
            day(200, 10);
            server.admin().net();

            JsonNode cycles = JSON.readTree(get(operator, "").body());
            assertThat(cycles.findValuesAsText("cycle")).containsExactly("2", "1");
            assertThat(cycles.path(0).path("afterPosting"))
                    .isEqualTo(cycles.path(1).path("toPosting"));
            assertThat(cycles.path(1).path("afterPosting").asLong()).isZero();
            assertThat(cycles.path(0).path("closedAt").asLong())
                    .isEqualTo(START.plusSeconds(3600).getEpochSecond());

            JsonNode first = JSON.readTree(get(operator, "/1").body());
            assertThat(first.path("toPosting")).isEqualTo(cycles.path(1).path("toPosting"));
            assertThat(first.path("closedAt").asLong()).isEqualTo(START.getEpochSecond());
            assertThat(first.path("positions").toString())
                    .isEqualTo("[{\"institution\":\"bank-a\",\"currency\":\"CNY\",\"grossIn\":70,\"grossOut\":0,"
                            + "\"floatRedeemed\":300,\"net\":70},{\"institution\":\"bank-b\",\"currency\":\"CNY\","
                            + "\"grossIn\":300,\"grossOut\":70,\"floatRedeemed\":0,\"net\":230}]");

            assertThat(get(operator, "/3").refusal().orElseThrow().code()).isEqualTo(RefusalCode.OUT_OF_RANGE);
            assertThat(get(operator, "/one").refusal().orElseThrow().code()).isEqualTo(RefusalCode.MALFORMED);
        }
    }

    private HttpReply get(HttpCaller operator, String which) throws Exception {
        return operator.get(URI.create(server.address() + "/v1/operator/cycles" + which), MediaType.JSON);
    }
}
