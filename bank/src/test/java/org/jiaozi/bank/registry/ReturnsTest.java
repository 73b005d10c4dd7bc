package org.jiaozi.bank.registry;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import org.jiaozi.core.evidence.EvidenceCheck;
import org.jiaozi.core.evidence.EvidenceCheck.Verdict;
import org.jiaozi.core.message.BankAnswer;
import org.jiaozi.core.message.BankRequest;
import org.jiaozi.core.message.InboxEvent;
import org.jiaozi.core.refusal.RefusalCode;
import org.jiaozi.core.value.Amount;
import org.jiaozi.core.value.InstitutionId;
import org.jiaozi.core.value.Nonce;
import org.jiaozi.core.value.Period;
import org.jiaozi.core.value.Range;
import org.jiaozi.core.value.Timestamp;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Money that comes back: denied transfers, lost devices, culprits' debts, remittances and netting. */
final class ReturnsTest {
    private static final Period TWO_DAYS = Period.ofDays(2);
    private final Town town = new Town();

    @Test
    void aDeniedTransferComesBackOnce() {
        town.note(Town.ONE, "a", 1000, "n");
        town.pay("t", "n", "a", "xb", 0, 300);
        assertThat(town.refund("t", "xb")).isEqualTo(new BankAnswer.Refunded(new Amount(300)));
        assertThat(town.refund("t", "xb")).isEqualTo(new BankAnswer.Refunded(new Amount(300)));
        assertThat(town.balance("clearing:1")).isEqualTo(300);
        assertThat(town.balance("float:1")).isEqualTo(700);
        // somebody else's word is none
        assertThat(((BankAnswer.Refused) town.refund("t", "c")).refusal().code())
                .isEqualTo(RefusalCode.NOT_FOR_THIS_PURSE);
    }

    /** Whether the payee spends before or after the payer has the value back: it is convicted, its victim is paid. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void whoDeniesAndSpendsIsConvicted(boolean spendsFirst) {
        town.note(Town.ONE, "a", 1000, "n");
        town.pay("t", "n", "a", "xm", 0, 300);
        town.pay("u", "t", "xm", "c", 0, 200);
        town.pay("d", "u", "c", "b1", 0, 200);
        if (spendsFirst) {
            assertThat(Town.told(town.deposit(Town.ONE, "d"))).containsExactly("0 REDEEMED [0,200)");
            assertThat(town.refund("t", "xm")).isEqualTo(new BankAnswer.Refunded(new Amount(300)));
        } else {
            assertThat(town.refund("t", "xm")).isEqualTo(new BankAnswer.Refunded(new Amount(300)));
            assertThat(Town.told(town.deposit(Town.ONE, "d"))).containsExactly("0 MADE_WHOLE [0,200)");
        }
        assertThat(town.record.conviction(town.key("xm")).orElseThrow().owed()).isEqualTo(new Amount(200));
        assertThat(town.record.conviction(town.key("a"))).isEmpty();
        assertThat(town.record.conviction(town.key("c"))).isEmpty();
        assertThat(town.balance("recovery:2")).isEqualTo(-200);
        InboxEvent.Conviction told =
                (InboxEvent.Conviction) town.inbox(Town.TWO).getLast();
        assertThat(EvidenceCheck.verify(
                        told.evidence(),
                        town.context().rootKey(),
                        town.context().verifier()))
                .isInstanceOf(Verdict.Convicts.class);
    }

    /** One request is paid twice; its payee denies both and spends the one, and the other is what comes back. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aDenialSpeaksOfEveryPaymentOfItsRequest(boolean spendsFirst) {
        town.note(Town.ONE, "a", 1000, "n");
        town.pay("t", "n", "a", "xm", 0, 300);
        town.answer("t", "again", "a", "xm", new String[] {"n"}, new Range(300, 600));
        town.pay("d", "again", "xm", "b2", 300, 600);
        if (spendsFirst) {
            town.deposit(Town.TWO, "d");
        }
        // who says which of the two it took has not lied
        town.refund("t", "xm", Optional.of("again"));
        assertThat(town.record.conviction(town.key("xm"))).isEmpty();
        assertThat(town.refund("t", "xm")).isEqualTo(new BankAnswer.Refunded(new Amount(300)));
        if (!spendsFirst) {
            town.deposit(Town.TWO, "d");
        }
        assertThat(EvidenceCheck.verify(
                        town.record.conviction(town.key("xm")).orElseThrow().file(),
                        town.context().rootKey(),
                        town.context().verifier()))
                .isInstanceOf(Verdict.Convicts.class);
        assertThat(town.record.conviction(town.key("a"))).isEmpty();
    }

    @Test
    void aPayerWhoGotItBackAndPaysAgainIsConvicted() {
        town.note(Town.ONE, "m", 1000, "n");
        town.pay("t", "n", "m", "xb", 0, 300);
        town.refund("t", "xb");
        town.pay("again", "n", "m", "c", 0, 300);
        town.pay("d", "again", "c", "b1", 0, 300);
        assertThat(Town.told(town.deposit(Town.ONE, "d"))).containsExactly("0 MADE_WHOLE [0,300)");
        assertThat(town.record.conviction(town.key("m"))).isPresent();
        assertThat(town.record.conviction(town.key("xb"))).isEmpty();
    }

    @Test
    void aLostDevicesMoneyReturnsAfterExpiryAndGrace() {
        town.note(Town.ONE, "a", 1000, "n");
        town.note(Town.TWO, "x", 500, "o");
        town.pay("spent", "n", "a", "c", 0, 400);
        town.pay("got", "o", "x", "a", 0, 100);
        town.record("spent");
        town.record("got");
        Timestamp due = Town.START.plus(TWO_DAYS);
        assertThat(town.claim(Town.ONE, "claim", "a"))
                .isEqualTo(new BankAnswer.ClaimRegistered(Amount.ZERO, new Amount(700), due));
        town.now = due;
        assertThat(town.claim(Town.ONE, "claim", "a"))
                .isEqualTo(new BankAnswer.ClaimRegistered(Amount.ZERO, new Amount(700), due));
        town.now = due.plus(new Period(1));
        var paid = new BankAnswer.ClaimRegistered(new Amount(700), Amount.ZERO, new Timestamp(0));
        assertThat(town.claim(Town.ONE, "claim", "a")).isEqualTo(paid);
        assertThat(town.claim(Town.ONE, "claim", "a")).isEqualTo(paid);
        assertThat(town.claim(Town.ONE, "another", "a"))
                .isEqualTo(new BankAnswer.ClaimRegistered(Amount.ZERO, Amount.ZERO, new Timestamp(0)));
        assertThat(town.balance("clearing:1")).isEqualTo(700);
        assertThat(town.balance("float:1")).isEqualTo(400);
        assertThat(town.balance("float:2")).isEqualTo(400);
    }

    @Test
    void aTransferThatSurfacesLaterIsTheClaimantsDebtOnce() {
        town.note(Town.ONE, "a", 1000, "n");
        town.pay("t", "n", "a", "xc", 0, 400);
        town.now = Town.START.plus(TWO_DAYS).plus(new Period(1));
        town.claim(Town.ONE, "first", "a");
        assertThat(town.balance("clearing:1")).isEqualTo(1000);
        town.record("t");
        assertThat(town.claim(Town.TWO, "second", "xc"))
                .isEqualTo(new BankAnswer.ClaimRegistered(new Amount(400), Amount.ZERO, new Timestamp(0)));
        town.claim(Town.TWO, "second", "xc");
        assertThat(town.balance("clearing:1")).isEqualTo(600);
        assertThat(town.balance("clearing:2")).isEqualTo(400);
        assertThat(town.inbox(Town.ONE))
                .containsExactly(new InboxEvent.ClaimantDebt(1, town.nonce("first"), new Amount(400), Town.CNY));
        assertThat(town.record.conviction(town.key("a"))).isEmpty();
    }

    /** Owed, recovered, cap, in the fund; then what culprit, fund and institution bear. */
    @ParameterizedTest
    @CsvSource({
        "100,   0, 40, 1000,   0, 40,  60",
        "100,  30, 40, 1000,  30, 40,  30",
        "100,  80, 40, 1000,  80, 20,   0",
        "100, 100, 40, 1000, 100,  0,   0",
        "100, 500, 40, 1000, 100,  0,   0",
        "100,   0, 40,   10,   0, 10,  90",
        "100,   0,  0, 1000,   0,  0, 100",
        "  0,  10, 40, 1000,   0,  0,   0",
    })
    void culpritThenFundThenInstitution(long owed, long recovered, long cap, long fund, long c, long f, long i) {
        assertThat(Waterfall.of(new Amount(owed), new Amount(recovered), new Amount(cap), new Amount(fund)))
                .isEqualTo(new Waterfall(new Amount(c), new Amount(f), new Amount(i)));
    }

    /** Both are deposited, and its institution is to see to it. */
    private void mSpendsAHundredTwice() {
        town.note(Town.ONE, "m", 1000, "n");
        town.pay("one", "n", "m", "a", 0, 100);
        town.pay("two", "n", "m", "c", 0, 100);
        town.pay("d1", "one", "a", "b1", 0, 100);
        town.pay("d2", "two", "c", "b2", 0, 100);
        town.deposit(Town.ONE, "d1");
        town.deposit(Town.TWO, "d2");
    }

    @Test
    void aLaterLargerReportMovesBackWhatFundAndInstitutionBore() {
        town.record.putAll(Operations.contribute(town.record, Town.TWO, Town.CNY, new Amount(1000), "year")
                .orElseThrow());
        mSpendsAHundredTwice();
        assertThat(town.balance("recovery:1")).isEqualTo(-100);
        // clearing:1 holds 100 from its own customer's deposit
        for (long[] step : new long[][] {{0, 40, 60, 40}, {30, 40, 30, 40}, {30, 40, 30, 40}, {90, 10, 0, 10}}) {
            assertThat(town.ask(Town.ONE, new BankRequest.ReportRecovery(town.key("m"), new Amount(step[0]))))
                    .isEqualTo(new BankAnswer.RecoveryTaken(new Amount(step[1]), new Amount(step[2])));
            assertThat(town.balance("recovery:1")).isZero();
            assertThat(town.balance("guarantee")).isEqualTo(1000 - step[3]);
            assertThat(town.balance("clearing:1")).isEqualTo(step[3]);
        }
    }

    /** An institution that reported it hears no more of it: there is more in the fund when the same comes late. */
    @Test
    void aReportThatSaysNothingNewChangesNothing() {
        mSpendsAHundredTwice();
        var nothing = new BankRequest.ReportRecovery(town.key("m"), Amount.ZERO);
        BankAnswer all = new BankAnswer.RecoveryTaken(Amount.ZERO, new Amount(100));
        assertThat(town.ask(Town.ONE, nothing)).isEqualTo(all);
        town.record.putAll(Operations.contribute(town.record, Town.TWO, Town.CNY, new Amount(1000), "year")
                .orElseThrow());
        assertThat(town.ask(Town.ONE, nothing)).isEqualTo(all);
        assertThat(town.balance("guarantee")).isEqualTo(1000);
        assertThat(town.balance("clearing:1")).isZero();
        assertThat(town.ask(Town.ONE, new BankRequest.ReportRecovery(town.key("m"), new Amount(10))))
                .isEqualTo(new BankAnswer.RecoveryTaken(new Amount(40), new Amount(50)));
    }

    @Test
    void remittancesMoveOnceAndNettingIsFinal() {
        Nonce id = town.nonce("remit");
        var remit = new BankRequest.RemitAcross(Town.TWO, "7", new Amount(800), Town.CNY, "for you", id);
        assertThat(town.ask(Town.ONE, remit)).isEqualTo(new BankAnswer.RemitTaken(id));
        assertThat(town.ask(Town.ONE, remit)).isEqualTo(new BankAnswer.RemitTaken(id));
        var other = new BankRequest.RemitAcross(Town.TWO, "7", new Amount(801), Town.CNY, "for you", id);
        assertThat(((BankAnswer.Refused) town.ask(Town.ONE, other)).refusal().code())
                .isEqualTo(RefusalCode.REPLAYED);
        var tooMuch = new BankRequest.RemitAcross(
                Town.TWO, "7", new Amount(4201), Town.CNY, "", town.nonce("more than is covered"));
        assertThat(((BankAnswer.Refused) town.ask(Town.ONE, tooMuch)).refusal().code())
                .isEqualTo(RefusalCode.INSUFFICIENT_RESERVE);
        // what was held for it is free again: what was refused stays so, whatever there is now
        town.record.putAll(Operations.fundReserve(town.record, Town.ONE, Town.CNY, new Amount(1), "more"));
        assertThat(((BankAnswer.Refused) town.ask(Town.ONE, tooMuch)).refusal().code())
                .isEqualTo(RefusalCode.INSUFFICIENT_RESERVE);
        var nobody = new BankRequest.RemitAcross(
                new InstitutionId(9), "7", new Amount(1), Town.CNY, "", town.nonce("nobody"));
        assertThat(((BankAnswer.Refused) town.ask(Town.ONE, nobody)).refusal().code())
                .isEqualTo(RefusalCode.WRONG_INSTITUTION);

        town.note(Town.ONE, "a", 1000, "n");
        town.pay("d", "n", "a", "b2", 0, 50);
        town.deposit(Town.TWO, "d");
        List<Effect> cycle = Netting.close(town.record);
        town.record.putAll(cycle);
        assertThat(Netting.close(town.record)).isEmpty();
        assertThat(town.balance("clearing:1")).isZero();
        assertThat(town.balance("clearing:2")).isZero();
        assertThat(town.balance("reserve:1")).isEqualTo(5001 - 1000 - 800);
        assertThat(town.balance("reserve:2")).isEqualTo(5000 + 850);
        assertThat(town.inbox(Town.ONE))
                .containsExactly(new InboxEvent.Netted(1, 1, Town.CNY, new Amount(50), Amount.ZERO, new Amount(800)));
    }

    private static RefusalCode refused(BankAnswer answer) {
        return ((BankAnswer.Refused) answer).refusal().code();
    }

    @Test
    void aRemittanceGoesBackOnceWholeAndOnlyFromWhereItWent() {
        Nonce id = town.nonce("remit");
        var remit = new BankRequest.RemitAcross(Town.TWO, "nobody", new Amount(800), Town.CNY, "for you", id);
        var back = new BankRequest.ReturnRemit(Town.ONE, remit, RefusalCode.UNKNOWN_ACCOUNT);
        assertThat(refused(town.ask(Town.TWO, back))).isEqualTo(RefusalCode.WRONG_INSTITUTION);
        town.ask(Town.ONE, remit);
        var more = new BankRequest.RemitAcross(Town.TWO, "nobody", new Amount(801), Town.CNY, "for you", id);
        assertThat(refused(
                        town.ask(Town.TWO, new BankRequest.ReturnRemit(Town.ONE, more, RefusalCode.UNKNOWN_ACCOUNT))))
                .isEqualTo(RefusalCode.WRONG_INSTITUTION);
        assertThat(refused(town.ask(Town.ONE, back))).isEqualTo(RefusalCode.WRONG_INSTITUTION);
        assertThat(town.balance("clearing:2")).isEqualTo(800);

        for (RefusalCode reason : java.util.List.of(RefusalCode.UNKNOWN_ACCOUNT, RefusalCode.ACCOUNT_BLOCKED)) {
            assertThat(town.ask(Town.TWO, new BankRequest.ReturnRemit(Town.ONE, remit, reason)))
                    .isEqualTo(new BankAnswer.RemitReturned(id));
        }
        assertThat(town.balance("clearing:2")).isZero();
        assertThat(town.balance("clearing:1")).isZero();
        assertThat(town.inbox(Town.ONE))
                .containsExactly(new InboxEvent.RemitReturned(
                        1, Town.TWO, id, new Amount(800), Town.CNY, RefusalCode.UNKNOWN_ACCOUNT));
        // the id stays used: what came back is sent anew under another
        assertThat(town.ask(Town.ONE, remit)).isEqualTo(new BankAnswer.RemitTaken(id));
        assertThat(town.balance("clearing:2")).isZero();
    }

    @Test
    void aRemittanceGoesBackWhenItIsCoveredAgain() {
        var remit = new BankRequest.RemitAcross(Town.TWO, "nobody", new Amount(800), Town.CNY, "", town.nonce("r"));
        var back = new BankRequest.ReturnRemit(Town.ONE, remit, RefusalCode.UNKNOWN_ACCOUNT);
        town.ask(Town.ONE, remit);
        town.ask(
                Town.TWO,
                new BankRequest.RemitAcross(Town.ONE, "7", new Amount(5700), Town.CNY, "", town.nonce("nearly all")));
        assertThat(refused(town.ask(Town.TWO, back))).isEqualTo(RefusalCode.INSUFFICIENT_RESERVE);
        town.record.putAll(Operations.fundReserve(town.record, Town.TWO, Town.CNY, new Amount(700), "more"));
        assertThat(town.ask(Town.TWO, back)).isEqualTo(new BankAnswer.RemitReturned(town.nonce("r")));
    }
}
