package org.jiaozi.wallet.host;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jiaozi.core.refusal.Refusal;
import org.jiaozi.core.tap.PayerTap;
import org.jiaozi.core.tap.PayerTap.Effect;
import org.jiaozi.core.tap.TapMessage.RequestMessage;
import org.jiaozi.core.value.Bytes;
import org.jiaozi.core.value.Nonce;

/** Runs the payer's machine over a wallet. The runner stores {@link Turn#wallet} before it sends {@link Turn#send}. */
public final class PayerSession {
    private PayerSession() {}

    /**
     * What one event led to.
     *
     * @param wallet to be durable first
     * @param tap where the conversation is
     * @param send messages, in order
     * @param decide a request that owner and PIN must decide on; answer with {@link #approve} or {@link #decline}
     * @param reports what was unusable and changed nothing
     */
    public record Turn(
            WalletState wallet,
            PayerTap.State tap,
            List<Bytes> send,
            Optional<RequestMessage> decide,
            List<Refusal> reports) {
        public Turn {
            send = List.copyOf(send);
            reports = List.copyOf(reports);
        }
    }

    /**
     * A message came.
     *
     * @param interactive whether the payee can answer before it is paid: true on a stream
     */
    public static Turn received(
            WalletState wallet, PayerTap.State tap, Bytes message, boolean interactive, WalletContext context) {
        return turn(wallet, tap, new PayerTap.Event.Received(message), interactive, context);
    }

    /** The owner agreed, and the context says that the PIN was given: pay. */
    public static Turn approve(WalletState wallet, PayerTap.State tap, RequestMessage request, WalletContext context) {
        return switch (Paying.pay(wallet, request, context)) {
            case WalletStep.Done<PayerTap.SentPayment> d ->
                turn(d.state(), tap, new PayerTap.Event.Paid(d.result()), false, context);
            case WalletStep.Refused<PayerTap.SentPayment> r ->
                turn(wallet, tap, new PayerTap.Event.Declined(r.refusal()), false, context);
        };
    }

    /** The owner did not. */
    public static Turn decline(WalletState wallet, PayerTap.State tap, Refusal refusal, WalletContext context) {
        return turn(wallet, tap, new PayerTap.Event.Declined(refusal), false, context);
    }

    /**
     * Puts a conversation back to where an earlier one broke off, so that a receipt that comes by another way is
     * understood; empty if nothing was paid for that nonce.
     */
    public static Optional<PayerTap.State> resume(WalletState wallet, Nonce nonce) {
        return Optional.ofNullable(wallet.payments().get(nonce)).map(p -> new PayerTap.State.Sent(p.sent()));
    }

    private static Turn turn(
            WalletState before, PayerTap.State tap, PayerTap.Event event, boolean interactive, WalletContext context) {
        PayerTap.Context known = new PayerTap.Context(
                context.tap(before),
                interactive,
                nonce -> Optional.ofNullable(before.payments().get(nonce)).map(WalletState.Payment::sent));
        PayerTap.Step step = PayerTap.step(tap, event, known);
        WalletState wallet = before;
        List<Bytes> send = new ArrayList<>();
        List<Refusal> reports = new ArrayList<>();
        Optional<RequestMessage> decide = Optional.empty();
        for (Effect effect : step.effects()) {
            switch (effect) {
                case Effect.Send e -> send.add(e.message());
                case Effect.TakeBulletin e -> wallet = Wallet.takeBulletin(wallet, e.bulletin());
                case Effect.Pay e -> decide = Optional.of(e.request());
                case Effect.KeepReceipt e -> wallet = Wallet.keepReceipt(wallet, e.nonce(), e.receipt(), context);
                case Effect.KeepNonReceipt e -> wallet = Wallet.keepNonReceipt(wallet, e.nonce(), e.nonReceipt());
                case Effect.Report e -> reports.add(e.refusal());
            }
        }
        return new Turn(wallet, step.state(), send, decide, reports);
    }
}
