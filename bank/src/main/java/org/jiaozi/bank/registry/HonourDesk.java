package org.jiaozi.bank.registry;

import java.util.List;
import java.util.Optional;
import org.jiaozi.bank.registry.Effect.HonouredKept;
import org.jiaozi.core.bulletin.InstitutionEntry;
import org.jiaozi.core.message.BankAnswer;
import org.jiaozi.core.message.BankRequest;
import org.jiaozi.core.message.Handover;
import org.jiaozi.core.message.Outcome;
import org.jiaozi.core.message.RegistryAnswer;
import org.jiaozi.core.message.RegistryAnswer.Settlement;
import org.jiaozi.core.refusal.Refusal;
import org.jiaozi.core.refusal.RefusalCode;
import org.jiaozi.core.statement.Note;
import org.jiaozi.core.statement.Signed;
import org.jiaozi.core.value.Amount;
import org.jiaozi.core.value.Hash;
import org.jiaozi.core.value.InstitutionId;

/**
 * Honours deposits whose institution is gone, for the institution to which their holder goes instead (spec 07, clause 10).
 * A deposit has one settlement, for one institution: nothing that comes back later is paid beside it.
 */
final class HonourDesk {
    private final Draft draft;
    private final Recorder recorder;
    private final RegistryContext context;
    private final InstitutionId caller;

    HonourDesk(Draft draft, Recorder recorder, RegistryContext context, InstitutionId caller) {
        this.draft = draft;
        this.recorder = recorder;
        this.context = context;
        this.caller = caller;
    }

    /** Whether an operator's last word is that the institution is gone. */
    static boolean gone(RegistryView view, InstitutionId institution) {
        return view.standing(institution).filter(Effect.StandingSet::gone).isPresent();
    }

    BankAnswer honour(BankRequest.Honour request, CheckedLineage lineage) {
        return switch (lineage) {
            case CheckedLineage.Bad bad -> new BankAnswer.Refused(bad.refusal());
            case CheckedLineage.Good good -> honour(request, good);
        };
    }

    private BankAnswer honour(BankRequest.Honour request, CheckedLineage.Good good) {
        Hash deposit = good.headHash();
        Optional<InstitutionId> named = context.bulletin()
                .statement()
                .institutionByDepositKey(good.head().transfer().statement().payee())
                .map(InstitutionEntry::id);
        Optional<Refusal> no = handover(request.handover(), good)
                .or(() -> named.isEmpty() || named.get().equals(caller)
                        ? Optional.of(new Refusal(RefusalCode.WRONG_INSTITUTION, "no deposit at another institution"))
                        : Optional.empty());
        if (no.isPresent()) {
            return new BankAnswer.Refused(no.get());
        }
        InstitutionId from = named.orElseThrow();
        Optional<InstitutionId> settledFor = draft.settledFor(deposit);
        Optional<HonouredKept> before = draft.honoured(deposit);
        if (before.isPresent()) {
            if (!before.get().to().equals(caller)) {
                return refused(RefusalCode.HONOURED_ELSEWHERE, "");
            }
            Settlement stored = draft.settlement(deposit).orElseThrow();
            return answer(settledFor.equals(Optional.of(caller)) ? stored : held(stored), Optional.empty());
        }
        if (draft.standing(from).isEmpty()) {
            return refused(RefusalCode.WRONG_INSTITUTION, "the deposit's institution is not gone");
        }
        return settledFor.isPresent() ? settledBefore(request, good, from) : fresh(request, good, from);
    }

    /** Whether the depositor's own word sends exactly this deposit to the caller. */
    private Optional<Refusal> handover(Signed<Handover> handover, CheckedLineage.Good good) {
        Handover word = handover.statement();
        if (!handover.verifies(
                context.verifier(), good.head().certificate().statement().key())) {
            return Optional.of(new Refusal(RefusalCode.BAD_SIGNATURE, "the handover"));
        }
        if (!word.deposit().equals(good.headHash())) {
            return Optional.of(new Refusal(RefusalCode.WRONG_REQUEST, "the handover names another deposit"));
        }
        return word.institution().equals(caller)
                ? Optional.empty()
                : Optional.of(new Refusal(RefusalCode.WRONG_INSTITUTION, "the handover names another institution"));
    }

    /** Nobody was paid: it is settled for the caller as if it had named the caller. */
    private BankAnswer fresh(BankRequest.Honour request, CheckedLineage.Good good, InstitutionId from) {
        recorder.record(good);
        Settlement settlement = new DepositDesk(draft, recorder, context, caller)
                .settleNow(good, request.deposit().flagged());
        draft.put(new HonouredKept(
                request.handover(), from, good.headSlices().getFirst().currency(), Amount.ZERO, true));
        return answer(settlement, Optional.empty());
    }

    /**
     * The value went to the institution that is gone. If it made a note of it, the note is on record and is handed on. If
     * not, only its own books say whether it reached the holder's account: a person looks.
     */
    private BankAnswer settledBefore(BankRequest.Honour request, CheckedLineage.Good good, InstitutionId from) {
        Hash deposit = good.headHash();
        Settlement stored = draft.settlement(deposit).orElseThrow();
        Optional<Signed<Note>> note = draft.noteOfLoad(
                        from, good.head().transfer().statement().nonce())
                .flatMap(draft::note)
                .map(Effect.NoteKept::note)
                .filter(n -> n.statement().holder().equals(good.head().signer()));
        if (note.isPresent()) {
            return answer(stored, note);
        }
        if (draft.withheld(deposit).filter(w -> !w.released()).isPresent()) {
            return refused(RefusalCode.WITHHELD, "a part of the deposit waits for a person");
        }
        Amount due = RegistryView.sum(stored.outcomes().stream()
                .filter(o -> o.kind() != Outcome.Kind.REFUSED)
                .map(Outcome::range)
                .toList());
        if (!due.isZero()) {
            draft.put(new HonouredKept(
                    request.handover(), from, good.headSlices().getFirst().currency(), due, false));
        }
        return answer(held(stored), Optional.empty());
    }

    /** The same parts, all that was paid being held back. */
    private static Settlement held(Settlement settlement) {
        List<Outcome> outcomes = settlement.outcomes().stream()
                .map(o -> o.kind() == Outcome.Kind.REFUSED
                        ? o
                        : new Outcome(o.input(), o.range(), Outcome.Kind.WITHHELD, RefusalCode.WITHHELD.number()))
                .toList();
        return new Settlement(settlement.deposit(), outcomes, settlement.refusals());
    }

    private BankAnswer answer(Settlement settlement, Optional<Signed<Note>> note) {
        return new BankAnswer.Honoured(
                Signed.by(
                        context.registry(),
                        new RegistryAnswer(context.registryKey(), context.now(), List.of(Telling.told(settlement)))),
                note);
    }

    private static BankAnswer refused(RefusalCode code, String detail) {
        return new BankAnswer.Refused(new Refusal(code, detail));
    }
}
