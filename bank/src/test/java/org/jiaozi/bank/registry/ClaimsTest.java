package org.jiaozi.bank.registry;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.jiaozi.core.message.BankAnswer;
import org.jiaozi.core.message.InboxEvent;
import org.jiaozi.core.value.Amount;
import org.jiaozi.core.value.InstitutionId;
import org.jiaozi.core.value.Period;
import org.jiaozi.core.value.Timestamp;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What one claimant was paid goes on to whoever holds it by transfers that surface later (spec 07, clause 12). */
final class ClaimsTest {
    private final Town town = new Town();

    /** The note goes from a to b, of that 400 to x, of that 300 to c; nobody handed anything in before grace ended. */
    @BeforeEach
    void aChainThatNobodyHandedIn() {
        town.note(Town.ONE, "a", 1000, "n");
        town.pay("to b", "n", "a", "b", 0, 600);
        town.pay("to x", "to b", "b", "x", 100, 500);
        town.pay("to c", "to x", "x", "c", 200, 500);
        town.now = Town.START.plus(Period.ofDays(2)).plus(new Period(1));
    }

    private static BankAnswer returned(long amount) {
        return new BankAnswer.ClaimRegistered(new Amount(amount), Amount.ZERO, new Timestamp(0));
    }

    private InboxEvent.ClaimantDebt debt(long number, String claim, long amount) {
        return new InboxEvent.ClaimantDebt(number, town.nonce(claim), new Amount(amount), Town.CNY);
    }

    @Test
    void itGoesOnAsOftenAsTransfersSurface() {
        assertThat(town.claim(Town.ONE, "a's", "a")).isEqualTo(returned(1000));
        town.record("to b");
        assertThat(town.claim(Town.ONE, "b's", "b")).isEqualTo(returned(600));
        town.record("to x");
        assertThat(town.claim(Town.TWO, "x's", "x")).isEqualTo(returned(400));
        town.record("to c");
        assertThat(town.claim(Town.ONE, "c's", "c")).isEqualTo(returned(300));
        assertThat(town.balance("clearing:1")).isEqualTo(900);
        assertThat(town.balance("clearing:2")).isEqualTo(100);
        assertThat(town.inbox(Town.ONE)).containsExactly(debt(1, "a's", 600), debt(2, "b's", 400));
        assertThat(town.inbox(Town.TWO)).containsExactly(debt(1, "x's", 300));
        // and once only
        for (var again : List.of(town.claim(Town.ONE, "c's", "c"), town.claim(Town.ONE, "c's", "c"))) {
            assertThat(again).isEqualTo(returned(300));
        }
        assertThat(town.claim(Town.TWO, "x's", "x")).isEqualTo(returned(400));
        assertThat(town.balance("clearing:2")).isEqualTo(100);
        assertThat(town.balance("float:1")).isZero();
    }

    /** Who was passed over is owed nothing when it comes after all, whatever its claim would have been. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void theLastHolderMayBeFirstToCome(boolean xClaimsAfterwards) {
        town.claim(Town.ONE, "a's", "a");
        town.record("to c");
        assertThat(town.claim(Town.ONE, "c's", "c")).isEqualTo(returned(300));
        if (xClaimsAfterwards) {
            assertThat(town.claim(Town.TWO, "x's", "x")).isEqualTo(returned(100));
            assertThat(town.balance("clearing:2")).isEqualTo(100);
        }
        assertThat(town.claim(Town.ONE, "b's", "b")).isEqualTo(returned(200));
        assertThat(town.inbox(Town.ONE).getFirst()).isEqualTo(debt(1, "a's", 300));
    }

    /** Part of it comes back to the first claimant's own other key, and goes on from there. */
    @Test
    void itMayComeBackAndGoOn() {
        town.pay("to a2", "to x", "x", "a2", 100, 200);
        town.pay("to d", "to a2", "a2", "d", 150, 200);
        town.claim(Town.ONE, "a's", "a", "a2");
        town.record("to x");
        assertThat(town.claim(Town.TWO, "x's", "x")).isEqualTo(returned(400));
        town.record("to a2");
        assertThat(town.claim(Town.ONE, "a's", "a", "a2")).isEqualTo(returned(1100));
        town.record("to d");
        assertThat(town.claim(Town.ONE, "d's", "d")).isEqualTo(returned(50));
        assertThat(town.inbox(Town.TWO)).containsExactly(debt(1, "x's", 100));
        assertThat(town.inbox(Town.ONE)).containsExactly(debt(1, "a's", 400), debt(2, "a's", 50));
        assertThat(town.balance("clearing:1")).isEqualTo(700);
        assertThat(town.balance("clearing:2")).isEqualTo(300);
    }

    /** Two ways from one claimant: what went the one way does not go the other, and its claimant pays once. */
    @Test
    void ofTwoWaysTheFirstStands() {
        town.pay("fork", "n", "a", "e", 0, 600);
        town.claim(Town.ONE, "a's", "a");
        town.record("to b");
        town.record("fork");
        assertThat(town.claim(Town.ONE, "b's", "b")).isEqualTo(returned(600));
        assertThat(town.claim(Town.ONE, "e's", "e")).isEqualTo(returned(0));
        assertThat(town.record.conviction(town.key("a"))).isPresent();
        assertThat(town.inbox(Town.ONE).stream().filter(InboxEvent.ClaimantDebt.class::isInstance))
                .hasSize(1);
    }

    /** Where grace grows after claims were paid, a deposit is made whole by whoever has the part by then, and once. */
    @Test
    void aDepositIsMadeWholeByWhoeverHasIt() {
        Timestamp later = town.now;
        town.pay("d", "to x", "x", "b2", 100, 200);
        town.claim(Town.ONE, "a's", "a");
        town.record("to b");
        town.claim(Town.ONE, "b's", "b");
        town.now = Town.START;
        assertThat(Town.told(town.deposit(Town.TWO, "d"))).containsExactly("0 MADE_WHOLE [100,200)");
        town.now = later;
        assertThat(town.claim(Town.TWO, "x's", "x")).isEqualTo(returned(300));
        assertThat(town.inbox(Town.ONE)).containsExactly(debt(1, "a's", 600), debt(2, "b's", 100), debt(3, "b's", 300));
        assertThat(town.balance("clearing:1")).isEqualTo(600);
        assertThat(town.balance("clearing:2")).isEqualTo(400);
    }

    /** What went to the institution where the key had gone goes on from there. */
    @Test
    void aKeyThatGoesElsewhereTakesItAlong() {
        declareGoneAndBack(Town.ONE);
        assertThat(town.claim(Town.ONE, "old", "a")).isEqualTo(returned(1000));
        assertThat(town.claim(Town.TWO, "new", "a")).isEqualTo(returned(1000));
        town.record("to b");
        assertThat(town.claim(Town.ONE, "b's", "b")).isEqualTo(returned(600));
        assertThat(town.inbox(Town.TWO)).containsExactly(debt(1, "new", 600));
        assertThat(town.balance("clearing:1")).isEqualTo(600);
        assertThat(town.balance("clearing:2")).isEqualTo(400);
    }

    private void declareGoneAndBack(InstitutionId institution) {
        town.record.putAll(Operations.declare(town.record, institution, true, town.now, "test"));
        town.record.putAll(Operations.declare(town.record, institution, false, town.now, "test"));
    }
}
