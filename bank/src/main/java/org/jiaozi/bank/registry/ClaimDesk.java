package org.jiaozi.bank.registry;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jiaozi.bank.ledger.AccountKind;
import org.jiaozi.bank.registry.Effect.ClaimKept;
import org.jiaozi.bank.registry.Effect.NoteKept;
import org.jiaozi.bank.registry.Effect.RangeSettled;
import org.jiaozi.bank.registry.Effect.TransferRecorded;
import org.jiaozi.core.lineage.Slice;
import org.jiaozi.core.message.BankAnswer;
import org.jiaozi.core.message.BankRequest;
import org.jiaozi.core.message.BoundKey;
import org.jiaozi.core.message.Claim;
import org.jiaozi.core.refusal.Refusal;
import org.jiaozi.core.refusal.RefusalCode;
import org.jiaozi.core.statement.Note;
import org.jiaozi.core.statement.SliceRef;
import org.jiaozi.core.statement.TransferInput;
import org.jiaozi.core.value.Amount;
import org.jiaozi.core.value.InstitutionId;
import org.jiaozi.core.value.Nonce;
import org.jiaozi.core.value.Range;
import org.jiaozi.core.value.Thumbprint;
import org.jiaozi.core.value.Timestamp;

/** Pays what lost keys held, to the last holder on record, after expiry and grace (spec 07, clause 12). */
final class ClaimDesk {
    private final Draft draft;
    private final Recorder recorder;
    private final RegistryContext context;
    private final InstitutionId caller;

    ClaimDesk(Draft draft, Recorder recorder, RegistryContext context, InstitutionId caller) {
        this.draft = draft;
        this.recorder = recorder;
        this.context = context;
        this.caller = caller;
    }

    BankAnswer claim(BankRequest.RegisterClaim request) {
        Claim claim = request.claim().statement();
        if (!request.claim().verifies(context.verifier(), request.accountKey())) {
            return refused(RefusalCode.BAD_SIGNATURE, "the claim");
        }
        KeyDesk.Judged judged = new KeyDesk(draft, context, caller).judge(request.keys());
        if (judged.refusal().isPresent()) {
            return new BankAnswer.Refused(judged.refusal().get());
        }
        if (!claim.institution().equals(caller)) {
            return refused(RefusalCode.WRONG_INSTITUTION, "the claim names another institution");
        }
        Optional<ClaimKept> before = draft.claim(claim.id());
        if (before.isPresent()
                && !(before.get().institution().equals(caller)
                        && before.get().account().equals(claim.account()))) {
            return refused(RefusalCode.REPLAYED, "this claim id belongs to another institution or account");
        }
        ClaimKept kept = new ClaimKept(
                claim.id(),
                caller,
                claim.account(),
                // also those that it was paid for before and that have gone elsewhere since
                Stream.concat(
                                before.stream().flatMap(b -> b.keys().stream()),
                                judged.standing().stream().map(BoundKey::thumbprint))
                        .distinct()
                        .sorted()
                        .toList(),
                request.claim().encode(),
                before.map(ClaimKept::returned).orElse(Amount.ZERO));
        // on record before it is paid: what is settled for it refers to it
        draft.put(kept);
        Amount returned = kept.returned();
        Amount pending = Amount.ZERO;
        Optional<Timestamp> due = Optional.empty();
        for (Slice slice : judged.standing().stream()
                .map(BoundKey::thumbprint)
                .distinct()
                .sorted()
                .flatMap(this::heldBy)
                .toList()) {
            Timestamp end = slice.expiry().plus(context.policy().grace());
            if (context.now().isAfter(end)) {
                returned = returned.plus(settle(kept, slice));
            } else {
                List<Range> taken = draft.settled(slice.note(), slice.range()).stream()
                        .map(RangeSettled::range)
                        .toList();
                Amount open = RegistryView.sum(Settling.free(slice.range(), taken));
                pending = pending.plus(open);
                due = open.isZero() ? due : due.filter(d -> d.isBefore(end)).or(() -> Optional.of(end));
            }
        }
        draft.put(new ClaimKept(kept.id(), caller, kept.account(), kept.keys(), kept.claim(), returned));
        return new BankAnswer.ClaimRegistered(returned, pending, due.orElse(new Timestamp(0)));
    }

    private Amount settle(ClaimKept claim, Slice slice) {
        List<Settled> before = Settled.now(draft, slice.note(), slice.range());
        Settling settling = new Settling(
                draft,
                recorder,
                RangeSettled.Kind.CLAIMED,
                caller,
                slice.holder(),
                slice.currency(),
                claim.id().hex());
        Amount paid = Amount.ZERO;
        for (Range free :
                Settling.free(slice.range(), before.stream().map(Settled::range).toList())) {
            settling.settle(slice, free, Optional.of(claim.id()));
            paid = paid.plus(free.amount());
        }
        for (Settled settled : before) {
            Optional<Nonce> overtaken = overtaken(slice, settled.row()).filter(c -> !c.equals(claim.id()));
            if (overtaken.isPresent()) {
                Range part = settled.range().intersection(slice.range()).orElseThrow();
                settling.owedByClaimant(
                        overtaken.get(), settled, slice.source(), part, Optional.of(claim.id()), AccountKind.CLEARING);
                paid = paid.plus(part.amount());
            }
        }
        return paid;
    }

    /** The earlier claim that has this part where this one is due it. */
    private Optional<Nonce> overtaken(Slice slice, RangeSettled row) {
        if (row.kind() != RangeSettled.Kind.CLAIMED) {
            return Optional.empty();
        }
        return switch (Cause.of(slice.source(), row, draft::transfer)) {
            // transfers from there to here surfaced since
            case Cause.ByClaim(var earlier) -> Optional.of(earlier);
            // an institution that was gone claimed for a key that had gone here
            case Cause.Own() ->
                row.paidTo().equals(caller) || draft.standing(caller).isPresent() ? Optional.empty() : row.claim();
            case Cause.ByCulprit _ -> Optional.empty();
        };
    }

    /** What {@code key} holds by everything on record: outputs to it, less what it moved on. */
    private Stream<Slice> heldBy(Thumbprint key) {
        List<Slice> outputs = new ArrayList<>();
        for (NoteKept note : draft.notesFor(key)) {
            outputs.add(Slice.of(note.note().hash(), note.note().statement()));
        }
        for (TransferRecorded transfer : draft.paidTo(key)) {
            List<TransferInput> inputs = transfer.transfer().statement().inputs();
            for (int i = 0; i < inputs.size(); i++) {
                Note note =
                        draft.note(transfer.notes().get(i)).orElseThrow().note().statement();
                outputs.add(new Slice(
                        new SliceRef(transfer.transfer().hash(), i),
                        inputs.get(i).range(),
                        transfer.notes().get(i),
                        note.currency(),
                        key,
                        0,
                        note.maxHops(),
                        note.expiry()));
            }
        }
        return outputs.stream().flatMap(this::unspent);
    }

    private Stream<Slice> unspent(Slice slice) {
        List<Range> spent = draft.spending(new TransferInput(slice.source(), slice.range())).stream()
                .flatMap(t -> t.transfer().statement().inputs().stream())
                .filter(i -> i.source().equals(slice.source()))
                .map(TransferInput::range)
                .toList();
        return Settling.free(slice.range(), spent).stream()
                .map(range -> new Slice(
                        slice.source(),
                        range,
                        slice.note(),
                        slice.currency(),
                        slice.holder(),
                        slice.hops(),
                        slice.maxHops(),
                        slice.expiry()));
    }

    private static BankAnswer refused(RefusalCode code, String detail) {
        return new BankAnswer.Refused(new Refusal(code, detail));
    }
}
