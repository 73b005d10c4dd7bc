package org.jiaozi.bank.registry;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.jiaozi.core.evidence.EvidenceCheck;
import org.jiaozi.core.evidence.EvidenceCheck.Verdict;
import org.jiaozi.core.message.BankAnswer;
import org.jiaozi.core.message.BankRequest;
import org.jiaozi.core.message.InboxEvent;
import org.jiaozi.core.message.RegistryAnswer.Settlement;
import org.jiaozi.core.refusal.RefusalCode;
import org.jiaozi.core.statement.Note;
import org.jiaozi.core.statement.Signed;
import org.jiaozi.core.value.Amount;
import org.jiaozi.core.value.Hash;
import org.jiaozi.core.value.Period;
import org.jiaozi.core.value.Range;
import org.jiaozi.core.value.Timestamp;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class RegistryTest {
    private final Town town = new Town();

    private static RefusalCode refusal(BankAnswer answer) {
        return ((BankAnswer.Refused) answer).refusal().code();
    }

    /** A note's value, its issuer, who registers it, and the answer. Reserve is 5,000 and quota 10,000 each. */
    @ParameterizedTest(name = "{0}")
    @CsvSource({
        "within both,            5000, 1, 1,     ",
        "above the reserve,      5001, 1, 1, INSUFFICIENT_RESERVE",
        "above the quota,       10001, 1, 1, QUOTA_EXCEEDED",
        "another's note,          100, 2, 1, WRONG_INSTITUTION",
    })
    void notesNeedQuotaAndReserve(String name, long value, int issuer, int caller, RefusalCode expected) {
        var by = new org.jiaozi.core.value.InstitutionId(issuer);
        BankAnswer answer = town.ask(
                new org.jiaozi.core.value.InstitutionId(caller),
                new BankRequest.RegisterNote(town.unregistered(by, "a", value, "load")));
        if (expected == null) {
            assertThat(answer).isInstanceOf(BankAnswer.Registered.class);
            assertThat(town.balance("reserve:1")).isEqualTo(5000 - value);
            assertThat(town.balance("float:1")).isEqualTo(value);
        } else {
            assertThat(refusal(answer)).isEqualTo(expected);
            assertThat(town.balance("float:1")).isZero();
        }
    }

    @Test
    void aNoteCountsOnceAndALoadMakesOneNote() {
        Signed<Note> note = town.note(Town.ONE, "a", 1000, "n");
        assertThat(town.ask(Town.ONE, new BankRequest.RegisterNote(note)))
                .isEqualTo(new BankAnswer.Registered(note.hash()));
        assertThat(town.balance("float:1")).isEqualTo(1000);
        assertThat(refusal(
                        town.ask(Town.ONE, new BankRequest.RegisterNote(town.unregistered(Town.ONE, "a", 999, "n")))))
                .isEqualTo(RefusalCode.NOTE_CONFLICT);
    }

    /** Its issuer lets go of what was refused, and a repetition of the request may come later. */
    @Test
    void aRefusedNoteIsRefusedForGoodAndAnotherTakesItsPlace() {
        Signed<Note> note = town.unregistered(Town.ONE, "a", 5001, "load");
        BankAnswer no = town.ask(Town.ONE, new BankRequest.RegisterNote(note));
        assertThat(refusal(no)).isEqualTo(RefusalCode.INSUFFICIENT_RESERVE);
        town.record.putAll(Operations.fundReserve(town.record, Town.ONE, Town.CNY, new Amount(1000), "more"));
        assertThat(town.ask(Town.ONE, new BankRequest.RegisterNote(note))).isEqualTo(no);
        assertThat(town.balance("float:1")).isZero();
        Note n = note.statement();
        Signed<Note> another = town.sign(
                "b1",
                new Note(
                        n.issuer(),
                        n.quota(),
                        n.currency(),
                        n.value(),
                        new Timestamp(n.expiry().seconds() - 1),
                        n.maxHops(),
                        n.holder(),
                        n.loadNonce()));
        assertThat(town.ask(Town.ONE, new BankRequest.RegisterNote(another)))
                .isEqualTo(new BankAnswer.Registered(another.hash()));
    }

    /** Whoever has no business with a note cannot have it refused to its issuer. */
    @Test
    void anotherInstitutionsRefusalIsItsOwn() {
        Signed<Note> note = town.unregistered(Town.ONE, "a", 100, "load");
        assertThat(refusal(town.ask(Town.TWO, new BankRequest.RegisterNote(note))))
                .isEqualTo(RefusalCode.WRONG_INSTITUTION);
        assertThat(town.ask(Town.ONE, new BankRequest.RegisterNote(note)))
                .isEqualTo(new BankAnswer.Registered(note.hash()));
    }

    @Test
    void aForeignSignatureRegistersNothing() {
        Note note = town.unregistered(Town.ONE, "a", 10, "n").statement();
        assertThat(refusal(town.ask(Town.ONE, new BankRequest.RegisterNote(town.sign("b2", note)))))
                .isEqualTo(RefusalCode.BAD_SIGNATURE);
    }

    @Test
    void anUnregisteredNoteIsHonouredFromItsIssuersReserve() {
        town.hold("n", town.unregistered(Town.ONE, "a", 6000, "n"));
        town.pay("d", "n", "a", "b2", 0, 6000);
        assertThat(Town.told(town.deposit(Town.TWO, "d"))).containsExactly("0 REDEEMED [0,6000)");
        assertThat(town.balance("reserve:1")).isEqualTo(-1000);
        assertThat(town.balance("clearing:2")).isEqualTo(6000);
        assertThat(town.balance("float:1")).isZero();
    }

    @Test
    void theSameDepositAlwaysGetsTheSameAnswer() {
        town.note(Town.ONE, "a", 1000, "n");
        town.pay("d", "n", "a", "b1", 0, 400);
        Settlement first = town.deposit(Town.ONE, "d");
        int effects = town.record.effects().size();
        assertThat(town.deposit(Town.ONE, false, "d", "d")).containsExactly(first, first);
        assertThat(town.record.effects()).hasSize(effects);
        assertThat(Town.told(town.deposit(Town.TWO, "d"))).containsExactly("WRONG_INSTITUTION");
    }

    @Test
    void inputsSettleIndependentlyAndOverlapsByPart() {
        town.note(Town.ONE, "m", 1000, "n");
        town.note(Town.TWO, "a", 50, "other");
        town.pay("one", "n", "m", "a", 100, 300);
        town.pay("two", "n", "m", "c", 200, 500);
        town.pay("d1", "a", "b1", new String[] {"other", "one"}, new Range(0, 50), new Range(100, 300));
        town.pay("d2", "two", "c", "b2", 200, 500);
        assertThat(Town.told(town.deposit(Town.ONE, "d1")))
                .containsExactly("0 REDEEMED [0,50)", "1 REDEEMED [100,300)");
        assertThat(Town.told(town.deposit(Town.TWO, "d2")))
                .containsExactly("0 MADE_WHOLE [200,300)", "0 REDEEMED [300,500)");
        assertThat(town.balance("recovery:1")).isEqualTo(-100);
        assertThat(town.balance("float:1")).isEqualTo(1000 - 400);
        assertThat(town.balance("float:2")).isZero();
        assertThat(town.record.conviction(town.key("m")).orElseThrow().owed()).isEqualTo(new Amount(100));
        assertThat(town.record.conviction(town.key("a"))).isEmpty();
        assertThat(town.record.conviction(town.key("c"))).isEmpty();
    }

    @Test
    void whoHoldsBothForksDepositsBothNormally() {
        town.note(Town.ONE, "m", 1000, "n");
        town.pay("one", "n", "m", "a", 0, 300);
        town.pay("two", "n", "m", "a", 0, 300);
        town.pay("d", "a", "b1", new String[] {"one", "two"}, new Range(0, 300), new Range(0, 300));
        assertThat(Town.told(town.deposit(Town.ONE, "d")))
                .containsExactly("0 REDEEMED [0,300)", "1 MADE_WHOLE [0,300)");
        assertThat(town.record.conviction(town.key("a"))).isEmpty();
    }

    @Test
    void aCulpritIsNotMadeWholeByItsOwnFork() {
        town.note(Town.ONE, "m", 1000, "n");
        town.pay("one", "n", "m", "a", 0, 300);
        town.pay("da", "one", "a", "b1", 0, 300);
        town.pay("dm", "n", "m", "b1", 200, 400);
        town.deposit(Town.ONE, "da");
        assertThat(Town.told(town.deposit(Town.ONE, "dm")))
                .containsExactly("0 REFUSED [200,300) 709", "0 REDEEMED [300,400)");
        assertThat(town.record.conviction(town.key("m")).orElseThrow().owed()).isEqualTo(Amount.ZERO);
    }

    @Test
    void aConvictedKeyIsNeverMadeWholeWhoeverElseIsToBlame() {
        town.note(Town.ONE, "m", 1000, "n");
        town.pay("ma", "n", "m", "a", 0, 100);
        town.pay("mc", "n", "m", "c", 0, 100);
        town.pay("cf", "mc", "c", "f", 0, 100);
        town.pay("da", "ma", "a", "b1", 0, 100);
        town.pay("df", "cf", "f", "b1", 0, 100);
        town.pay("dc", "mc", "c", "b1", 0, 100);
        town.deposit(Town.ONE, "da");
        assertThat(Town.told(town.deposit(Town.ONE, "df"))).containsExactly("0 MADE_WHOLE [0,100)");
        assertThat(Town.told(town.deposit(Town.ONE, "dc"))).containsExactly("0 REFUSED [0,100) 709");
        assertThat(town.record.conviction(town.key("c")).orElseThrow().owed()).isEqualTo(Amount.ZERO);
        assertThat(town.record.conviction(town.key("m")).orElseThrow().owed()).isEqualTo(new Amount(100));
    }

    @Test
    void aRepeatedSequenceNumberConvicts() {
        town.note(Town.ONE, "m", 1000, "n");
        town.pay("one", "n", "m", "a", 0, 300);
        town.rewind("m");
        town.pay("two", "n", "m", "c", 300, 400);
        town.record("one");
        assertThat(town.record.conviction(town.key("m"))).isEmpty();
        town.record("two");
        InboxEvent.Conviction told =
                (InboxEvent.Conviction) town.inbox(Town.ONE).getFirst();
        assertThat(EvidenceCheck.verify(
                        told.evidence(),
                        town.context().rootKey(),
                        town.context().verifier()))
                .isInstanceOf(Verdict.Convicts.class);
        assertThat(town.record.revoked(town.key("m"))).isTrue();
        // by file it is no news
        assertThat(town.ask(Town.TWO, new BankRequest.Convict(told.evidence())))
                .isEqualTo(new BankAnswer.Convicted(town.key("m"), false));
    }

    @Test
    void compensationOfTheFlaggedWaitsForAPerson() {
        town.note(Town.ONE, "m", 1000, "n");
        town.pay("one", "n", "m", "a", 0, 300);
        town.pay("two", "n", "m", "c", 0, 50);
        town.pay("three", "n", "m", "x", 0, 51);
        town.pay("d1", "one", "a", "b1", 0, 300);
        town.pay("d2", "two", "c", "b1", 0, 50);
        town.pay("d3", "three", "x", "b2", 0, 51);
        town.deposit(Town.ONE, "d1");
        assertThat(Town.told(town.deposit(Town.ONE, true, "d2").getFirst())).containsExactly("0 MADE_WHOLE [0,50)");
        assertThat(Town.told(town.deposit(Town.TWO, true, "d3").getFirst())).containsExactly("0 WITHHELD [0,51) 712");
        assertThat(town.balance("held:2")).isEqualTo(51);
        Hash deposit = town.lineage("d3").head().transfer().hash();
        town.record.putAll(Operations.release(town.record, deposit));
        town.record.putAll(Operations.release(town.record, deposit));
        assertThat(town.balance("held:2")).isZero();
        assertThat(town.balance("clearing:2")).isEqualTo(51);
        assertThat(town.inbox(Town.TWO)).containsExactly(new InboxEvent.Released(1, deposit, new Amount(51)));
    }

    @Test
    void afterGraceADepositIsRefusedAndItsTransfersStayOnRecord() {
        town.note(Town.ONE, "a", 100, "n");
        town.pay("d", "n", "a", "b1", 0, 100);
        town.now = Town.START.plus(Period.ofDays(2));
        Timestamp last = town.now;
        town.now = last.plus(new Period(1));
        assertThat(Town.told(town.deposit(Town.ONE, "d"))).containsExactly("0 REFUSED [0,100) 311");
        assertThat(town.record.transfer(town.lineage("d").head().transfer().hash()))
                .isPresent();
        assertThat(town.balance("float:1")).isEqualTo(100);
    }

    @Test
    void anUnreadableChangeIsRefusedAloneInItsBatch() {
        town.note(Town.ONE, "a", 100, "n");
        town.pay("d", "n", "a", "b1", 0, 100);
        var answer = (BankAnswer.OwnersChanged) town.ask(
                Town.ONE,
                new BankRequest.ChangeOwners(List.of(
                        new org.jiaozi.core.message.OwnerChange(org.jiaozi.core.value.Bytes.fromHex("00"), false),
                        new org.jiaozi.core.message.OwnerChange(town.packed("d"), false))));
        assertThat(answer.answer().statement().settlements().stream().map(Town::told))
                .containsExactly(List.of("UNKNOWN_TYPE"), List.of("0 REDEEMED [0,100)"));
    }
}
