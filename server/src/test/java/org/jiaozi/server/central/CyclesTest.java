package org.jiaozi.server.central;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jiaozi.bank.registry.RegistryView.Flow;
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
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Netting cycles: what is summed before one closes, and what operators see of those that closed. */
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

    private <T> T looking(java.util.function.Function<Handle, T> look) {
        return Jdbi.create(database).withHandle(look::apply);
    }

    /** Every posting since the last cycle, one by one. */
    private Map<String, Long> oneByOne() {
        Map<String, Long> sums = new TreeMap<>();
        looking(handle -> handle.createQuery("SELECT debit || ' ' || credit AS way, amount FROM posting WHERE"
                        + " reason <> 'netting' AND id > (SELECT coalesce(max(to_posting), 0) FROM netting_cycle)")
                .map((row, context) -> sums.merge(row.getString("way"), row.getLong("amount"), Long::sum))
                .list());
        return sums;
    }

    private Map<String, Long> summed(Flows ahead) {
        List<Flow> flows = looking(ahead::since);
        Map<String, Long> sums = new TreeMap<>();
        flows.forEach(f -> assertThat(sums.put(f.debit() + " " + f.credit(), f.amount()))
                .as("%s twice", f)
                .isNull());
        return sums;
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 3, 4, Flows.PIECE})
    void whatIsSummedAheadInPiecesIsWhatThePostingsSay(long piece) {
        day(300, 70);
        server.admin().net();
        for (int i = 1; i < 4; i++) {
            day(100 + i, i);
        }
        Flows ahead = server.admin().ahead(piece);
        assertThat(ahead.sums()).isNotEmpty();
        assertThat(ahead.upTo())
                .isEqualTo(looking(h -> h.createQuery("SELECT max(id) FROM posting")
                        .mapTo(Long.class)
                        .one()));
        assertThat(summed(ahead)).isEqualTo(oneByOne()).hasSize(3);
        // what comes between summing and closing is taken in
        day(500, 9);
        assertThat(summed(ahead)).isEqualTo(oneByOne()).containsEntry("float:1 clearing:2", 806L);
        assertThat(server.admin().net(ahead)).contains(2L);
        assertThat(balance("clearing:1")).isZero();
        assertThat(balance("clearing:2")).isZero();
        assertThat(oneByOne()).isEmpty();
    }

    @Test
    void whatAnotherCycleTookInIsNotTakenInAgain() {
        day(300, 70);
        Flows ahead = server.admin().ahead(1);
        assertThat(ahead.sums()).isNotEmpty();
        assertThat(server.admin().net()).contains(1L);
        assertThat(server.admin().net(ahead)).isEmpty();
        day(200, 10);
        assertThat(server.admin().net(ahead)).contains(2L);
        assertThat(balance("clearing:2")).isZero();
        assertThat(balance("reserve:2")).isEqualTo(50_000 + 300 - 70 + 200 - 10);
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
