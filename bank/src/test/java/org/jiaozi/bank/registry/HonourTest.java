package org.jiaozi.bank.registry;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import org.jiaozi.core.lineage.Lineage;
import org.jiaozi.core.lineage.LineageCodec;
import org.jiaozi.core.message.BankAnswer;
import org.jiaozi.core.message.BankRequest;
import org.jiaozi.core.message.Handover;
import org.jiaozi.core.message.InboxEvent;
import org.jiaozi.core.message.OwnerChange;
import org.jiaozi.core.refusal.RefusalCode;
import org.jiaozi.core.statement.Note;
import org.jiaozi.core.statement.Signed;
import org.jiaozi.core.value.Amount;
import org.jiaozi.core.value.Hash;
import org.jiaozi.core.value.InstitutionId;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Deposits at an institution that is gone (spec 07, clause 10): paid once, at the place their holder names. */
final class HonourTest {
    private static final InstitutionId THREE = new InstitutionId(3);
    private final Town town = new Town();

    /** {@code a} holds a note of institution 1 and signs {@code [0,300)} of it to institution 1. */
    @BeforeEach
    void aSignsADeposit() {
        town.note(Town.ONE, "a", 1000, "n");
        town.pay("d", "n", "a", "b1", 0, 300);
    }

    private void declare(boolean gone) {
        town.record.putAll(Operations.declare(town.record, Town.ONE, gone, town.now, "test"));
    }

    private Hash deposit() {
        return town.lineage("d").head().transfer().hash();
    }

    private BankAnswer honour(InstitutionId at) {
        return honour(at, "a", new Handover(at, "account", deposit(), town.now));
    }

    private BankAnswer honour(InstitutionId at, String signer, Handover handover) {
        return town.ask(
                at, new BankRequest.Honour(new OwnerChange(town.packed("d"), false), town.sign(signer, handover)));
    }

    private static List<String> told(BankAnswer answer) {
        return answer instanceof BankAnswer.Refused no
                ? List.of(no.refusal().code().name())
                : Town.told(((BankAnswer.Honoured) answer)
                        .answer()
                        .statement()
                        .settlements()
                        .getFirst());
    }

    @Test
    void itIsPaidWhereTheHolderGoesAndNowhereElseWhateverComesBack() {
        declare(true);
        assertThat(told(honour(Town.TWO))).containsExactly("0 REDEEMED [0,300)");
        assertThat(told(honour(Town.TWO))).containsExactly("0 REDEEMED [0,300)");
        assertThat(told(honour(THREE))).containsExactly("HONOURED_ELSEWHERE");
        assertThat(town.balance("float:1")).isEqualTo(700);
        assertThat(town.balance("clearing:2")).isEqualTo(300);
        declare(false);
        assertThat(Town.told(town.deposit(Town.ONE, "d"))).containsExactly("HONOURED_ELSEWHERE");
        assertThat(told(honour(Town.TWO))).containsExactly("0 REDEEMED [0,300)");
        assertThat(town.balance("clearing:1")).isZero();
        assertThat(town.balance("clearing:2")).isEqualTo(300);
        assertThat(town.inbox(Town.ONE)).isEmpty();
        assertThat(Operations.release(town.record, deposit())).isEmpty();
    }

    /** One that is back can no longer refuse to give up what nobody settled: the holder has left. */
    @Test
    void aHolderWhoLeftIsPaidAlsoAfterTheInstitutionIsBack() {
        declare(true);
        declare(false);
        assertThat(told(honour(Town.TWO))).containsExactly("0 REDEEMED [0,300)");
    }

    /** Signer, whether the handover names the right deposit and the caller, whether institution 1 is gone; the answer. */
    @ParameterizedTest
    @CsvSource({
        "a,  true,  2, true,  0 REDEEMED [0;300)",
        "a,  true,  2, false, WRONG_INSTITUTION",
        "c,  true,  2, true,  BAD_SIGNATURE",
        "b1, true,  2, true,  BAD_SIGNATURE",
        "a,  false, 2, true,  WRONG_REQUEST",
        "a,  true,  3, true,  WRONG_INSTITUTION",
    })
    void onlyOnTheDepositorsWord(String signer, boolean thisOne, int named, boolean gone, String answer) {
        if (gone) {
            declare(true);
        }
        Hash of = thisOne ? deposit() : town.lineage("n").notes().getFirst().hash();
        Handover word = new Handover(new InstitutionId(named), "account", of, town.now);
        assertThat(told(honour(Town.TWO, signer, word))).containsExactly(answer.replace(';', ','));
        assertThat(town.balance("clearing:2")).isEqualTo(answer.startsWith("0") ? 300 : 0);
    }

    @Test
    void anInstitutionDoesNotTakeOverWhatItWasGivenItself() {
        town.pay("d", "n", "a", "b2", 300, 400);
        declare(true);
        assertThat(told(honour(Town.TWO))).containsExactly("WRONG_INSTITUTION");
    }

    @Test
    void whoIsGoneIsNotHeardUntilItIsBackButMayReadItsEvents() {
        declare(true);
        assertThat(town.ask(Town.ONE, new BankRequest.ChangeOwners(List.of(new OwnerChange(town.packed("d"), false)))))
                .isInstanceOf(BankAnswer.Refused.class);
        assertThat(town.ask(Town.ONE, new BankRequest.RegisterNote(town.unregistered(Town.ONE, "c", 5, "m"))))
                .isInstanceOfSatisfying(
                        BankAnswer.Refused.class,
                        no -> assertThat(no.refusal().code()).isEqualTo(RefusalCode.INSTITUTION_GONE));
        assertThat(town.ask(Town.ONE, new BankRequest.ReadInbox(0))).isInstanceOf(BankAnswer.Inbox.class);
        assertThat(town.balance("clearing:1")).isZero();
        declare(false);
        assertThat(Town.told(town.deposit(Town.ONE, "d"))).containsExactly("0 REDEEMED [0,300)");
    }

    @Test
    void theSameWordTwiceIsSaidOnce() {
        declare(true);
        assertThat(Operations.declare(town.record, Town.ONE, true, town.now, "again"))
                .isEmpty();
        declare(false);
        assertThat(Operations.declare(town.record, Town.ONE, false, town.now, "again"))
                .isEmpty();
    }

    /** Whether it reached an account only the books of the one that is gone say: a person looks before value moves. */
    @Test
    void whatWasSettledForItBeforeWaitsForAPersonAndMovesOnce() {
        town.deposit(Town.ONE, "d");
        declare(true);
        assertThat(told(honour(Town.TWO))).containsExactly("0 WITHHELD [0,300) 712");
        assertThat(told(honour(Town.TWO))).containsExactly("0 WITHHELD [0,300) 712");
        assertThat(told(honour(THREE))).containsExactly("HONOURED_ELSEWHERE");
        assertThat(town.balance("clearing:1")).isEqualTo(300);
        assertThat(town.balance("clearing:2")).isZero();
        town.record.putAll(Operations.release(town.record, deposit()));
        assertThat(Operations.release(town.record, deposit())).isEmpty();
        assertThat(town.balance("clearing:1")).isZero();
        assertThat(town.balance("clearing:2")).isEqualTo(300);
        assertThat(town.inbox(Town.TWO)).containsExactly(new InboxEvent.Released(1, deposit(), new Amount(300)));
        assertThat(town.inbox(Town.ONE))
                .containsExactly(new InboxEvent.HonouredElsewhere(1, deposit(), new Amount(300), Town.CNY));
        declare(false);
        // it is to credit nobody for it any more; if it did before, the event tells it whose debt that is
        assertThat(Town.told(town.deposit(Town.ONE, "d"))).containsExactly("HONOURED_ELSEWHERE");
        assertThat(told(honour(Town.TWO))).containsExactly("0 WITHHELD [0,300) 712");
        assertThat(town.balance("clearing:1")).isZero();
        assertThat(town.balance("clearing:2")).isEqualTo(300);
    }

    /** From the handover on, and not only from the release: in between it must not credit what may be released. */
    @Test
    void whatWasSettledForItIsNotToBeCreditedThereOnceItIsHonouredElsewhere() {
        town.deposit(Town.ONE, "d");
        declare(true);
        honour(Town.TWO);
        declare(false);
        assertThat(Town.told(town.deposit(Town.ONE, "d"))).containsExactly("HONOURED_ELSEWHERE");
        town.record.putAll(Operations.release(town.record, deposit()));
        assertThat(Town.told(town.deposit(Town.ONE, "d"))).containsExactly("HONOURED_ELSEWHERE");
        assertThat(town.balance("clearing:1")).isZero();
        assertThat(town.balance("clearing:2")).isEqualTo(300);
    }

    /** It had chosen a note, was gone, and let the note go when it was back: its request comes when another has paid. */
    @Test
    void aNoteForWhatIsHonouredElsewhereIsNotTakenHoweverLateItComes() {
        town.deposit(Town.ONE, "d");
        declare(true);
        honour(Town.TWO);
        declare(false);
        Signed<Note> late = town.unregistered(Town.ONE, "a", 300, "d");
        assertThat(told(town.ask(Town.ONE, new BankRequest.RegisterNote(late)))).containsExactly("HONOURED_ELSEWHERE");
        assertThat(town.balance("float:1")).isEqualTo(700);
        // of another holder it is another load's
        Signed<Note> another = town.unregistered(Town.ONE, "c", 300, "d");
        assertThat(town.ask(Town.ONE, new BankRequest.RegisterNote(another)))
                .isEqualTo(new BankAnswer.Registered(another.hash()));
    }

    /** It refused the deposit and made a note of it before it went: the note is on record, and is the value. */
    @ParameterizedTest
    @CsvSource({"a, true", "c, false"})
    void theNoteOfARefusedDepositIsHandedOn(String holder, boolean itsOwn) {
        Lineage deposit = town.lineage("d");
        town.deposit(Town.ONE, "d");
        // a note answers the load that the deposit opened: its nonce is the deposit's
        Signed<Note> back = town.note(Town.ONE, holder, 300, "d");
        assertThat(back.statement().loadNonce())
                .isEqualTo(deposit.head().transfer().statement().nonce());
        declare(true);
        BankAnswer.Honoured answer = (BankAnswer.Honoured) town.ask(
                Town.TWO,
                new BankRequest.Honour(
                        new OwnerChange(LineageCodec.encode(deposit), false),
                        town.sign(
                                "a",
                                new Handover(
                                        Town.TWO,
                                        "account",
                                        deposit.head().transfer().hash(),
                                        town.now))));
        assertThat(answer.note()).isEqualTo(itsOwn ? Optional.of(back) : Optional.empty());
        assertThat(town.record.honoured(deposit.head().transfer().hash()).isEmpty())
                .isEqualTo(itsOwn);
        assertThat(town.balance("clearing:1")).isEqualTo(300);
        assertThat(town.balance("clearing:2")).isZero();
    }

    /** What was withheld of it there is decided upon first. */
    @Test
    void whatAPersonHasNotLookedAtIsDecidedFirst() {
        town.pay("e", "n", "a", "c", 0, 300);
        town.rewind("a");
        town.pay("f", "n", "a", "c", 0, 300);
        town.pay("first", "e", "c", "b1", 0, 300);
        town.pay("d", "f", "c", "b1", 0, 300);
        town.deposit(Town.ONE, "first");
        assertThat(Town.told(town.deposit(Town.ONE, true, "d").getFirst())).containsExactly("0 WITHHELD [0,300) 712");
        declare(true);
        Handover word = new Handover(Town.TWO, "account", deposit(), town.now);
        assertThat(told(honour(Town.TWO, "c", word))).containsExactly("WITHHELD");
        town.record.putAll(Operations.release(town.record, deposit()));
        assertThat(told(honour(Town.TWO, "c", word))).containsExactly("0 WITHHELD [0,300) 712");
        town.record.putAll(Operations.release(town.record, deposit()));
        assertThat(town.balance("held:1")).isZero();
        assertThat(town.balance("clearing:1")).isEqualTo(300);
        assertThat(town.balance("clearing:2")).isEqualTo(300);
    }

    /** A double spend is judged as for any deposit, for the institution to which the holder went. */
    @Test
    void aLaterHonestHolderIsMadeWholeThereToo() {
        town.pay("e", "n", "a", "c", 0, 300);
        town.deposit(Town.ONE, "d");
        town.pay("d", "e", "c", "b1", 0, 300);
        declare(true);
        Handover word = new Handover(Town.TWO, "account", deposit(), town.now);
        assertThat(told(honour(Town.TWO, "c", word))).containsExactly("0 MADE_WHOLE [0,300)");
        assertThat(town.record.conviction(town.key("a"))).isPresent();
        assertThat(town.record.conviction(town.key("c"))).isEmpty();
    }
}
