package org.jiaozi.wallet.host;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import org.jiaozi.core.refusal.Refusal;
import org.jiaozi.core.tap.PayeeTap;
import org.jiaozi.core.tap.PayeeTap.Effect;
import org.jiaozi.core.tap.PayeeTap.Event;
import org.jiaozi.core.value.Bytes;

/** Runs the payee's machine over a wallet. The runner stores {@link Turn#wallet} before it sends {@link Turn#send}. */
public final class PayeeSession {
    private PayeeSession() {}

    /**
     * What one message led to.
     *
     * @param wallet to be durable first
     * @param tap where the conversation is
     * @param send messages, in order
     * @param reports what was unusable and changed nothing
     */
    public record Turn(WalletState wallet, PayeeTap.State tap, List<Bytes> send, List<Refusal> reports) {
        public Turn {
            send = List.copyOf(send);
            reports = List.copyOf(reports);
        }
    }

    /** A message came; what is credited or closed is in {@link Turn#wallet} together with its answer. */
    public static Turn received(WalletState before, PayeeTap.State tap, Bytes message, WalletContext context) {
        WalletState wallet = before;
        PayeeTap.State state = tap;
        List<Bytes> send = new ArrayList<>();
        List<Refusal> reports = new ArrayList<>();
        Deque<Event> events = new ArrayDeque<>(List.of(new Event.Received(message)));
        while (!events.isEmpty()) {
            PayeeTap.Step step = PayeeTap.step(state, events.removeFirst(), known(wallet, context));
            state = step.state();
            for (Effect effect : step.effects()) {
                switch (effect) {
                    case Effect.Send e -> send.add(e.message());
                    case Effect.TakeBulletin e -> wallet = Wallet.takeBulletin(wallet, e.bulletin());
                    case Effect.Credit e -> {
                        WalletStep<PayeeTap.Answer> done =
                                Wallet.credit(wallet, e.nonce(), e.payment(), e.slices(), context);
                        wallet = stateOf(done, wallet);
                        events.add(eventOf(done));
                    }
                    case Effect.Close e -> {
                        WalletStep<PayeeTap.Answer> done = Wallet.close(wallet, e.nonce(), e.refusal(), context);
                        wallet = stateOf(done, wallet);
                        events.add(eventOf(done));
                    }
                    case Effect.KeepEvidence e -> wallet = Wallet.keepEvidence(wallet, e.evidence());
                    case Effect.Report e -> reports.add(e.refusal());
                }
            }
        }
        return new Turn(wallet, state, send, reports);
    }

    private static PayeeTap.Context known(WalletState wallet, WalletContext context) {
        return new PayeeTap.Context(
                context.tap(wallet),
                nonce -> Optional.ofNullable(wallet.requests().get(nonce)).map(WalletState.Received::own),
                wallet.lineage()::conflict,
                epoch -> Wallet.bulletinSince(wallet, epoch));
    }

    private static WalletState stateOf(WalletStep<PayeeTap.Answer> step, WalletState before) {
        return switch (step) {
            case WalletStep.Done<PayeeTap.Answer> d -> d.state();
            case WalletStep.Refused<PayeeTap.Answer> ignored -> before;
        };
    }

    private static Event eventOf(WalletStep<PayeeTap.Answer> step) {
        return switch (step) {
            case WalletStep.Done<PayeeTap.Answer> d -> new Event.Answered(d.result());
            case WalletStep.Refused<PayeeTap.Answer> r -> new Event.Declined(r.refusal());
        };
    }
}
