package org.jiaozi.bank.registry;

import java.util.Optional;
import org.jiaozi.bank.ledger.AccountKind;
import org.jiaozi.bank.ledger.AccountName;
import org.jiaozi.bank.registry.Effect.QuotaSet;
import org.jiaozi.core.crypto.PublicKey;
import org.jiaozi.core.message.BankAnswer;
import org.jiaozi.core.policy.Profile;
import org.jiaozi.core.refusal.Refusal;
import org.jiaozi.core.refusal.RefusalCode;
import org.jiaozi.core.statement.Note;
import org.jiaozi.core.statement.Signed;
import org.jiaozi.core.value.Hash;
import org.jiaozi.core.value.InstitutionId;
import org.jiaozi.core.value.Timestamp;

/** Registers notes against quota and reserve (spec 07, clause 7). */
final class NoteDesk {
    private final Draft draft;
    private final Recorder recorder;
    private final RegistryContext context;
    private final InstitutionId caller;

    NoteDesk(Draft draft, Recorder recorder, RegistryContext context, InstitutionId caller) {
        this.draft = draft;
        this.recorder = recorder;
        this.context = context;
        this.caller = caller;
    }

    BankAnswer register(Signed<Note> note) {
        Optional<Effect.NoteKept> before = draft.note(note.hash());
        if (before.isPresent() && before.get().issuer().equals(caller)) {
            // whatever became of the key or the policy meanwhile: an asker that got another answer would undo the note
            return new BankAnswer.Registered(note.hash());
        }
        Optional<Refusal> no = draft.refused(caller, note.hash())
                .or(() -> issuer(note))
                .or(() -> honoured(note.statement()))
                .or(() -> terms(note.statement()))
                .or(() -> cover(note.statement()));
        if (no.isPresent()) {
            if (note.statement().issuer().institution().equals(caller)) {
                draft.put(new Effect.RefusalKept(caller, note.hash(), no.get()));
            }
            return new BankAnswer.Refused(no.get());
        }
        recorder.keepNote(note, false);
        return new BankAnswer.Registered(note.hash());
    }

    private Optional<Refusal> issuer(Signed<Note> note) {
        Optional<PublicKey> key =
                context.bulletin().statement().issuerKey(note.statement().issuer());
        if (key.isEmpty()) {
            return no(RefusalCode.UNKNOWN_ISSUER_KEY, "note " + note.hash());
        }
        if (!note.verifies(context.verifier(), key.get())) {
            return no(RefusalCode.BAD_SIGNATURE, "note " + note.hash());
        }
        return note.statement().issuer().institution().equals(caller)
                ? Optional.empty()
                : no(RefusalCode.WRONG_INSTITUTION, "another institution's note");
    }

    /** A deposit that another institution honours is given back as no note, however late its request comes. */
    private Optional<Refusal> honoured(Note note) {
        boolean elsewhere = context.bulletin().statement().institution(caller).stream()
                .flatMap(entry -> entry.keys().stream())
                .flatMap(key -> draft.answering(key.key().thumbprint(), note.loadNonce()).stream())
                .filter(deposit -> deposit.link().signer().equals(note.holder()))
                .anyMatch(deposit -> draft.honoured(deposit.transfer().hash()).isPresent());
        return elsewhere
                ? no(RefusalCode.HONOURED_ELSEWHERE, "the note for a deposit that another institution honours")
                : Optional.empty();
    }

    private Optional<Refusal> terms(Note note) {
        Profile policy = context.policy();
        Timestamp latest = context.now().plus(policy.noteValidity()).plus(policy.clockSkew());
        if (note.expiry().isAfter(latest)) {
            return no(RefusalCode.OUT_OF_RANGE, "expires later than the policy allows");
        }
        if (note.maxHops() > policy.maxHops()) {
            return no(RefusalCode.OUT_OF_RANGE, note.maxHops() + " hops, allowed " + policy.maxHops());
        }
        if (!note.expiry().isAfter(context.now())) {
            return no(RefusalCode.NOTE_EXPIRED, "expired before it was registered");
        }
        return Optional.empty();
    }

    private Optional<Refusal> cover(Note note) {
        Optional<QuotaSet> quota = draft.quota(caller, note.quota(), note.currency());
        if (quota.isEmpty()) {
            return no(RefusalCode.QUOTA_EXCEEDED, "no quota " + note.quota() + " in " + note.currency());
        }
        long left = quota.get().limit().minor() - quota.get().used().minor();
        if (note.value().minor() > left) {
            return no(RefusalCode.QUOTA_EXCEEDED, note.value() + " where " + Math.max(0, left) + " are left");
        }
        long reserve = draft.balance(AccountName.of(AccountKind.RESERVE, caller), note.currency());
        if (note.value().minor() > reserve) {
            return no(RefusalCode.INSUFFICIENT_RESERVE, note.value() + " where the reserve holds " + reserve);
        }
        Optional<Hash> sameLoad = draft.noteOfLoad(caller, note.loadNonce());
        return sameLoad.isPresent()
                ? no(RefusalCode.NOTE_CONFLICT, "this load made note " + sameLoad.get())
                : Optional.empty();
    }

    private static Optional<Refusal> no(RefusalCode code, String detail) {
        return Optional.of(new Refusal(code, detail));
    }
}
