package org.jiaozi.wallet;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import org.jiaozi.core.message.WalletAnswer;
import org.jiaozi.core.message.WalletMessage;
import org.jiaozi.core.message.WalletRequest;
import org.jiaozi.core.refusal.Refusal;
import org.jiaozi.core.refusal.RefusalCode;
import org.jiaozi.core.statement.Signed;
import org.jiaozi.core.value.Amount;
import org.jiaozi.wallet.World.Device;
import org.jiaozi.wallet.sync.Sync;
import org.jiaozi.wallet.sync.SyncNext;
import org.jiaozi.wallet.sync.SyncRun;
import org.junit.jupiter.api.Test;

/** Spec 07, clause 1: a fault decides nothing and the same message goes out again; a refusal ends the message for good. */
final class RefusedMessageTest {
    /** Exchange everything for one fresh note of 5000. */
    private static final SyncRun.Options REFRESH =
            new SyncRun.Options(Optional.of(new Amount(5_000)), true, List.of(), Optional.empty());

    private final World world = new World(11);
    private final Device a = world.device("a", 1);
    private final Device b = world.device("b", 1);
    private final FakeBank bank = new FakeBank(world, a, 0);

    private Sync.Fresh fresh() {
        return new Sync.Fresh(world.nonce(), world.nonce());
    }

    /** Syncs; the bank acts on what {@code faulty} recognises, and says 804 all the same. */
    private SyncRun sync(Predicate<WalletRequest> faulty) {
        SyncNext next = Sync.next(a.state, SyncRun.start(REFRESH), a.context(), fresh());
        for (int step = 0; step < 50; step++) {
            a.state = next.state();
            switch (next) {
                case SyncNext.FetchBulletin f -> next = Sync.next(a.state, f.run(), a.context(), fresh());
                case SyncNext.Ask ask -> {
                    WalletAnswer answer = bank.answer(ask.message());
                    if (faulty.test(ask.message().statement().body())) {
                        answer = new WalletAnswer.Refused(Refusal.of(RefusalCode.INTERNAL));
                    }
                    next = Sync.answered(a.state, ask.run(), answer, a.context(), fresh());
                }
                case SyncNext.AskAccountKey ignored -> throw new AssertionError("nobody rolled back");
                case SyncNext.Done done -> {
                    return done.run();
                }
            }
        }
        throw new AssertionError("a sync without end");
    }

    @Test
    void aLoadThatMetAFaultIsAskedForAgainUnderItsOwnNonce() {
        a.load(12_000);
        a.load(8_000);
        SyncRun broken = sync(WalletRequest.Load.class::isInstance);
        assertThat(broken.refusals()).contains(Refusal.of(RefusalCode.INTERNAL));
        Signed<WalletMessage> left = a.state.outbox().pending().orElseThrow();
        assertThat(left.statement().body()).isInstanceOf(WalletRequest.Load.class);
        assertThat(a.balance()).isZero();
        sync(body -> false);
        assertThat(a.state.outbox().pending()).isEmpty();
        assertThat(a.balance()).isEqualTo(5_000);
        assertThat(bank.issued).isEqualTo(5_000);
        assertThat(bank.balance).isEqualTo(15_000);
    }

    @Test
    void aReturnThatMetAFaultIsAskedForAgainUnderItsOwnNonce() {
        a.load(5_000);
        var request = b.ask(700);
        var payment = Tap.payment(a, request);
        Device c = world.device("c", 1);
        c.load(700);
        // paid by another meanwhile: the payee denies this one
        Tap.deliver(b, Tap.payment(c, request));
        Tap.acknowledge(a, request, Tap.deliver(b, payment));
        sync(WalletRequest.ReturnUnreceived.class::isInstance);
        assertThat(a.state.outbox().pending().orElseThrow().statement().body())
                .isInstanceOf(WalletRequest.ReturnUnreceived.class);
        sync(body -> false);
        // 700 came back once, and 5000 of what was deposited were loaded afresh
        assertThat(bank.issued).isEqualTo(700 + 5_000);
        assertThat(a.balance()).isEqualTo(5_000);
        assertThat(bank.balance).isZero();
    }

    @Test
    void aRefusedLoadLeavesNoNonceOpenAndTheNextGoDrawsAnother() {
        a.load(12_000);
        a.load(8_000);
        bank.refuseLoads = Optional.of(Refusal.of(RefusalCode.INSUFFICIENT_RESERVE));
        SyncRun refused = sync(body -> false);
        assertThat(refused.refusals()).contains(Refusal.of(RefusalCode.INSUFFICIENT_RESERVE));
        assertThat(a.state.outbox().pending()).isEmpty();
        assertThat(a.state.purse().loads()).isEmpty();
        bank.refuseLoads = Optional.empty();
        sync(body -> false);
        assertThat(a.balance()).isEqualTo(5_000);
        assertThat(bank.issued).isEqualTo(5_000);
        assertThat(a.state.purse().loads()).isEmpty();
    }
}
