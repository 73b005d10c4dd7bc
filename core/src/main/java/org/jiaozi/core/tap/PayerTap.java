package org.jiaozi.core.tap;

import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.jiaozi.core.bulletin.Bulletin;
import org.jiaozi.core.bulletin.BulletinChain;
import org.jiaozi.core.codec.DecodeException;
import org.jiaozi.core.crypto.PublicKey;
import org.jiaozi.core.refusal.Refusal;
import org.jiaozi.core.refusal.RefusalCode;
import org.jiaozi.core.statement.NonReceipt;
import org.jiaozi.core.statement.Receipt;
import org.jiaozi.core.statement.Signed;
import org.jiaozi.core.tap.TapMessage.BulletinMessage;
import org.jiaozi.core.tap.TapMessage.BulletinWanted;
import org.jiaozi.core.tap.TapMessage.PaymentMessage;
import org.jiaozi.core.tap.TapMessage.ReceiptMessage;
import org.jiaozi.core.tap.TapMessage.RefusalMessage;
import org.jiaozi.core.tap.TapMessage.RequestMessage;
import org.jiaozi.core.tap.TapMessage.SealedPayment;
import org.jiaozi.core.value.Bytes;
import org.jiaozi.core.value.Hash;
import org.jiaozi.core.value.Nonce;

/**
 * The payer's side of one tap (spec 06, clauses 3 to 6 and 8). The state is of the conversation only; what must outlive it
 * is in the wallet, which answers {@link Event.Paid} after its commit and not before.
 */
public final class PayerTap {
    private PayerTap() {}

    /**
     * A payment already signed.
     *
     * @param request what it answers
     * @param transfer its hash
     * @param message the exact bytes sent, to be sent again
     */
    public record SentPayment(RequestMessage request, Hash transfer, Bytes message) {}

    /** Where the conversation is. */
    public sealed interface State {
        /** Nothing heard yet. */
        record Waiting() implements State {}

        /** The payee knows a later bulletin; it is asked for before anything is decided. */
        record Fetching(RequestMessage request) implements State {}

        /** Owner and purse decide. */
        record Deciding(RequestMessage request) implements State {}

        /** Paid; the answer is not here yet. The payment is final whether it comes or not. */
        record Sent(SentPayment payment) implements State {}

        /** The payee credited it. */
        record Settled(Signed<Receipt> receipt) implements State {}

        /**
         * It ended with a no.
         *
         * @param nonReceipt if present, the value comes back from the institution
         */
        record Ended(Refusal refusal, Optional<Signed<NonReceipt>> nonReceipt) implements State {}
    }

    /** What happens to it. */
    public sealed interface Event {
        /** A message came. */
        record Received(Bytes message) implements Event {}

        /** The wallet signed and made everything durable. */
        record Paid(SentPayment payment) implements Event {}

        /** Owner, wallet or purse said no; nothing was signed. */
        record Declined(Refusal refusal) implements Event {}
    }

    /** What the runner does, in order. */
    public sealed interface Effect {
        record Send(Bytes message) implements Effect {}

        /** Store the bulletin, durable before the next effect. */
        record TakeBulletin(Signed<Bulletin> bulletin) implements Effect {}

        /** Show the request to the owner, let the wallet pay, and answer with Paid or Declined. */
        record Pay(RequestMessage request) implements Effect {}

        record KeepReceipt(Nonce nonce, Signed<Receipt> receipt) implements Effect {}

        /** With it the institution returns the value. */
        record KeepNonReceipt(Nonce nonce, Signed<NonReceipt> nonReceipt) implements Effect {}

        /** Something unusable came and changed nothing. */
        record Report(Refusal refusal) implements Effect {}
    }

    /** The next state, and the effects that lead there. */
    public record Step(State state, List<Effect> effects) {
        public Step {
            effects = List.copyOf(effects);
        }
    }

    /**
     * What the payer knows.
     *
     * @param tap clock, bulletin, ports
     * @param interactive whether the payee can answer before it is paid
     * @param sent the payment made for a nonce, if any
     */
    public record Context(TapContext tap, boolean interactive, Function<Nonce, Optional<SentPayment>> sent) {}

    public static State start() {
        return new State.Waiting();
    }

    /** One step. */
    public static Step step(State state, Event event, Context context) {
        return switch (event) {
            case Event.Received e -> {
                try {
                    yield received(state, TapMessage.decode(e.message()), context);
                } catch (DecodeException bad) {
                    yield report(state, bad.refusal());
                }
            }
            case Event.Paid e ->
                new Step(
                        new State.Sent(e.payment()),
                        List.of(new Effect.Send(e.payment().message())));
            case Event.Declined e -> declined(state, e.refusal());
        };
    }

    private static Step received(State state, TapMessage message, Context context) {
        return switch (message) {
            case RequestMessage m -> request(m, context);
            case BulletinMessage m -> bulletin(state, m.bulletin(), context);
            case ReceiptMessage m -> receipt(state, m.receipt(), context);
            case RefusalMessage m -> refusal(state, m, context);
            case SealedPayment ignored -> report(state, Refusal.of(RefusalCode.WRONG_STATE));
            case PaymentMessage ignored -> report(state, Refusal.of(RefusalCode.WRONG_STATE));
            case BulletinWanted ignored -> report(state, Refusal.of(RefusalCode.WRONG_STATE));
        };
    }

    private static Step request(RequestMessage m, Context context) {
        Optional<SentPayment> before =
                context.sent().apply(m.request().statement().nonce());
        if (before.isPresent()) {
            return before.get().request().request().equals(m.request())
                    ? new Step(
                            new State.Sent(before.get()),
                            List.of(new Effect.Send(before.get().message())))
                    : refuse(m, new Refusal(RefusalCode.WRONG_REQUEST, "another request with a nonce already paid"));
        }
        long epoch = context.tap().bulletin().statement().epoch();
        if (context.interactive() && m.request().statement().epoch() > epoch) {
            return new Step(new State.Fetching(m), List.of(new Effect.Send(new BulletinWanted(epoch).encode())));
        }
        return decide(m, context.tap(), List.of());
    }

    private static Step decide(RequestMessage m, TapContext tap, List<Effect> before) {
        Optional<Refusal> no = RequestCheck.check(m, tap);
        if (no.isPresent()) {
            Step refused = refuse(m, no.get());
            return new Step(refused.state(), join(before, refused.effects()));
        }
        return new Step(new State.Deciding(m), join(before, List.of(new Effect.Pay(m))));
    }

    private static Step bulletin(State state, Bytes offered, Context context) {
        if (offered.size() == 0) {
            // the payee's way of saying that it has none that fits
            return goOn(state, context, List.of());
        }
        return switch (context.tap().judge(offered)) {
            case BulletinChain.Outcome.Accepted a -> {
                List<Effect> take = List.of(new Effect.TakeBulletin(a.bulletin()));
                yield state instanceof State.Fetching f
                        ? decide(f.request(), context.tap().with(a.bulletin()), take)
                        : new Step(state, take);
            }
            case BulletinChain.Outcome.Unchanged ignored -> goOn(state, context, List.of());
            case BulletinChain.Outcome.Refused r -> goOn(state, context, List.of(new Effect.Report(r.refusal())));
        };
    }

    /** A bulletin that cannot be had is no reason not to pay: being fresh is the payee's interest. */
    private static Step goOn(State state, Context context, List<Effect> effects) {
        return state instanceof State.Fetching f
                ? decide(f.request(), context.tap(), effects)
                : new Step(state, effects);
    }

    private static Step receipt(State state, Signed<Receipt> receipt, Context context) {
        if (!(state instanceof State.Sent sent)) {
            return report(state, Refusal.of(RefusalCode.WRONG_STATE));
        }
        SentPayment payment = sent.payment();
        Nonce nonce = payment.request().request().statement().nonce();
        if (!receipt.statement().nonce().equals(nonce)
                || !receipt.statement().transfer().equals(payment.transfer())) {
            return report(state, new Refusal(RefusalCode.WRONG_REQUEST, "a receipt for another payment"));
        }
        if (!receipt.verifies(context.tap().verifier(), payeeKey(payment))) {
            return report(state, new Refusal(RefusalCode.BAD_SIGNATURE, "the receipt"));
        }
        return new Step(new State.Settled(receipt), List.of(new Effect.KeepReceipt(nonce, receipt)));
    }

    private static Step refusal(State state, RefusalMessage m, Context context) {
        if (state instanceof State.Fetching f) {
            return decide(f.request(), context.tap(), List.of(new Effect.Report(m.refusal())));
        }
        if (!(state instanceof State.Sent sent)) {
            return new Step(new State.Ended(m.refusal(), Optional.empty()), List.of());
        }
        SentPayment payment = sent.payment();
        Nonce nonce = payment.request().request().statement().nonce();
        Optional<Signed<NonReceipt>> proof = m.nonReceipt()
                .filter(n -> n.statement().nonce().equals(nonce)
                        && n.statement().denies(payment.transfer())
                        && n.verifies(context.tap().verifier(), payeeKey(payment)));
        return new Step(
                new State.Ended(m.refusal(), proof),
                proof.<Effect>map(n -> new Effect.KeepNonReceipt(nonce, n)).stream()
                        .toList());
    }

    private static Step declined(State state, Refusal refusal) {
        if (state instanceof State.Deciding deciding) {
            return refuse(deciding.request(), refusal);
        }
        return report(state, refusal);
    }

    /** The payee learns the number; the detail, which may tell how much the payer has, stays here. */
    private static Step refuse(RequestMessage m, Refusal refusal) {
        RefusalMessage answer = new RefusalMessage(
                Refusal.of(refusal.code()), m.request().statement().nonce(), Optional.empty());
        return new Step(new State.Ended(refusal, Optional.empty()), List.of(new Effect.Send(answer.encode())));
    }

    private static Step report(State state, Refusal refusal) {
        return new Step(state, List.of(new Effect.Report(refusal)));
    }

    private static PublicKey payeeKey(SentPayment payment) {
        return payment.request().certificate().statement().key();
    }

    private static List<Effect> join(List<Effect> one, List<Effect> other) {
        return java.util.stream.Stream.concat(one.stream(), other.stream()).toList();
    }
}
