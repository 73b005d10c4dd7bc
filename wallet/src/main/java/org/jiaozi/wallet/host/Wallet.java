package org.jiaozi.wallet.host;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jiaozi.core.bulletin.Bulletin;
import org.jiaozi.core.bulletin.BulletinDelta;
import org.jiaozi.core.crypto.Sealer;
import org.jiaozi.core.evidence.Evidence;
import org.jiaozi.core.lineage.Lineage;
import org.jiaozi.core.lineage.Slice;
import org.jiaozi.core.message.WalletRequest;
import org.jiaozi.core.refusal.Refusal;
import org.jiaozi.core.refusal.RefusalCode;
import org.jiaozi.core.statement.NonReceipt;
import org.jiaozi.core.statement.Note;
import org.jiaozi.core.statement.Receipt;
import org.jiaozi.core.statement.Request;
import org.jiaozi.core.statement.Signed;
import org.jiaozi.core.statement.SliceRef;
import org.jiaozi.core.tap.PayeeTap.Answer;
import org.jiaozi.core.tap.PayeeTap.OwnRequest;
import org.jiaozi.core.tap.TapMessage;
import org.jiaozi.core.tap.TapMessage.ReceiptMessage;
import org.jiaozi.core.tap.TapMessage.RefusalMessage;
import org.jiaozi.core.tap.TapMessage.RequestMessage;
import org.jiaozi.core.value.Amount;
import org.jiaozi.core.value.Bytes;
import org.jiaozi.core.value.Hash;
import org.jiaozi.core.value.Nonce;
import org.jiaozi.core.value.PlainText;
import org.jiaozi.core.value.Thumbprint;
import org.jiaozi.wallet.host.WalletState.FoundEvidence;
import org.jiaozi.wallet.host.WalletState.Outbox;
import org.jiaozi.wallet.host.WalletState.Payment;
import org.jiaozi.wallet.host.WalletState.Received;
import org.jiaozi.wallet.purse.Pseudonym;
import org.jiaozi.wallet.purse.PurseAnswer;
import org.jiaozi.wallet.purse.PurseCommand;
import org.jiaozi.wallet.purse.PurseState;
import org.jiaozi.wallet.purse.PurseStep;

/** What a wallet does with its purse and its memory besides paying; each act is one state (spec 06, clauses 2 and 8). */
public final class Wallet {
    private Wallet() {}

    /** Has the purse carry out {@code command}. */
    public static WalletStep<PurseAnswer> purse(WalletState state, PurseCommand command, WalletContext context) {
        return switch (context.element().execute(state.purse(), command, context.purse(state))) {
            case PurseStep.Done d -> new WalletStep.Done<>(state.with(d.state()), d.answer());
            case PurseStep.Refused r -> new WalletStep.Refused<>(r.refusal());
        };
    }

    /**
     * Opens a request under the active pseudonym that holds most and has room.
     *
     * @param random 16 bytes drawn for it, of which the purse makes the nonce
     * @param sealing drawn for it
     */
    public static WalletStep<RequestMessage> ask(
            WalletState state,
            Amount amount,
            String reference,
            Nonce random,
            Sealer.KeyPair sealing,
            WalletContext context) {
        if (reference.getBytes(StandardCharsets.UTF_8).length > Request.MAX_REFERENCE) {
            return WalletStep.no(
                    RefusalCode.FIELD_TOO_LONG, "a reference of more than " + Request.MAX_REFERENCE + " bytes");
        }
        if (!PlainText.isPlain(reference)) {
            return WalletStep.no(RefusalCode.MALFORMED, "a reference with a control character");
        }
        if (amount.isZero()) {
            return WalletStep.no(RefusalCode.OUT_OF_RANGE, "a request for nothing");
        }
        Optional<Refusal> lowest = Optional.empty();
        for (Thumbprint key : fullestFirst(state)) {
            PurseCommand command = new PurseCommand.OpenRequest(key, amount, random, reference, sealing.publicKey());
            WalletStep<RequestMessage> asked =
                    purse(state, command, context).then((next, answer) -> opened(next, sealing, answer));
            switch (asked) {
                case WalletStep.Done<RequestMessage> done -> {
                    return done;
                }
                case WalletStep.Refused<RequestMessage> no -> {
                    if (lowest.isEmpty()
                            || no.refusal().code().number()
                                    < lowest.get().code().number()) {
                        lowest = Optional.of(no.refusal());
                    }
                }
            }
        }
        RefusalCode without = state.purse().rolledBack() ? RefusalCode.ROLLED_BACK : RefusalCode.NOT_ENROLLED;
        return new WalletStep.Refused<>(lowest.orElse(Refusal.of(without)));
    }

    private static WalletStep<RequestMessage> opened(WalletState state, Sealer.KeyPair sealing, PurseAnswer answer) {
        if (!(answer instanceof PurseAnswer.Opened opened)) {
            throw new IllegalStateException("a purse that opens no request: " + answer);
        }
        OwnRequest own = new OwnRequest(opened.request(), sealing, Optional.empty());
        Nonce nonce = opened.request().request().statement().nonce();
        return new WalletStep.Done<>(state.with(nonce, new Received(own, false)), opened.request());
    }

    /** Active, certified keys, the one that holds most first: only value under one key can be paid together. */
    public static List<Thumbprint> fullestFirst(WalletState state) {
        return state.purse().pseudonyms().stream()
                .filter(p ->
                        p.status() == Pseudonym.Status.ACTIVE && p.certificate().isPresent())
                .map(Pseudonym::thumbprint)
                .sorted(Comparator.comparing((Thumbprint key) -> state.purse().holding(key))
                        .reversed())
                .toList();
    }

    /** How much more a key may hold by its certificate; nothing without one. */
    public static Amount room(WalletState state, Thumbprint key) {
        long most = state.purse()
                .pseudonym(key)
                .flatMap(Pseudonym::certificate)
                .map(c -> c.statement().limits().holding())
                .orElse(0L);
        return new Amount(Math.max(0, most - state.purse().holding(key).minor()));
    }

    /** How many hops a held slice may have here and now. */
    public static int hopLimit(WalletState state, Slice slice, WalletContext context) {
        Signed<Note> note = Objects.requireNonNull(state.lineage().notes().get(slice.note()));
        return state.bulletin()
                .statement()
                .policy()
                .hopLimit(note.statement(), context.now(), state.settings().region());
    }

    /** Whether a payee would refuse a held slice because its money passed through a revoked purse. */
    public static boolean throughRevoked(WalletState state, Slice slice) {
        return state.lineage().lineageOf(Set.of(slice.source())).links().stream()
                .anyMatch(link -> state.bulletin().statement().isRevoked(link.signer()));
    }

    /** The bulletin or delta for a device of {@code epoch}; nothing if that one is as fresh, or if none fits a tap. */
    public static Optional<Bytes> bulletinSince(WalletState state, long epoch) {
        Signed<Bulletin> newest = state.bulletin();
        if (newest.statement().epoch() <= epoch) {
            return Optional.empty();
        }
        return state.bulletins().stream()
                .filter(b -> b.statement().epoch() == epoch)
                .findFirst()
                .map(old -> BulletinDelta.between(old, newest).encode())
                .or(() -> Optional.of(newest.encode()))
                .filter(b -> b.size() <= TapMessage.MAX_BULLETIN);
    }

    /** Credits a checked payment and writes the receipt down with it. */
    public static WalletStep<Answer> credit(
            WalletState state, Nonce nonce, Lineage payment, List<Slice> slices, WalletContext context) {
        PurseCommand command = new PurseCommand.Credit(payment.head().transfer(), slices);
        return purse(state, command, context).then((next, answer) -> {
            if (!(answer instanceof PurseAnswer.Credited credited)) {
                throw new IllegalStateException("a purse that credits nothing: " + answer);
            }
            Bytes message = new ReceiptMessage(credited.receipt()).encode();
            Answer said = new Answer(Optional.of(payment.head().transfer().hash()), message);
            return answered(next.with(next.lineage().plus(payment)), nonce, said);
        });
    }

    /** Closes a request for good, with the non-receipt. What a credited request was told before stays as it is. */
    public static WalletStep<Answer> close(WalletState state, Nonce nonce, Refusal refusal, WalletContext context) {
        return purse(state, new PurseCommand.Close(nonce), context).then((next, answer) -> {
            if (!(answer instanceof PurseAnswer.Closed closed)) {
                throw new IllegalStateException("a purse that closes nothing: " + answer);
            }
            Answer said = new Answer(
                    closed.nonReceipt().statement().accepted(),
                    new RefusalMessage(refusal, nonce, Optional.of(closed.nonReceipt())).encode());
            return said.accepted().isPresent() ? new WalletStep.Done<>(next, said) : answered(next, nonce, said);
        });
    }

    private static WalletStep<Answer> answered(WalletState state, Nonce nonce, Answer answer) {
        Received received = state.requests().get(nonce);
        if (received == null) {
            return WalletStep.no(RefusalCode.WRONG_REQUEST, "not a request of this wallet");
        }
        OwnRequest own = new OwnRequest(received.own().message(), received.own().sealingKey(), Optional.of(answer));
        return new WalletStep.Done<>(state.with(nonce, new Received(own, false)), answer);
    }

    /**
     * Opens a load for {@code holder} and says under which nonce its note must come. Where the purse has as many open as it
     * can, one under which nothing is under way makes room: somebody opened it behind this wallet's back.
     *
     * @param random 16 bytes drawn for it, of which the purse makes the nonce
     */
    public static WalletStep<Nonce> openLoad(
            WalletState state, Thumbprint holder, Nonce random, WalletContext context) {
        List<Nonce> open = state.purse().loadsAsked();
        Optional<Nonce> idle = open.size() < PurseState.MAX_LOADS ? Optional.empty() : idle(state, open);
        return idle.isEmpty()
                ? openOne(state, holder, random, context)
                : purse(state, new PurseCommand.DropLoad(idle.get()), context)
                        .then((next, dropped) -> openOne(next, holder, random, context));
    }

    /** One that the message under way does not wait for. */
    private static Optional<Nonce> idle(WalletState state, List<Nonce> loads) {
        Optional<Nonce> asked = state.outbox().pending().flatMap(m -> switch (m.statement()
                .body()) {
            case WalletRequest.Load load -> Optional.of(load.loadNonce());
            case WalletRequest.ReturnUnreceived denied -> Optional.of(denied.loadNonce());
            default -> Optional.empty();
        });
        return loads.stream().filter(load -> !asked.equals(Optional.of(load))).findFirst();
    }

    private static WalletStep<Nonce> openOne(
            WalletState state, Thumbprint holder, Nonce random, WalletContext context) {
        return purse(state, new PurseCommand.OpenLoad(holder, random), context).then((next, answer) -> {
            if (!(answer instanceof PurseAnswer.LoadOpened opened)) {
                throw new IllegalStateException("a purse that opens no load: " + answer);
            }
            return new WalletStep.Done<>(next, opened.nonce());
        });
    }

    /** Takes a note that answers an open load. */
    public static WalletStep<Slice> load(WalletState state, Signed<Note> note, WalletContext context) {
        return purse(state, new PurseCommand.CreditNote(note), context).then((next, answer) -> {
            if (!(answer instanceof PurseAnswer.Loaded loaded)) {
                throw new IllegalStateException("a purse that loads nothing: " + answer);
            }
            return new WalletStep.Done<>(next.with(next.lineage().plus(Lineage.of(note))), loaded.slice());
        });
    }

    /** Keeps a bulletin that {@link org.jiaozi.core.bulletin.BulletinChain} accepted; an older one changes nothing. */
    public static WalletState takeBulletin(WalletState state, Signed<Bulletin> bulletin) {
        if (bulletin.statement().epoch() <= state.bulletin().statement().epoch()) {
            return state;
        }
        List<Signed<Bulletin>> next = new ArrayList<>(state.bulletins());
        next.add(bulletin);
        return state.withBulletins(next.subList(Math.max(0, next.size() - WalletState.MAX_BULLETINS), next.size()));
    }

    /** Keeps a checked receipt; the purse's log entry may be reused. */
    public static WalletState keepReceipt(
            WalletState state, Nonce nonce, Signed<Receipt> receipt, WalletContext context) {
        Payment payment = state.payments().get(nonce);
        if (payment == null) {
            return state;
        }
        PurseCommand command =
                new PurseCommand.Acknowledge(Set.of(payment.sent().transfer()));
        return switch (purse(state, command, context)) {
            case WalletStep.Done<PurseAnswer> d -> d.state().with(nonce, payment.with(receipt));
            case WalletStep.Refused<PurseAnswer> ignored -> state.with(nonce, payment.with(receipt));
        };
    }

    /** Keeps a checked non-receipt: the next sync asks for the value. */
    public static WalletState keepNonReceipt(WalletState state, Nonce nonce, Signed<NonReceipt> nonReceipt) {
        Payment payment = state.payments().get(nonce);
        return payment == null ? state : state.with(nonce, payment.denied(nonReceipt));
    }

    /** Keeps evidence for the next sync; the same pair is kept once. */
    public static WalletState keepEvidence(WalletState state, Evidence evidence) {
        return state.evidence().containsKey(WalletState.nameOf(evidence))
                ? state
                : state.with(new FoundEvidence(evidence, false));
    }

    /**
     * From here on this is an old copy. A report under way goes: it may have been answered in the time that the copy does not
     * know of, and whoever got that answer again would take keys for reported that were bound since.
     */
    public static WalletStep<PurseAnswer> rolledBack(WalletState state, WalletContext context) {
        boolean reports = state.outbox()
                .pending()
                .filter(m -> m.statement().body() instanceof WalletRequest.ReportLost)
                .isPresent();
        WalletState without =
                reports ? state.with(new Outbox(Optional.empty(), state.outbox().toLoad())) : state;
        return purse(without, new PurseCommand.MarkRolledBack(), context);
    }

    /** Forgets lineages that neither held slices, nor deposits that nobody acknowledged, nor forks still need. */
    public static WalletState tidy(WalletState state, WalletContext context) {
        Set<SliceRef> needed = new HashSet<>(state.purse().slices().keySet());
        for (PurseState.LogEntry entry : state.purse().log().values()) {
            Hash transfer = entry.transfer().hash();
            if (entry.isDeposit() && !entry.settled() && state.lineage().links().containsKey(transfer)) {
                // the same deposit is sent again, with all that proves it
                needed.add(new SliceRef(transfer, 0));
            }
        }
        return state.with(state.lineage()
                .pruned(
                        needed,
                        context.now(),
                        state.bulletin().statement().policy().grace()));
    }
}
