package org.jiaozi.bank.registry;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.jiaozi.core.message.BankAnswer;
import org.jiaozi.core.message.BoundKey;
import org.jiaozi.core.message.InboxEvent;
import org.jiaozi.core.message.KeyProof;
import org.jiaozi.core.refusal.RefusalCode;
import org.jiaozi.core.value.Amount;
import org.jiaozi.core.value.InstitutionId;
import org.jiaozi.core.value.Period;
import org.jiaozi.core.value.Timestamp;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** An institution speaks for the keys that asked it to certify them, and for no other (spec 07, clause 12). */
final class KeysTest {
    private static final Timestamp DUE = Town.START.plus(Period.ofDays(2)).plus(new Period(1));
    private static final BankAnswer NOTHING =
            new BankAnswer.ClaimRegistered(Amount.ZERO, Amount.ZERO, new Timestamp(0));

    private final Town town = new Town();

    @BeforeEach
    void aHoldsMoneyThatIsDue() {
        town.note(Town.ONE, "a", 1000, "n");
        town.now = DUE;
    }

    private void cHoldsSomeToo() {
        town.now = Town.START;
        town.note(Town.ONE, "c", 40, "m");
        town.now = DUE;
    }

    private void declare(InstitutionId institution, boolean gone) {
        town.record.putAll(Operations.declare(town.record, institution, gone, town.now, "test"));
    }

    private static RefusalCode refused(BankAnswer answer) {
        return ((BankAnswer.Refused) answer).refusal().code();
    }

    private static BankAnswer returned(long amount) {
        return new BankAnswer.ClaimRegistered(new Amount(amount), Amount.ZERO, new Timestamp(0));
    }

    /** What an institution can come by: certificates it signs itself, and what keys said to others. */
    @Test
    void whoWasNeverAskedClaimsNothingAndRevokesNobody() {
        BoundKey toOne = town.bound("a", Town.ONE);
        BoundKey made = new BoundKey(
                new KeyProof(
                        toOne.key(),
                        KeyProof.by(town.signer("b2"), Town.TWO, toOne.message())
                                .proof()),
                toOne.message());
        BoundKey other = new BoundKey(toOne.proof(), town.nonce("another message"));
        for (BoundKey key : List.of(toOne, made, other)) {
            assertThat(refused(town.claim(Town.TWO, "theft", List.of(key)))).isEqualTo(RefusalCode.BAD_SIGNATURE);
            assertThat(refused(town.revoke(Town.TWO, town.bound("x", Town.TWO), key)))
                    .isEqualTo(RefusalCode.BAD_SIGNATURE);
        }
        assertThat(town.record.revoked(town.key("a"))).isFalse();
        assertThat(town.record.revoked(town.key("x"))).isFalse();
        assertThat(town.record.askedBy(town.key("x"))).isEmpty();
        assertThat(town.balance("clearing:2")).isZero();
        assertThat(town.revoke(Town.ONE, toOne)).isEqualTo(new BankAnswer.Revoked(6));
        assertThat(town.record.revoked(town.key("a"))).isTrue();
        assertThat(town.claim(Town.ONE, "own", List.of(toOne))).isEqualTo(returned(1000));
    }

    @Test
    void aKeyThatWentElsewhereIsNotTheOldInstitutionsAnyMore() {
        declare(Town.ONE, true);
        assertThat(town.revoke(Town.TWO, town.bound("a", Town.TWO))).isInstanceOf(BankAnswer.Revoked.class);
        declare(Town.ONE, false);
        assertThat(refused(town.revoke(Town.ONE, town.bound("a", Town.ONE)))).isEqualTo(RefusalCode.NOT_AUTHORISED);
        assertThat(refused(town.claim(Town.ONE, "old", "a"))).isEqualTo(RefusalCode.NOT_AUTHORISED);
        assertThat(town.claim(Town.TWO, "new", "a")).isEqualTo(returned(1000));
        assertThat(town.balance("clearing:2")).isEqualTo(1000);
        assertThat(town.balance("clearing:1")).isZero();
    }

    /** Of a holder's keys some went elsewhere: the others are claimed and revoked all the same. */
    @Test
    void aKeyThatWentElsewhereKeepsNoOtherBack() {
        cHoldsSomeToo();
        declare(Town.ONE, true);
        assertThat(town.revoke(Town.TWO, town.bound("a", Town.TWO))).isInstanceOf(BankAnswer.Revoked.class);
        declare(Town.ONE, false);
        assertThat(town.claim(Town.ONE, "rest", "a", "c")).isEqualTo(returned(40));
        assertThat(town.revoke(Town.ONE, town.bound("a", Town.ONE), town.bound("c", Town.ONE)))
                .isInstanceOf(BankAnswer.Revoked.class);
        assertThat(town.record.revoked(town.key("c"))).isTrue();
        assertThat(town.record.askedBy(town.key("a"))).containsExactly(Town.TWO);
        assertThat(town.record.claim(town.nonce("rest")).orElseThrow().keys()).containsExactly(town.key("c"));
        assertThat(town.claim(Town.TWO, "new", "a")).isEqualTo(returned(1000));
    }

    /** What it was paid for before it went elsewhere stays paid for, however often the rest is asked again. */
    @Test
    void aClaimForgetsNoKeyThatItWasPaidFor() {
        cHoldsSomeToo();
        declare(Town.ONE, true);
        declare(Town.ONE, false);
        assertThat(town.claim(Town.ONE, "all", "a", "c")).isEqualTo(returned(1040));
        town.revoke(Town.TWO, town.bound("a", Town.TWO));
        assertThat(town.claim(Town.ONE, "all", "a", "c")).isEqualTo(returned(1040));
        assertThat(town.record.claim(town.nonce("all")).orElseThrow().keys())
                .containsExactlyInAnyOrder(town.key("a"), town.key("c"));
    }

    /** Whoever else learns a claim's id cannot have what it was paid. */
    @Test
    void aClaimIdBelongsToOneAccountOfOneInstitution() {
        assertThat(town.claim(Town.ONE, "mine", "a")).isEqualTo(returned(1000));
        assertThat(refused(town.claim(Town.ONE, "mine", "another", List.of(town.bound("c", Town.ONE)))))
                .isEqualTo(RefusalCode.REPLAYED);
        assertThat(refused(town.claim(Town.TWO, "mine", "c"))).isEqualTo(RefusalCode.REPLAYED);
        assertThat(town.record.claim(town.nonce("mine")).orElseThrow().keys()).containsExactly(town.key("a"));
        assertThat(town.claim(Town.ONE, "mine", "a")).isEqualTo(returned(1000));
    }

    /** Nobody said yet that the key has gone elsewhere: what the old institution got is a debt to the new one. */
    @Test
    void anOldInstitutionsClaimIsOvertakenOnce() {
        declare(Town.ONE, true);
        declare(Town.ONE, false);
        assertThat(town.claim(Town.ONE, "old", "a")).isEqualTo(returned(1000));
        assertThat(town.claim(Town.TWO, "new", "a")).isEqualTo(returned(1000));
        assertThat(town.claim(Town.TWO, "new", "a")).isEqualTo(returned(1000));
        assertThat(town.claim(Town.TWO, "again", "a")).isEqualTo(NOTHING);
        assertThat(refused(town.claim(Town.ONE, "old", "a"))).isEqualTo(RefusalCode.NOT_AUTHORISED);
        assertThat(town.balance("clearing:1")).isZero();
        assertThat(town.balance("clearing:2")).isEqualTo(1000);
        assertThat(town.balance("float:1")).isZero();
        assertThat(town.inbox(Town.ONE))
                .containsExactly(new InboxEvent.ClaimantDebt(1, town.nonce("old"), new Amount(1000), Town.CNY));
    }

    /** A holder who stayed has the institution that came back, and nobody else. */
    @Test
    void anInstitutionThatCameBackClaimsForWhoStayed() {
        declare(Town.ONE, true);
        declare(Town.ONE, false);
        assertThat(refused(town.claim(Town.TWO, "theft", List.of(town.bound("a", Town.ONE)))))
                .isEqualTo(RefusalCode.BAD_SIGNATURE);
        assertThat(town.claim(Town.ONE, "own", "a")).isEqualTo(returned(1000));
    }

    /** Where both were gone nobody can say which is the later: the first claim stands, and nothing is paid twice. */
    @Test
    void ofTwoThatWereGoneTheFirstClaimStands() {
        for (InstitutionId i : List.of(Town.ONE, Town.TWO)) {
            declare(i, true);
            declare(i, false);
        }
        assertThat(town.claim(Town.ONE, "first", "a")).isEqualTo(returned(1000));
        assertThat(town.claim(Town.TWO, "second", "a")).isEqualTo(NOTHING);
        assertThat(town.balance("clearing:2")).isZero();
    }
}
