package org.jiaozi.wallet.purse;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jiaozi.core.crypto.PublicKey;
import org.jiaozi.core.lineage.Slice;
import org.jiaozi.core.refusal.Refusal;
import org.jiaozi.core.refusal.RefusalCode;
import org.jiaozi.core.statement.NonReceipt;
import org.jiaozi.core.statement.Note;
import org.jiaozi.core.statement.PurseCertificate;
import org.jiaozi.core.statement.Receipt;
import org.jiaozi.core.statement.Request;
import org.jiaozi.core.statement.Signed;
import org.jiaozi.core.statement.SliceRef;
import org.jiaozi.core.statement.Transfer;
import org.jiaozi.core.tap.TapMessage.RequestMessage;
import org.jiaozi.core.value.Nonce;
import org.jiaozi.core.value.Thumbprint;
import org.jiaozi.wallet.purse.PurseState.Answered;

/** Opening requests and loads, crediting what answers them, closing them. */
final class Asking {
    private Asking() {}

    static PurseStep open(PurseState state, PurseCommand.OpenRequest c, PurseContext context) {
        Optional<Refusal> refusal = PurseRules.refusesToAsk(state, c.key(), c.amount(), context);
        if (refusal.isPresent()) {
            return new PurseStep.Refused(refusal.get());
        }
        Nonce nonce = FreshNonce.of(state, c.key(), c.random());
        Pseudonym pseudonym = state.pseudonym(c.key()).orElseThrow();
        Signed<PurseCertificate> certificate = pseudonym.certificate().orElseThrow();
        Request request = new Request(
                c.amount(),
                certificate.statement().currency(),
                nonce,
                context.now(),
                context.bulletin().epoch(),
                c.reference(),
                c.sealingKey());
        Ledger next = new Ledger(state);
        if (state.requests().size() >= PurseState.MAX_REQUESTS && !closeOldest(state, next, context)) {
            return SoftwarePurse.no(RefusalCode.PURSE_FULL, "too many open requests");
        }
        next.open(nonce, new PurseState.OpenRequest(c.key(), c.amount(), request.currency(), request.at()));
        return new PurseStep.Done(
                next.done(),
                new PurseAnswer.Opened(
                        new RequestMessage(certificate, SoftwarePurse.sign(pseudonym, request, context))));
    }

    /** Makes room by closing the oldest request that no honest payer pays any more; it gets its non-receipt. */
    private static boolean closeOldest(PurseState state, Ledger next, PurseContext context) {
        Optional<Map.Entry<Nonce, PurseState.OpenRequest>> oldest = state.requests().entrySet().stream()
                .min(Comparator.comparing(e -> e.getValue().at()));
        if (oldest.isEmpty()
                || !context.now()
                        .isAfter(oldest.get()
                                .getValue()
                                .at()
                                .plus(context.policy().requestValidity()))) {
            return false;
        }
        Nonce nonce = oldest.get().getKey();
        Thumbprint key = oldest.get().getValue().key();
        Signed<NonReceipt> denial = SoftwarePurse.sign(
                state.pseudonym(key).orElseThrow(), new NonReceipt(nonce, Optional.empty()), context);
        next.answer(new Answered(nonce, key, Optional.empty(), Optional.of(denial)));
        return true;
    }

    static PurseStep openLoad(PurseState state, PurseCommand.OpenLoad c) {
        Optional<Pseudonym> pseudonym = state.pseudonym(c.key());
        if (pseudonym.isEmpty() || pseudonym.get().status() != Pseudonym.Status.ACTIVE) {
            return SoftwarePurse.no(RefusalCode.KEYS_RETIRED, "no active key");
        }
        if (state.loadsAsked().size() >= PurseState.MAX_LOADS) {
            return SoftwarePurse.no(RefusalCode.PURSE_FULL, "too many open loads");
        }
        Nonce nonce = FreshNonce.of(state, c.key(), c.random());
        return new PurseStep.Done(new Ledger(state).openLoad(nonce, c.key()).done(), new PurseAnswer.LoadOpened(nonce));
    }

    static PurseStep dropLoad(PurseState state, Nonce nonce) {
        boolean open = state.loads().containsKey(nonce);
        return new PurseStep.Done(open ? new Ledger(state).closeLoad(nonce).done() : state, new PurseAnswer.Ok());
    }

    static PurseStep creditNote(PurseState state, Signed<Note> signed, PurseContext context) {
        Note note = signed.statement();
        Slice slice = Slice.of(signed.hash(), note);
        Thumbprint key = state.loads().get(note.loadNonce());
        if (key == null) {
            return SoftwarePurse.no(RefusalCode.NONCE_CONSUMED, "no load is open for this note");
        }
        if (!key.equals(note.holder())) {
            return SoftwarePurse.no(RefusalCode.NOT_FOR_THIS_PURSE, "the note names another holder");
        }
        Optional<PublicKey> issuer = context.bulletin().issuerKey(note.issuer());
        if (issuer.isEmpty()) {
            return SoftwarePurse.no(
                    RefusalCode.UNKNOWN_ISSUER_KEY,
                    "institution " + note.issuer().institution());
        }
        if (!signed.verifies(context.verifier(), issuer.get())) {
            return SoftwarePurse.no(RefusalCode.BAD_SIGNATURE, "the note");
        }
        if (state.slices().size() >= context.policy().maxPurseSlices()) {
            return SoftwarePurse.no(RefusalCode.PURSE_FULL, "");
        }
        if (PurseRules.overflows(state, note.value())) {
            return SoftwarePurse.no(RefusalCode.OVER_HOLDING_LIMIT, "the purse's total would not be below 2^48");
        }
        PurseState next = new Ledger(state)
                .closeLoad(note.loadNonce())
                .answer(new Answered(note.loadNonce(), key, Optional.empty(), Optional.empty()))
                .credit(slice)
                .done();
        return new PurseStep.Done(next, new PurseAnswer.Loaded(slice));
    }

    static PurseStep credit(PurseState state, PurseCommand.Credit c, PurseContext context) {
        Transfer transfer = c.transfer().statement();
        Nonce nonce = transfer.nonce();
        Optional<Answered> before = state.answer(nonce);
        if (before.isPresent()) {
            return before.get()
                    .receipt()
                    .filter(r -> r.statement().transfer().equals(c.transfer().hash()))
                    .<PurseStep>map(r -> new PurseStep.Done(state, new PurseAnswer.Credited(r)))
                    .orElseGet(() -> SoftwarePurse.no(RefusalCode.NONCE_CONSUMED, ""));
        }
        PurseState.OpenRequest open = state.requests().get(nonce);
        if (open == null) {
            return SoftwarePurse.no(RefusalCode.WRONG_REQUEST, "not a request of this purse");
        }
        List<Refusal> reasons = new ArrayList<>();
        if (!transfer.payee().equals(open.key())) {
            reasons.add(Refusal.of(RefusalCode.NOT_FOR_THIS_PURSE));
        }
        if (!transfer.amount().equals(open.amount())
                || c.slices().size() != transfer.inputs().size()) {
            reasons.add(Refusal.of(RefusalCode.AMOUNT_MISMATCH));
        }
        if (c.slices().stream().anyMatch(s -> !s.currency().equals(open.currency()))) {
            reasons.add(Refusal.of(RefusalCode.CURRENCY_MISMATCH));
        }
        reasons.addAll(
                PurseRules.room(state, open.key(), transfer.amount(), c.slices().size(), context));
        Pseudonym pseudonym = state.pseudonym(open.key()).orElseThrow();
        if (state.rolledBack() || pseudonym.status() == Pseudonym.Status.DEAD) {
            reasons.add(Refusal.of(RefusalCode.ROLLED_BACK));
        }
        Optional<Refusal> refusal = PurseRules.lowest(reasons);
        if (refusal.isPresent()) {
            return new PurseStep.Refused(refusal.get());
        }
        Ledger next = new Ledger(state);
        for (int i = 0; i < c.slices().size(); i++) {
            Slice told = c.slices().get(i);
            // parent and index are the purse's own arithmetic, not the host's
            next.credit(new Slice(
                    new SliceRef(c.transfer().hash(), i),
                    transfer.inputs().get(i).range(),
                    told.note(),
                    told.currency(),
                    open.key(),
                    told.hops(),
                    told.maxHops(),
                    told.expiry()));
        }
        Signed<Receipt> receipt =
                SoftwarePurse.sign(pseudonym, new Receipt(nonce, c.transfer().hash(), context.now()), context);
        next.answer(new Answered(nonce, open.key(), Optional.of(receipt), Optional.empty()));
        return new PurseStep.Done(next.done(), new PurseAnswer.Credited(receipt));
    }

    static PurseStep close(PurseState state, Nonce nonce, PurseContext context) {
        Optional<Answered> before = state.answer(nonce);
        if (before.isPresent() && before.get().nonReceipt().isPresent()) {
            return new PurseStep.Done(
                    state, new PurseAnswer.Closed(before.get().nonReceipt().get()));
        }
        PurseState.OpenRequest open = state.requests().get(nonce);
        boolean load = before.isPresent() && before.get().receipt().isEmpty();
        if (load || (before.isEmpty() && open == null)) {
            return SoftwarePurse.no(RefusalCode.WRONG_REQUEST, "not a request of this purse");
        }
        if (state.rolledBack()) {
            return SoftwarePurse.no(RefusalCode.ROLLED_BACK, "");
        }
        Thumbprint key = before.isPresent()
                ? before.get().key()
                : java.util.Objects.requireNonNull(open).key();
        Pseudonym pseudonym = state.pseudonym(key).orElseThrow();
        if (pseudonym.status() == Pseudonym.Status.DEAD) {
            return SoftwarePurse.no(RefusalCode.KEYS_RETIRED, "");
        }
        Optional<Signed<Receipt>> receipt = before.flatMap(Answered::receipt);
        Signed<NonReceipt> denial = SoftwarePurse.sign(
                pseudonym, new NonReceipt(nonce, receipt.map(r -> r.statement().transfer())), context);
        PurseState next = new Ledger(state)
                .answer(new Answered(nonce, key, receipt, Optional.of(denial)))
                .done();
        return new PurseStep.Done(next, new PurseAnswer.Closed(denial));
    }
}
