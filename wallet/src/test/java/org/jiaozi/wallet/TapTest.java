package org.jiaozi.wallet;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Set;
import org.jiaozi.core.evidence.Evidence;
import org.jiaozi.core.evidence.EvidenceCheck;
import org.jiaozi.core.refusal.RefusalCode;
import org.jiaozi.core.statement.PurseCertificate.Limits;
import org.jiaozi.core.tap.PayeeTap;
import org.jiaozi.core.tap.PayerTap;
import org.jiaozi.core.tap.TapMessage;
import org.jiaozi.core.tap.TapMessage.ReceiptMessage;
import org.jiaozi.core.tap.TapMessage.RefusalMessage;
import org.jiaozi.core.tap.TapMessage.RequestMessage;
import org.jiaozi.core.value.Bytes;
import org.jiaozi.core.value.Period;
import org.jiaozi.wallet.World.Device;
import org.jiaozi.wallet.host.PayeeSession;
import org.jiaozi.wallet.host.PayerSession;
import org.jiaozi.wallet.host.Wallet;
import org.jiaozi.wallet.host.WalletState;
import org.junit.jupiter.api.Test;

/** Two devices and their bytes (spec 06). */
final class TapTest {
    private final World world = new World(1);
    private final Device a = world.device("a", 1);
    private final Device b = world.device("b", 2);
    private final Device c = world.device("c", 2);

    @Test
    void exactChangeCirculatesOverThreeHops() {
        Device d = world.device("d", 1);
        a.load(10_000);
        Tap.pay(a, b, 1234);
        Tap.pay(b, c, 1000);
        Tap.pay(c, d, 999);
        assertThat(a.balance()).isEqualTo(8766);
        assertThat(b.balance()).isEqualTo(234);
        assertThat(c.balance()).isEqualTo(1);
        assertThat(d.balance()).isEqualTo(999);
        assertThat(d.state.purse().slices().values()).allMatch(s -> s.hops() == 3);
        assertThat(a.state.purse().log().values()).allMatch(e -> e.settled());
    }

    @Test
    void anAskedAgainPayerSendsTheSameBytesAndAnAskedAgainPayeeTheSameReceipt() {
        a.load(500);
        Bytes request = b.ask(200);
        Bytes first = Tap.payment(a, request);
        assertThat(Tap.payment(a, request)).isEqualTo(first);
        assertThat(a.balance()).isEqualTo(300);
        Bytes receipt = Tap.deliver(b, first);
        assertThat(TapMessage.decode(receipt)).isInstanceOf(ReceiptMessage.class);
        assertThat(Tap.deliver(b, first)).isEqualTo(receipt);
        assertThat(b.balance()).isEqualTo(200);
    }

    @Test
    void aKillBetweenAnyTwoStoredStepsLosesNothing() {
        a.load(500);
        Bytes request = b.ask(200);
        WalletState payerBefore = a.state;
        Bytes neverStored = Tap.payment(a, request);
        // killed before its commit: the signature died with the process, and the disk knows nothing of it
        a.state = payerBefore;
        Bytes stored = Tap.payment(a, request);
        assertThat(neverStored).isNotEqualTo(stored);
        // killed after its commit, before sending: the same bytes go out
        assertThat(Tap.payment(a, request)).isEqualTo(stored);
        WalletState payeeBefore = b.state;
        Tap.deliver(b, stored);
        b.state = payeeBefore;
        Bytes receipt = Tap.deliver(b, stored);
        assertThat(Tap.deliver(b, stored)).isEqualTo(receipt);
        Tap.acknowledge(a, request, receipt);
        assertThat(a.balance() + b.balance()).isEqualTo(500);
        assertThat(a.state.payments().values()).allMatch(p -> p.receipt().isPresent());
    }

    @Test
    void whatIsNotThePayeesBusinessLeavesItsRequestOpen() {
        a.load(500);
        Bytes mine = b.ask(200);
        Bytes forC = Tap.payment(a, c.ask(100));
        assertThat(Tap.refusal(Tap.deliver(b, forC))).isEqualTo(RefusalCode.WRONG_REQUEST);
        byte[] bent = Tap.payment(a, mine).toArray();
        bent[bent.length - 1] ^= 1;
        Bytes answer = Tap.deliver(b, Bytes.of(bent));
        assertThat(Tap.refusal(answer)).isEqualTo(RefusalCode.CANNOT_OPEN);
        assertThat(((RefusalMessage) TapMessage.decode(answer)).nonReceipt()).isEmpty();
        assertThat(TapMessage.decode(Tap.deliver(b, Tap.payment(a, mine)))).isInstanceOf(ReceiptMessage.class);
    }

    @Test
    void aSecondPaymentForOneRequestGetsTheNonReceiptAndIsOwedBack() {
        a.load(500);
        c.load(500);
        Bytes request = b.ask(200);
        Bytes first = Tap.payment(a, request);
        Bytes second = Tap.payment(c, request);
        Tap.deliver(b, first);
        Bytes answer = Tap.deliver(b, second);
        assertThat(Tap.refusal(answer)).isEqualTo(RefusalCode.NONCE_CONSUMED);
        assertThat(Tap.deliver(b, second)).isEqualTo(answer);
        Tap.acknowledge(c, request, answer);
        assertThat(c.state.payments().values()).allMatch(WalletState.Payment::returnDue);
        assertThat(b.balance()).isEqualTo(200);
        // the first payer is still credited
        assertThat(TapMessage.decode(Tap.deliver(b, first))).isInstanceOf(ReceiptMessage.class);
    }

    @Test
    void aRefusedPaymentClosesTheRequestForGood() {
        a.load(500);
        Bytes request = b.ask(200);
        Bytes payment = Tap.payment(a, request);
        b.state = Wallet.takeBulletin(b.state, world.nextBulletin(Set.of(a.key(0))));
        Bytes answer = Tap.deliver(b, payment);
        assertThat(Tap.refusal(answer)).isEqualTo(RefusalCode.PURSE_REVOKED);
        assertThat(((RefusalMessage) TapMessage.decode(answer)).nonReceipt()).isPresent();
        assertThat(Tap.deliver(b, payment)).isEqualTo(answer);
        b.state = Wallet.takeBulletin(b.state, world.nextBulletin(Set.of()));
        assertThat(Tap.deliver(b, payment)).isEqualTo(answer);
        assertThat(b.balance()).isZero();
        Tap.acknowledge(a, request, answer);
        assertThat(a.state.payments().values()).allMatch(WalletState.Payment::returnDue);
    }

    @Test
    void limitsAreThePursesAndTheReasonIsTheLowestNumber() {
        a.load(900_000);
        assertThat(Tap.refusal(Tap.payment(a, b.ask(100_001)))).isEqualTo(RefusalCode.OVER_PAYMENT_LIMIT);
        assertThat(Tap.refusal(Tap.payment(a, b.ask(10), false))).isEqualTo(RefusalCode.WRONG_PIN);
        world.limits = new Limits(1000, 1500, 2, 1_000_000);
        Device poor = world.device("poor", 1);
        poor.load(5000);
        Tap.pay(poor, b, 800);
        assertThat(Tap.refusal(Tap.payment(poor, b.ask(800)))).isEqualTo(RefusalCode.OVER_TOTAL_LIMIT);
        Tap.pay(poor, b, 100);
        assertThat(Tap.refusal(Tap.payment(poor, b.ask(100)))).isEqualTo(RefusalCode.OVER_COUNT_LIMIT);
        assertThat(Tap.refusal(Tap.payment(b, a.ask(90_000)))).isEqualTo(RefusalCode.INSUFFICIENT_FUNDS);
    }

    @Test
    void receivedMoneyIsFrozenWhereThePolicyAllowsOneHop() {
        world.maxHops = 1;
        a.load(500);
        Tap.pay(a, b, 200);
        assertThat(Tap.refusal(Tap.payment(b, c.ask(50)))).isEqualTo(RefusalCode.FROZEN_UNTIL_SYNC);
    }

    @Test
    void oldRequestsFutureRequestsAndExpiredNotesAreNotPaid() {
        a.load(500);
        Bytes request = b.ask(200);
        org.jiaozi.core.value.Timestamp asked = world.now;
        world.now = asked.plus(new Period(601));
        assertThat(Tap.refusal(Tap.payment(a, request))).isEqualTo(RefusalCode.REQUEST_EXPIRED);
        world.now = asked.minus(new Period(301));
        assertThat(Tap.refusal(Tap.payment(a, request))).isEqualTo(RefusalCode.FUTURE_DATE);
        world.now = asked.plus(Period.ofDays(200));
        world.nextBulletin(Set.of());
        Device late = world.device("late", 1);
        assertThat(Tap.refusal(Tap.payment(a, late.ask(10)))).isIn(RefusalCode.CERTIFICATE_EXPIRED);
        a.command(new org.jiaozi.wallet.purse.PurseCommand.InstallCertificates(java.util.List.of(
                world.certificate(a.state.purse().pseudonyms().getFirst().key(), 0, 0))));
        assertThat(Tap.refusal(Tap.payment(a, late.ask(10)))).isEqualTo(RefusalCode.NOTE_EXPIRED);
    }

    @Test
    void aCopiedPurseConvictsItselfAndNobodyElse() {
        a.load(500);
        Tap.pay(a, c, 1);
        Device clone = a.copy();
        Bytes one = Tap.payment(a, b.ask(200));
        Bytes other = Tap.payment(clone, b.ask(150));
        assertThat(TapMessage.decode(Tap.deliver(b, one))).isInstanceOf(ReceiptMessage.class);
        assertThat(Tap.refusal(Tap.deliver(b, other))).isEqualTo(RefusalCode.FORK_KNOWN);
        Evidence evidence = b.state.evidence().values().iterator().next().evidence();
        assertThat(evidence.culprit()).isEqualTo(a.key(0));
        assertThat(EvidenceCheck.judge(evidence, world.bulletin.statement(), world.crypto))
                .isInstanceOf(EvidenceCheck.Verdict.Convicts.class);
    }

    @Test
    void aForkFurtherBackIsFoundToo() {
        Device m = world.device("m", 1);
        m.load(500);
        Device clone = m.copy();
        Tap.pay(m, a, 300);
        Tap.pay(clone, c, 300);
        Tap.pay(a, b, 100);
        Bytes second = Tap.payment(c, b.ask(100));
        assertThat(Tap.refusal(Tap.deliver(b, second))).isEqualTo(RefusalCode.FORK_KNOWN);
        assertThat(b.state.evidence().values().iterator().next().evidence().culprit())
                .isEqualTo(m.key(0));
    }

    @Test
    void theFresherSideHandsOverTheBulletinAndTheRevokedIsRefused() {
        a.load(500);
        Device m = world.device("m", 1);
        m.load(500);
        world.nextBulletin(Set.of(m.key(0)));
        a.state = Wallet.takeBulletin(a.state, world.bulletin);
        Tap.pay(a, b, 10);
        assertThat(b.state.bulletin()).isEqualTo(world.bulletin);
        assertThat(Tap.refusal(Tap.deliver(b, Tap.payment(m, b.ask(10))))).isEqualTo(RefusalCode.PURSE_REVOKED);
    }

    @Test
    void aPayerThatIsBehindFetchesTheBulletinBeforeItDecides() {
        a.load(500);
        world.nextBulletin(Set.of());
        b.state = Wallet.takeBulletin(b.state, world.bulletin);
        PayerSession.Turn asked = PayerSession.received(a.state, PayerTap.start(), b.ask(20), true, a.context());
        assertThat(asked.decide()).isEmpty();
        PayeeSession.Turn handed =
                PayeeSession.received(b.state, PayeeTap.start(), asked.send().getFirst(), b.context());
        PayerSession.Turn ready =
                PayerSession.received(asked.wallet(), asked.tap(), handed.send().getFirst(), true, a.context());
        assertThat(ready.wallet().bulletin()).isEqualTo(world.bulletin);
        assertThat(ready.decide()).isPresent();
        // a payee that hands over nothing usable keeps nobody from paying
        PayerSession.Turn anyway = PayerSession.received(
                asked.wallet(), asked.tap(), new TapMessage.BulletinMessage(Bytes.EMPTY).encode(), true, a.context());
        assertThat(anyway.decide()).isPresent();
    }

    @Test
    void aRequestOfACopiedNonceIsNotPaidTwice() {
        a.load(500);
        Bytes request = b.ask(200);
        Tap.payment(a, request);
        RequestMessage real = (RequestMessage) TapMessage.decode(request);
        // the payee asks again under the same nonce for another amount: nobody but a broken payee does
        var other = new org.jiaozi.core.statement.Request(
                new org.jiaozi.core.value.Amount(300),
                world.currency,
                real.request().statement().nonce(),
                world.now,
                1,
                "",
                real.request().statement().sealingKey());
        Bytes forged = new RequestMessage(
                        real.certificate(), org.jiaozi.core.statement.Signed.by(world.crypto.signer("b-0"), other))
                .encode();
        assertThat(Tap.refusal(Tap.payment(a, forged))).isEqualTo(RefusalCode.WRONG_REQUEST);
        assertThat(a.balance()).isEqualTo(300);
    }

    @Test
    void aFullLogRefusesUntilAReceiptComes() {
        a.load(100_000);
        int size = world.bulletin.statement().policy().logSize();
        Bytes firstRequest = b.ask(1);
        Bytes firstPayment = Tap.payment(a, firstRequest);
        for (int i = 1; i < size; i++) {
            Tap.payment(a, b.ask(1));
        }
        Bytes more = b.ask(1);
        assertThat(Tap.refusal(Tap.payment(a, more))).isEqualTo(RefusalCode.LOG_FULL);
        Tap.acknowledge(a, firstRequest, Tap.deliver(b, firstPayment));
        assertThat(TapMessage.decode(Tap.payment(a, more))).isInstanceOf(TapMessage.SealedPayment.class);
    }
}
