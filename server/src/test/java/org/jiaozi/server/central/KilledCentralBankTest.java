package org.jiaozi.server.central;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jiaozi.core.crypto.Signer;
import org.jiaozi.core.lineage.Lineage;
import org.jiaozi.core.message.BankAnswer;
import org.jiaozi.core.message.BankMessage;
import org.jiaozi.core.message.BankRequest;
import org.jiaozi.core.message.BoundKey;
import org.jiaozi.core.message.Claim;
import org.jiaozi.core.message.KeyProof;
import org.jiaozi.core.message.OwnerChange;
import org.jiaozi.core.message.RegistryAnswer.Settlement;
import org.jiaozi.core.statement.NonReceipt;
import org.jiaozi.core.statement.Signed;
import org.jiaozi.core.statement.SliceRef;
import org.jiaozi.core.value.Amount;
import org.jiaozi.core.value.Nonce;
import org.jiaozi.core.value.Range;
import org.jiaozi.core.value.Timestamp;
import org.jiaozi.server.TestCluster;
import org.jiaozi.server.central.Actors.Purse;
import org.jiaozi.server.central.CentralCrash.Act;
import org.jiaozi.server.http.HttpReply;
import org.jiaozi.server.http.Unreachable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

/**
 * A central bank that dies by SIGKILL before a change is committed, and again after the commit and before the answer
 * leaves. The same message, and the same request in another one, then get the identical answer, and the record is what one
 * change makes of it.
 */
final class KilledCentralBankTest {
    /** In this order: what prepares one is not killed by the one before, and the last lets time go by. */
    @SuppressWarnings("UnusedVariable") // the test's source
    private static final List<Act> ACTS =
            List.of(Act.REGISTER_NOTE, Act.CHANGE_OWNERS, Act.REFUND, Act.NETTING, Act.BULLETIN, Act.REGISTER_CLAIM);

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final long DAY = 86_400;

    private static CentralProcess central;
    private static Ledger ledger;
    private static ProcessMember a;
    private static ProcessMember b;

    private static Purse purse(ProcessMember member) {
        return new Purse(member.key, member.signer, central.now());
    }

    @BeforeAll
    static void start(@TempDir Path folder) throws IOException, Unreachable {
        String database = TestCluster.freshDatabase();
        central = CentralProcess.start(folder.resolve("central"), database, ACTS.getFirst() + "_BEFORE_COMMIT");
        ledger = new Ledger(database);
        a = new ProcessMember(central, folder.resolve("central"), "bank-a");
        b = new ProcessMember(central, folder.resolve("central"), "bank-b");
        for (String code : List.of("bank-a", "bank-b")) {
            operate("/quota", Map.of("institution", code, "number", 1, "currency", "CNY", "limit", 100_000));
            operate(
                    "/reserve",
                    Map.of("institution", code, "currency", "CNY", "amount", 50_000, "reference", "first-" + code));
        }
    }

    @AfterAll
    static void stop() {
        a.close();
        b.close();
        central.close();
    }

    private static byte[] operate(String path, Map<String, ?> body) throws IOException, Unreachable {
        HttpReply reply = central.operate(path, JSON.writeValueAsString(body));
        assertThat(reply.refusal()).isEmpty();
        return reply.body();
    }

    /** What is asked. */
    private interface Question {
        byte[] ask() throws IOException, Unreachable;
    }

    @ParameterizedTest
    @FieldSource("ACTS")
    void aChangeIsMadeOnce(Act act) throws IOException, Unreachable {
        BankRequest request = prepared(act);
        Signed<BankMessage> message = a.message(request);
        Question question = switch (act) {
            case NETTING -> () -> operate("/netting", Map.of());
            case BULLETIN -> () -> operate("/bulletin", Map.of());
            default -> () -> a.post(message);
        };
        central.dyingAt(act + "_BEFORE_COMMIT");
        long epoch = a.bulletin().epoch();
        SortedMap<String, Long> before = ledger.contents();
        diesAsked(question);
        assertThat(ledger.contents()).as("nothing of it").isEqualTo(before);

        central.dyingAt(act + "_AFTER_COMMIT");
        diesAsked(question);
        SortedMap<String, Long> once = ledger.contents();
        assertThat(once).as("all of it").isNotEqualTo(before);
        assertThat(ledger.breaches()).isEmpty();

        central.dyingAt(following(act));
        switch (act) {
            case NETTING -> {
                assertThat(JSON.readTree(question.ask()).path("cycle").isNull()).isTrue();
                assertThat(once.get("netting_cycle")).isEqualTo(1);
                assertThat(once.get("clearing:1")).isZero();
                assertThat(ledger.contents()).isEqualTo(once);
            }
            case BULLETIN -> {
                assertThat(a.bulletin().epoch()).isEqualTo(epoch + 1);
                assertThat(JSON.readTree(question.ask()).path("epoch").asLong()).isEqualTo(epoch + 2);
            }
            default -> {
                assertThat(question.ask()).isEqualTo(question.ask());
                BankAnswer answer = ProcessMember.read(question.ask());
                check(answer, epoch);
                assertThat(ledger.contents()).isEqualTo(once);
                // the institution was killed, too, and asks anew
                assertThat(settled(a.ask(request))).isEqualTo(settled(answer));
                SortedMap<String, Long> twice = new TreeMap<>(once);
                twice.merge("answered", 1L, Long::sum);
                assertThat(ledger.contents()).isEqualTo(twice);
            }
        }
        assertThat(ledger.breaches()).isEmpty();
    }

    /** What the central bank dies at next, so that one start serves two changes. */
    private static String following(Act act) {
        int next = ACTS.indexOf(act) + 1;
        return next == ACTS.size() ? "" : ACTS.get(next) + "_BEFORE_COMMIT";
    }

    private static void diesAsked(Question question) {
        assertThatThrownBy(question::ask).isInstanceOf(Unreachable.class);
        central.dies();
    }

    /** An answer without the time at which it was given. */
    private static Object settled(BankAnswer answer) {
        return answer instanceof BankAnswer.OwnersChanged changed
                ? changed.answer().statement().settlements()
                : answer;
    }

    private static void check(BankAnswer answer, long epoch) throws IOException, Unreachable {
        switch (answer) {
            case BankAnswer.Registered _ -> {}
            case BankAnswer.OwnersChanged changed -> {
                assertThat(changed.answer().statement().settlements())
                        .extracting(KilledCentralBankTest::kinds)
                        .containsExactly(
                                List.of("REDEEMED [0,300)"),
                                List.of("MADE_WHOLE [200,300)", "REDEEMED [300,400)"),
                                List.of("REDEEMED [0,50)"));
                // with its revocation, once
                assertThat(a.bulletin().epoch()).isEqualTo(epoch + 1);
                assertThat(a.bulletin().revoked()).hasSize(1);
            }
            case BankAnswer.Refunded refunded -> assertThat(refunded.amount()).isEqualTo(new Amount(700));
            case BankAnswer.ClaimRegistered claimed ->
                assertThat(claimed.returned()).isEqualTo(new Amount(800));
            default -> throw new AssertionError(answer);
        }
    }

    private static List<String> kinds(Settlement settlement) {
        assertThat(settlement.refusals()).isEmpty();
        return settlement.outcomes().stream()
                .map(o -> o.kind() + " " + o.range())
                .toList();
    }

    /** What is asked, with what has to be there before. */
    private static BankRequest prepared(Act act) {
        return switch (act) {
            case REGISTER_NOTE ->
                new BankRequest.RegisterNote(Actors.note(
                        a.key,
                        a.signer,
                        purse(a),
                        500,
                        new Timestamp(central.now().seconds() + DAY)));
            case CHANGE_OWNERS -> deposits();
            case REFUND -> {
                Purse payer = purse(a);
                Purse payee = purse(b);
                Lineage paid = paid(payer, a.load(payer, 1000), payee, new Range(0, 700));
                yield new BankRequest.Refund(
                        Actors.packed(paid),
                        Signed.by(
                                payee.signer,
                                new NonReceipt(
                                        paid.head().transfer().statement().nonce(), Optional.empty())),
                        payee.certificate);
            }
            case NETTING -> {
                Purse holder = purse(a);
                BankRequest deposit = new BankRequest.ChangeOwners(
                        List.of(change(deposited(holder, a.load(holder, 100), new Range(0, 60)))));
                assertThat(a.ask(deposit)).isInstanceOf(BankAnswer.OwnersChanged.class);
                yield deposit;
            }
            case BULLETIN -> new BankRequest.Revoke(List.of(), "");
            case REGISTER_CLAIM -> {
                Purse lost = purse(a);
                a.load(lost, 800);
                central.later(CentralServerFixture.profile().grace().seconds() + 2 * DAY);
                Signer account = Actors.signer();
                Nonce id = Actors.nonce();
                yield new BankRequest.RegisterClaim(
                        List.of(new BoundKey(KeyProof.by(lost.signer, a.key.institution(), id), id)),
                        Signed.by(account, Claim.of(account.publicKey(), a.key.institution(), "1001", central.now())),
                        account.publicKey());
            }
            default -> throw new AssertionError(act);
        };
    }

    /** A batch with a fork in it. */
    private static BankRequest deposits() {
        Purse cheat = purse(a);
        Purse first = purse(a);
        Purse second = purse(a);
        Purse third = purse(a);
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
