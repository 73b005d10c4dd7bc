package org.jiaozi.server.central;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jiaozi.core.lineage.Lineage;
import org.jiaozi.core.message.BankAnswer;
import org.jiaozi.core.message.BankMessage;
import org.jiaozi.core.message.BankRequest;
import org.jiaozi.core.message.OwnerChange;
import org.jiaozi.core.message.RegistryAnswer.Settlement;
import org.jiaozi.core.statement.Signed;
import org.jiaozi.core.statement.SliceRef;
import org.jiaozi.core.value.Range;
import org.jiaozi.server.TestCluster;
import org.jiaozi.server.central.Actors.Purse;
import org.jiaozi.server.central.CentralCrash.Act;
import org.jiaozi.server.http.HttpReply;
import org.jiaozi.server.http.Unreachable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A central bank that dies by SIGKILL before deposits with a fork in them are committed, and again after the commit and before
 * the answer leaves. The same message, and the same request in another one, then get the identical answer, and the record is
 * what one change makes of it.
 */
final class KilledCentralBankTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    private static CentralProcess central;
    private static Ledger ledger;
    private static ProcessMember a;

    private static Purse purse() {
        return new Purse(a.key, a.signer, central.now());
    }

    @BeforeAll
    static void start(@TempDir Path folder) throws IOException, Unreachable {
        String database = TestCluster.freshDatabase();
        central = CentralProcess.start(folder.resolve("central"), database, Act.CHANGE_OWNERS + "_BEFORE_COMMIT");
        ledger = new Ledger(database);
        a = new ProcessMember(central, folder.resolve("central"), "bank-a");
        operate("/quota", Map.of("institution", "bank-a", "number", 1, "currency", "CNY", "limit", 100_000));
        operate("/reserve", Map.of("institution", "bank-a", "currency", "CNY", "amount", 50_000, "reference", "first"));
    }

    @AfterAll
    static void stop() {
        a.close();
        central.close();
    }

    private static void operate(String path, Map<String, ?> body) throws IOException, Unreachable {
        HttpReply reply = central.operate(path, JSON.writeValueAsString(body));
        assertThat(reply.refusal()).isEmpty();
    }

    @Test
    void aChangeIsMadeOnce() throws IOException, Unreachable {
        BankRequest request = deposits();
        Signed<BankMessage> message = a.message(request);
        long epoch = a.bulletin().epoch();
        SortedMap<String, Long> before = ledger.contents();
        diesAsked(message);
        central.dyingAt(Act.CHANGE_OWNERS + "_AFTER_COMMIT");
        assertThat(ledger.contents()).as("nothing of it").isEqualTo(before);

        diesAsked(message);
        SortedMap<String, Long> once = ledger.contents();
        assertThat(once).as("all of it").isNotEqualTo(before);
        assertThat(ledger.breaches()).isEmpty();

        central.dyingAt("");
        assertThat(a.post(message)).isEqualTo(a.post(message));
        BankAnswer answer = ProcessMember.read(a.post(message));
        check(answer, epoch);
        assertThat(ledger.contents()).isEqualTo(once);
        // the institution was killed, too, and asks anew
        assertThat(settled(a.ask(request))).isEqualTo(settled(answer));
        SortedMap<String, Long> twice = new TreeMap<>(once);
        twice.merge("answered", 1L, Long::sum);
        assertThat(ledger.contents()).isEqualTo(twice);
        assertThat(ledger.breaches()).isEmpty();
    }

    private static void diesAsked(Signed<BankMessage> message) {
        assertThatThrownBy(() -> a.post(message)).isInstanceOf(Unreachable.class);
        central.dies();
    }

    /** An answer without the time at which it was given. */
    private static Object settled(BankAnswer answer) {
        return answer instanceof BankAnswer.OwnersChanged changed
                ? changed.answer().statement().settlements()
                : answer;
    }

    private static void check(BankAnswer answer, long epoch) throws IOException, Unreachable {
        assertThat(((BankAnswer.OwnersChanged) answer).answer().statement().settlements())
                .extracting(KilledCentralBankTest::kinds)
                .containsExactly(
                        List.of("REDEEMED [0,300)"),
                        List.of("MADE_WHOLE [200,300)", "REDEEMED [300,400)"),
                        List.of("REDEEMED [0,50)"));
        // with its revocation, once
        assertThat(a.bulletin().epoch()).isEqualTo(epoch + 1);
        assertThat(a.bulletin().revoked()).hasSize(1);
    }

    private static List<String> kinds(Settlement settlement) {
        assertThat(settlement.refusals()).isEmpty();
        return settlement.outcomes().stream()
                .map(o -> o.kind() + " " + o.range())
                .toList();
    }

    /** A batch with a fork in it. */
    private static BankRequest deposits() {
        Purse cheat = purse();
        Purse first = purse();
        Purse second = purse();
        Purse third = purse();
        Lineage note = a.load(cheat, 1000);
        return new BankRequest.ChangeOwners(List.of(
                change(deposited(first, paid(cheat, note, first, new Range(0, 300)), new Range(0, 300))),
                change(deposited(second, paid(cheat, note, second, new Range(200, 400)), new Range(200, 400))),
                change(deposited(third, a.load(third, 100), new Range(0, 50)))));
    }

    private static OwnerChange change(Lineage deposit) {
        return new OwnerChange(Actors.packed(deposit), false);
    }

    private static Lineage paid(Purse payer, Lineage note, Purse payee, Range range) {
        return payer.pay(note, new SliceRef(note.notes().getFirst().hash(), 0), payee.key(), central.now(), range);
    }

    private static Lineage deposited(Purse holder, Lineage held, Range range) {
        SliceRef source =
                held.links().isEmpty() ? new SliceRef(held.notes().getFirst().hash(), 0) : Actors.head(held);
        return holder.pay(held, source, a.signer.publicKey().thumbprint(), central.now(), range);
    }
}
