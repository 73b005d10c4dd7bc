package org.jiaozi.wallet.sync;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.jiaozi.core.bulletin.Bulletin;
import org.jiaozi.core.bulletin.BulletinChain;
import org.jiaozi.core.bulletin.BulletinDelta;
import org.jiaozi.core.bulletin.InstitutionEntry;
import org.jiaozi.core.codec.Cbor;
import org.jiaozi.core.codec.DecodeException;
import org.jiaozi.core.crypto.PublicKey;
import org.jiaozi.core.evidence.EvidenceFile;
import org.jiaozi.core.lineage.Lineage;
import org.jiaozi.core.lineage.LineageCodec;
import org.jiaozi.core.message.WalletAnswer;
import org.jiaozi.core.message.WalletMessage;
import org.jiaozi.core.message.WalletRequest;
import org.jiaozi.core.refusal.Refusal;
import org.jiaozi.core.refusal.RefusalCode;
import org.jiaozi.core.statement.NonReceipt;
import org.jiaozi.core.statement.PurseCertificate;
import org.jiaozi.core.statement.Signed;
import org.jiaozi.core.statement.SliceRef;
import org.jiaozi.core.value.Amount;
import org.jiaozi.core.value.Bytes;
import org.jiaozi.core.value.Hash;
import org.jiaozi.core.value.InstitutionId;
import org.jiaozi.core.value.Limit;
import org.jiaozi.core.value.Nonce;
import org.jiaozi.core.value.Thumbprint;
import org.jiaozi.wallet.host.Wallet;
import org.jiaozi.wallet.host.WalletContext;
import org.jiaozi.wallet.host.WalletState;
import org.jiaozi.wallet.host.WalletState.FoundEvidence;
import org.jiaozi.wallet.host.WalletState.Outbox;
import org.jiaozi.wallet.host.WalletState.Payment;
import org.jiaozi.wallet.host.WalletState.Received;
import org.jiaozi.wallet.host.WalletStep;
import org.jiaozi.wallet.purse.Pseudonym;
import org.jiaozi.wallet.purse.PurseAnswer;
import org.jiaozi.wallet.purse.PurseCommand;

/**
 * The sync (spec 06, clause 12). {@link #next} says what to do, {@link #answered} takes in what came back; between any two
 * of them the process may die. The order: the bulletin, a message already under way, evidence, uploads, returns, deposits,
 * renewal, and the fresh note last.
 */
public final class Sync {
    private static final int UPLOADS = 64;
    static final Bytes RENEWAL = Bytes.of(new byte[] {'r'});
    static final Bytes UPLOAD = Bytes.of(new byte[] {'u'});
    static final Bytes RELOAD = Bytes.of(new byte[] {'l'});

    /**
     * Random values for one step, drawn by the runner.
     *
     * @param message the message's id
     * @param other of which the purse makes the nonce of a load, a return or a deposit batch
     */
    public record Fresh(Nonce message, Nonce other) {}

    private Sync() {}

    /** The next thing to do. */
    public static SyncNext next(WalletState state, SyncRun run, WalletContext context, Fresh fresh) {
        if (!run.bulletinAsked()) {
            return new SyncNext.FetchBulletin(
                    state, run.askedForBulletin(), state.bulletin().statement().epoch());
        }
        if (run.stopped()) {
            return new SyncNext.Done(state, run);
        }
        Optional<Refusal> gone = gone(state);
        if (gone.isPresent()) {
            return new SyncNext.Done(state, run.refused(RENEWAL, gone.get()));
        }
        if (state.outbox().pending().isPresent()) {
            return new SyncNext.Ask(state, run, state.outbox().pending().get());
        }
        if (state.purse().rolledBack()) {
            return recover(state, run, context, fresh);
        }
        return evidence(state, run, context, fresh)
                .or(() -> uploads(state, run, context, fresh))
                .or(() -> returns(state, run, context, fresh))
                .or(() -> Unanswered.next(state, run, context, fresh))
                .or(() -> deposits(state, run, context, fresh))
                .or(() -> Renewal.next(state, run, context, fresh))
                .or(() -> reload(state, run, context, fresh))
                .orElseGet(() -> new SyncNext.Done(Wallet.tidy(state, context), run));
    }

    /** Takes a fetched bulletin (a COSE array) or delta (a map); one that is refused leaves the one in hand. */
    public static SyncNext bulletin(WalletState state, SyncRun run, Bytes offered, WalletContext context, Fresh fresh) {
        if (offered.equals(state.bulletin().encode())) {
            // most often nothing has changed, and what is in hand was read and checked before
            return next(state, run, context, fresh);
        }
        BulletinChain.Outcome outcome;
        try {
            Cbor item = Cbor.decode(offered, Limit.SERVICE_MESSAGE_BYTES);
            PublicKey root = state.settings().rootKey();
            outcome = item instanceof Cbor.Arr
                    ? BulletinChain.accept(
                            Optional.of(state.bulletin()),
                            Signed.fromCose(item, Bulletin::read),
                            root,
                            context.verifier())
                    : BulletinChain.acceptDelta(
                            state.bulletin(), BulletinDelta.fromCbor(item), root, context.verifier());
        } catch (DecodeException e) {
            outcome = new BulletinChain.Outcome.Refused(e.refusal());
        }
        return switch (outcome) {
            case BulletinChain.Outcome.Accepted a ->
                next(
                        Wallet.takeBulletin(state, a.bulletin()),
                        run.did(
                                SyncRun.Did.FETCHED_BULLETIN,
                                new Amount(a.bulletin().statement().epoch())),
                        context,
                        fresh);
            case BulletinChain.Outcome.Unchanged ignored -> next(state, run, context, fresh);
            case BulletinChain.Outcome.Refused r ->
                next(state, run.refused(UPLOAD.concat(RENEWAL), r.refusal()), context, fresh);
        };
    }

    /** The account key signed; the message goes out like any other. */
    public static SyncNext accountSigned(WalletState state, SyncRun run, Signed<WalletMessage> message) {
        WalletState next =
                state.with(new Outbox(Optional.of(message), state.outbox().toLoad()));
        return new SyncNext.Ask(next, run, message);
    }

    /** The same request again is signed by the same key under the same id, or not at all: it is stored before it is sent. */
    static Optional<SyncNext> ask(
            WalletState state, SyncRun run, WalletRequest body, Thumbprint sender, WalletContext context, Fresh fresh) {
        WalletMessage message =
                new WalletMessage(state.settings().institution(), sender, fresh.message(), context.now(), body);
        return switch (Wallet.purse(state, new PurseCommand.SignMessage(message), context)) {
            case WalletStep.Done<PurseAnswer>(WalletState signed, PurseAnswer answer)
            when answer instanceof PurseAnswer.MessageSigned m -> {
                WalletState next = signed.with(
                        new Outbox(Optional.of(m.message()), signed.outbox().toLoad()));
                yield Optional.of(new SyncNext.Ask(next, run, m.message()));
            }
            case WalletStep.Done<PurseAnswer> d -> throw new IllegalStateException("unsigned: " + d.result());
            case WalletStep.Refused<PurseAnswer> ignored -> Optional.empty();
        };
    }

    /** The key that speaks for the purse: the first that is certified and not dead. */
    static Optional<Thumbprint> speaker(WalletState state) {
        return state.purse().pseudonyms().stream()
                .filter(p -> p.certificate().isPresent() && p.status() == Pseudonym.Status.ACTIVE)
                .map(Pseudonym::thumbprint)
                .findFirst();
    }

    private static Optional<SyncNext> evidence(WalletState state, SyncRun run, WalletContext context, Fresh fresh) {
        for (Map.Entry<Hash, FoundEvidence> e : state.evidence().entrySet()) {
            if (!e.getValue().submitted() && !run.skips(e.getKey().bytes())) {
                Bytes file = new EvidenceFile(e.getValue().evidence(), state.bulletin()).encode();
                return speaker(state)
                        .flatMap(key -> ask(state, run, new WalletRequest.SubmitEvidence(file), key, context, fresh));
            }
        }
        return Optional.empty();
    }

    private static Optional<SyncNext> uploads(WalletState state, SyncRun run, WalletContext context, Fresh fresh) {
        if (run.skips(UPLOAD)) {
            return Optional.empty();
        }
        Map<Hash, Bytes> lineages = new LinkedHashMap<>();
        for (Payment payment : state.payments().values()) {
            if (!payment.uploaded() && lineages.size() < UPLOADS) {
                lineages.put(payment.sent().transfer(), payment.lineage());
            }
        }
        for (Received received : state.requests().values()) {
            Optional<Hash> credited = received.own().answer().flatMap(a -> a.accepted());
            if (!received.uploaded()
                    && credited.isPresent()
                    && lineages.size() < UPLOADS
                    && state.lineage().links().containsKey(credited.get())) {
                Lineage lineage = state.lineage().lineageOf(Set.of(new SliceRef(credited.get(), 0)));
                lineages.put(credited.get(), LineageCodec.encode(lineage));
            }
        }
        if (lineages.isEmpty()) {
            return Optional.empty();
        }
        WalletRequest body = new WalletRequest.Upload(List.copyOf(lineages.values()));
        return speaker(state).flatMap(key -> ask(state, run, body, key, context, fresh));
    }

    private static Optional<SyncNext> returns(WalletState state, SyncRun run, WalletContext context, Fresh fresh) {
        Optional<Thumbprint> holder = speaker(state);
        for (Map.Entry<Nonce, Payment> e : state.payments().entrySet()) {
            Payment payment = e.getValue();
            if (holder.isPresent()
                    && payment.returnDue()
                    && !run.skips(e.getKey().bytes())) {
                Signed<NonReceipt> nonReceipt = payment.nonReceipt().orElseThrow();
                Signed<PurseCertificate> payee = payment.sent().request().certificate();
                return askUnderLoad(
                        state,
                        run,
                        nonce -> new WalletRequest.ReturnUnreceived(
                                payment.lineage(), nonReceipt, payee, holder.get(), nonce),
                        holder.get(),
                        context,
                        fresh);
            }
        }
        return Optional.empty();
    }

    /** Opens a load for {@code holder} and asks for the note that comes under it. */
    private static Optional<SyncNext> askUnderLoad(
            WalletState state,
            SyncRun run,
            Function<Nonce, WalletRequest> body,
            Thumbprint holder,
            WalletContext context,
            Fresh fresh) {
        return switch (Wallet.openLoad(state, holder, fresh.other(), context)) {
            case WalletStep.Done<Nonce>(WalletState opened, Nonce nonce) ->
                ask(opened, run, body.apply(nonce), holder, context, fresh);
            case WalletStep.Refused<Nonce> ignored -> Optional.empty();
        };
    }

    /** Why nothing is asked of the wallet's institution, where the bulletin in hand lists that one as gone: 720. */
    public static Optional<Refusal> gone(WalletState state) {
        return gone(state, state.settings().institution());
    }

    /** The same for any institution. */
    public static Optional<Refusal> gone(WalletState state, InstitutionId institution) {
        return state.bulletin()
                .statement()
                .institution(institution)
                .flatMap(InstitutionEntry::gone)
                .map(since -> new Refusal(
                        RefusalCode.INSTITUTION_GONE, "enroll at another institution, or sync once this one is back"));
    }

    private static Optional<SyncNext> deposits(WalletState state, SyncRun run, WalletContext context, Fresh fresh) {
        Optional<DepositPlan> plan = DepositPlan.next(state, run, context);
        Optional<InstitutionEntry> bank =
                state.bulletin().statement().institution(state.settings().institution());
        Optional<Thumbprint> sender = speaker(state);
        if (plan.isEmpty() || bank.isEmpty() || sender.isEmpty()) {
            return Optional.empty();
        }
        PurseCommand command = new PurseCommand.Deposit(
                plan.get().key(), bank.get().depositThumbprint(), plan.get().inputs(), fresh.other());
        Amount reload = plan.get().reload();
        return switch (Wallet.purse(state, command, context)) {
            case WalletStep.Refused<PurseAnswer> no ->
                Optional.of(next(state, run.refused(DepositPlan.name(plan.get().key()), no.refusal()), context, fresh));
            case WalletStep.Done<PurseAnswer>(WalletState moved, PurseAnswer answer)
            when answer instanceof PurseAnswer.Moved m -> {
                Lineage lineage = state.lineage()
                        .lineageOf(plan.get().inputs().stream()
                                .map(i -> i.source())
                                .toList())
                        .plus(new Lineage.Link(m.transfer(), m.certificate()));
                WalletState noted = moved.with(moved.lineage().plus(lineage))
                        .with(new Outbox(
                                Optional.empty(), moved.outbox().toLoad().plus(reload)));
                yield ask(
                        noted,
                        run,
                        new WalletRequest.Deposit(LineageCodec.encode(lineage)),
                        sender.get(),
                        context,
                        fresh);
            }
            case WalletStep.Done<PurseAnswer> d -> throw new IllegalStateException("not moved: " + d.result());
        };
    }

    /**
     * An old copy signs nothing. The account key, kept outside, reports its keys lost; then they are dead and the wallet
     * enrols anew. What they held comes back by the claim.
     */
    private static SyncNext recover(WalletState state, SyncRun run, WalletContext context, Fresh fresh) {
        if (run.options().accountKey().isEmpty()) {
            return new SyncNext.Done(state, run.refused(RENEWAL, Refusal.of(RefusalCode.ROLLED_BACK)));
        }
        return new SyncNext.AskAccountKey(
                state,
                run,
                new WalletMessage(
                        state.settings().institution(),
                        run.options().accountKey().get().thumbprint(),
                        fresh.message(),
                        context.now(),
                        new WalletRequest.ReportLost("an old copy of the wallet's directory")));
    }

    private static Optional<SyncNext> reload(WalletState state, SyncRun run, WalletContext context, Fresh fresh) {
        Amount due = state.outbox().toLoad();
        if (due.isZero() || run.skips(RELOAD)) {
            return Optional.empty();
        }
        for (Thumbprint key : Wallet.fullestFirst(state)) {
            Amount part = due.min(Wallet.room(state, key));
            if (!part.isZero()) {
                return askUnderLoad(
                        state,
                        run,
                        nonce -> new WalletRequest.Load(part, state.settings().currency(), key, nonce),
                        key,
                        context,
                        fresh);
            }
        }
        // no key has room: the rest stays on the account
        return Optional.of(next(
                state.with(new Outbox(Optional.empty(), Amount.ZERO)),
                run.refused(RELOAD, Refusal.of(RefusalCode.OVER_HOLDING_LIMIT)),
                context,
                fresh));
    }

    /** Takes the answer to the message under way. */
    public static SyncNext answered(
            WalletState state, SyncRun run, WalletAnswer answer, WalletContext context, Fresh fresh) {
        Answers.Taken taken = Answers.take(state, run, answer, context);
        return next(taken.state(), taken.run(), context, fresh);
    }
}
