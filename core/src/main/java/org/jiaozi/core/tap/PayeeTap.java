package org.jiaozi.core.tap;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.LongFunction;
import org.jiaozi.core.bulletin.Bulletin;
import org.jiaozi.core.bulletin.BulletinChain;
import org.jiaozi.core.codec.DecodeException;
import org.jiaozi.core.crypto.Sealer;
import org.jiaozi.core.evidence.Evidence;
import org.jiaozi.core.lineage.Lineage;
import org.jiaozi.core.lineage.Slice;
import org.jiaozi.core.refusal.Refusal;
import org.jiaozi.core.refusal.RefusalCode;
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
 * The payee's side of one tap (spec 06, clauses 2, 7 and 8). A payment finds its request by nonce, so it may come in any
 * later conversation and over any channel; the state here is only what this conversation waits for.
 */
public final class PayeeTap {
    private PayeeTap() {}

    /**
     * A request of this wallet's purse.
     *
     * @param message as it was sent
     * @param sealingKey opens payments for it
     * @param answer what the payer was told, if it was paid or closed
     */
    public record OwnRequest(RequestMessage message, Sealer.KeyPair sealingKey, Optional<Answer> answer) {}

    /**
     * How a request was answered.
     *
     * @param accepted the credited transfer, empty if closed without one
     * @param message the exact bytes, to be sent again
     */
    public record Answer(Optional<Hash> accepted, Bytes message) {}

    /** Where the conversation is. */
    public sealed interface State {
        /** Waiting for a message. */
        record Waiting() implements State {}

        /** The purse is asked to credit {@code payment}. */
        record Crediting(Nonce nonce, Lineage payment) implements State {}

        /** The purse is asked for the non-receipt. */
        record Closing(Nonce nonce, Refusal refusal) implements State {}

        /** The answer is out. */
        record Answered(Answer answer) implements State {}

        /** It ended with a no that closed nothing; the request stays open. */
        record Ended(Refusal refusal) implements State {}
    }

    /** What happens to it. */
    public sealed interface Event {
        /** The purse opened a request, durable by now. */
        record Opened(RequestMessage request) implements Event {}

        /** A message came. */
        record Received(Bytes message) implements Event {}

        /** The purse credited or closed, and the answer is durable. */
        record Answered(Answer answer) implements Event {}

        /** The purse will not credit it. */
        record Declined(Refusal refusal) implements Event {}
    }

    /** What the runner does, in order. */
    public sealed interface Effect {
        record Send(Bytes message) implements Effect {}

        /** Store the bulletin, durable before the next effect. */
        record TakeBulletin(Signed<Bulletin> bulletin) implements Effect {}

        /** Let the purse credit; answer with Answered (a receipt) or Declined. */
        record Credit(Nonce nonce, Lineage payment, List<Slice> slices) implements Effect {}

        /** Let the purse close the nonce for good; answer with Answered (a refusal with its non-receipt). */
        record Close(Nonce nonce, Refusal refusal) implements Effect {}

        /** Keep evidence for the next sync. */
        record KeepEvidence(Evidence evidence) implements Effect {}

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
     * What the payee knows.
     *
     * @param tap clock, bulletin, ports
     * @param requests this purse's requests by nonce
     * @param conflict finds what contradicts a lineage among the transfers seen
     * @param bulletinSince the bulletin or delta for a device of that epoch, if one fits a message
     */
    public record Context(
            TapContext tap,
            Function<Nonce, Optional<OwnRequest>> requests,
            Function<Lineage, Optional<Evidence>> conflict,
            LongFunction<Optional<Bytes>> bulletinSince) {}

    public static State start() {
        return new State.Waiting();
    }

    /** One step. */
    public static Step step(State state, Event event, Context context) {
        return switch (event) {
            case Event.Opened e ->
                new Step(
                        new State.Waiting(), List.of(new Effect.Send(e.request().encode())));
            case Event.Received e -> {
                try {
                    yield received(state, TapMessage.decode(e.message()), context);
                } catch (DecodeException bad) {
                    yield report(state, bad.refusal());
                }
            }
            case Event.Answered e ->
                new Step(
                        new State.Answered(e.answer()),
                        List.of(new Effect.Send(e.answer().message())));
            case Event.Declined e ->
                state instanceof State.Crediting c
                        ? new Step(
                                new State.Closing(c.nonce(), e.refusal()),
                                List.of(new Effect.Close(c.nonce(), e.refusal())))
                        : new Step(new State.Ended(e.refusal()), List.of(new Effect.Report(e.refusal())));
        };
    }

    private static Step received(State state, TapMessage message, Context context) {
        return switch (message) {
            case SealedPayment m -> {
                Optional<OwnRequest> own = context.requests().apply(m.nonce());
                yield own.isEmpty()
                        ? refuse(m.nonce(), Refusal.of(RefusalCode.WRONG_REQUEST))
                        : sealed(own.get(), m, context);
            }
            case PaymentMessage m -> {
                Nonce nonce = m.lineage().head().transfer().statement().nonce();
                Optional<OwnRequest> own = context.requests().apply(nonce);
                yield own.isEmpty()
                        ? refuse(nonce, Refusal.of(RefusalCode.WRONG_REQUEST))
                        : payment(own.get(), m, context);
            }
            case BulletinWanted m -> {
                Optional<Bytes> bulletin = context.bulletinSince().apply(m.epoch());
                yield new Step(
                        state,
                        List.of(new Effect.Send(bulletin.<TapMessage>map(BulletinMessage::new)
                                .orElse(new BulletinMessage(Bytes.EMPTY))
                                .encode())));
            }
            case BulletinMessage m ->
                switch (context.tap().judge(m.bulletin())) {
                    case BulletinChain.Outcome.Accepted a ->
                        new Step(state, List.of(new Effect.TakeBulletin(a.bulletin())));
                    case BulletinChain.Outcome.Unchanged ignored -> new Step(state, List.of());
                    case BulletinChain.Outcome.Refused r -> report(state, r.refusal());
                };
            // the payer's word alone closes nothing: a payment may still come
            case RefusalMessage m -> new Step(new State.Ended(m.refusal()), List.of());
            case RequestMessage ignored -> report(state, Refusal.of(RefusalCode.WRONG_STATE));
            case ReceiptMessage ignored -> report(state, Refusal.of(RefusalCode.WRONG_STATE));
        };
    }

    private static Step sealed(OwnRequest own, SealedPayment m, Context context) {
        try {
            return payment(
                    own,
                    PaymentSeal.open(
                            context.tap().sealer(),
                            own.sealingKey(),
                            own.message().request(),
                            m),
                    context);
        } catch (DecodeException bad) {
            return refuse(m.nonce(), bad.refusal());
        }
    }

    private static Step payment(OwnRequest own, PaymentMessage m, Context context) {
        List<Effect> effects = new ArrayList<>();
        TapContext tap = context.tap();
        if (m.bulletin().isPresent()) {
            switch (tap.judge(m.bulletin().get())) {
                case BulletinChain.Outcome.Accepted a -> {
                    effects.add(new Effect.TakeBulletin(a.bulletin()));
                    tap = tap.with(a.bulletin());
                }
                case BulletinChain.Outcome.Unchanged ignored -> {}
                case BulletinChain.Outcome.Refused r -> effects.add(new Effect.Report(r.refusal()));
            }
        }
        Step step = own.answer().isPresent()
                ? again(own, own.answer().get(), m.lineage(), tap)
                : first(own, m.lineage(), context, tap);
        effects.addAll(step.effects());
        return new Step(step.state(), effects);
    }

    private static Step first(OwnRequest own, Lineage payment, Context context, TapContext tap) {
        Nonce nonce = own.message().request().statement().nonce();
        return switch (PaymentCheck.check(payment, own.message(), tap, context.conflict())) {
            case PaymentCheck.Result.Sound sound ->
                new Step(
                        new State.Crediting(nonce, payment),
                        List.of(new Effect.Credit(nonce, payment, sound.slices())));
            case PaymentCheck.Result.Unsound no -> {
                List<Effect> effects = new ArrayList<>();
                no.evidence().ifPresent(e -> effects.add(new Effect.KeepEvidence(e)));
                Step answer = no.authentic()
                        ? new Step(
                                new State.Closing(nonce, no.refusal()), List.of(new Effect.Close(nonce, no.refusal())))
                        : refuse(nonce, no.refusal());
                effects.addAll(answer.effects());
                yield new Step(answer.state(), effects);
            }
        };
    }

    /** The same payment again gets the same answer; another one for the same request gets the non-receipt. */
    private static Step again(OwnRequest own, Answer answer, Lineage payment, TapContext tap) {
        Lineage.Link head = payment.head();
        if (answer.accepted().isEmpty()
                || answer.accepted().get().equals(head.transfer().hash())) {
            return new Step(new State.Answered(answer), List.of(new Effect.Send(answer.message())));
        }
        Nonce nonce = own.message().request().statement().nonce();
        Refusal consumed = Refusal.of(RefusalCode.NONCE_CONSUMED);
        return PaymentCheck.isAuthentic(payment, own.message(), tap)
                ? new Step(new State.Closing(nonce, consumed), List.of(new Effect.Close(nonce, consumed)))
                : refuse(nonce, consumed);
    }

    private static Step refuse(Nonce nonce, Refusal refusal) {
        return new Step(
                new State.Ended(refusal),
                List.of(new Effect.Send(new RefusalMessage(refusal, nonce, Optional.empty()).encode())));
    }

    private static Step report(State state, Refusal refusal) {
        return new Step(state, List.of(new Effect.Report(refusal)));
    }
}
