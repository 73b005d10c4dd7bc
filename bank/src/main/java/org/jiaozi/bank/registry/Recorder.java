package org.jiaozi.bank.registry;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import org.jiaozi.bank.ledger.AccountKind;
import org.jiaozi.bank.registry.Effect.ConvictionSet;
import org.jiaozi.bank.registry.Effect.NoteKept;
import org.jiaozi.bank.registry.Effect.TransferRecorded;
import org.jiaozi.core.evidence.Evidence;
import org.jiaozi.core.evidence.Evidence.Admission;
import org.jiaozi.core.evidence.Evidence.ContradictionEvidence;
import org.jiaozi.core.evidence.EvidenceFile;
import org.jiaozi.core.lineage.Lineage;
import org.jiaozi.core.statement.Note;
import org.jiaozi.core.statement.PurseCertificate;
import org.jiaozi.core.statement.Signed;
import org.jiaozi.core.statement.SliceRef;
import org.jiaozi.core.statement.Transfer;
import org.jiaozi.core.statement.TransferInput;
import org.jiaozi.core.value.Amount;
import org.jiaozi.core.value.Currency;
import org.jiaozi.core.value.Hash;
import org.jiaozi.core.value.InstitutionId;
import org.jiaozi.core.value.Thumbprint;

/**
 * Puts lineages on record and compares every new transfer with all that are there, whatever became of them: so each
 * culprit of a many-way fork is found in whatever order the branches arrive (spec 07, clause E8).
 */
final class Recorder {
    private final Draft draft;
    private final RegistryContext context;

    Recorder(Draft draft, RegistryContext context) {
        this.draft = draft;
        this.context = context;
    }

    /** Records notes and transfers that are not on record yet, and convicts whomever they convict. */
    void record(CheckedLineage.Good good) {
        for (Signed<Note> note : good.lineage().notes()) {
            if (draft.note(note.hash()).isEmpty()) {
                keepNote(note, true);
            }
        }
        Map<Hash, Transfer> before = new HashMap<>();
        for (Lineage.Link link : good.lineage().links()) {
            if (draft.transfer(link.transfer().hash()).isEmpty()) {
                List<Hash> notes = new ArrayList<>();
                for (TransferInput input : link.transfer().statement().inputs()) {
                    notes.add(Objects.requireNonNull(good.sound().outputs().get(input.source()))
                            .note());
                }
                record(new TransferRecorded(link, notes), before);
            }
            before.put(link.transfer().hash(), link.transfer().statement());
        }
    }

    /** Freezes a note's backing. A late one is honoured from its issuer's reserve even where that overdraws it. */
    void keepNote(Signed<Note> note, boolean late) {
        NoteKept kept = new NoteKept(note, late);
        Note n = note.statement();
        draft.put(kept);
        useQuota(kept.issuer(), n.quota(), n.currency(), n.value().minor());
        draft.post(
                AccountKind.RESERVE,
                kept.issuer(),
                AccountKind.FLOAT,
                kept.issuer(),
                n.currency(),
                n.value(),
                "issue",
                note.hash().hex());
    }

    /** Changes what is outstanding under a note's quota; a late note may exceed it, or have none. */
    void useQuota(InstitutionId issuer, long number, Currency currency, long change) {
        draft.quota(issuer, number, currency)
                .ifPresent(q -> draft.put(new Effect.QuotaSet(
                        q.institution(),
                        q.number(),
                        q.currency(),
                        q.limit(),
                        new Amount(Math.max(0, Math.addExact(q.used().minor(), change))))));
    }

    /**
     * Records one transfer.
     *
     * @param before those of its lineage that come before it, by hash: all that it spends, but for notes
     */
    private void record(TransferRecorded fresh, Map<Hash, Transfer> before) {
        TreeMap<Hash, TransferRecorded> rivals = new TreeMap<>();
        for (TransferInput input : fresh.transfer().statement().inputs()) {
            draft.spending(input).forEach(t -> rivals.put(t.transfer().hash(), t));
        }
        draft.signed(fresh.link().signer(), fresh.transfer().statement().seq())
                .forEach(t -> rivals.put(t.transfer().hash(), t));
        draft.put(fresh);
        for (TransferRecorded rival : rivals.values()) {
            Evidence.between(fresh.transfer(), rival.transfer(), fresh.link().certificate())
                    .ifPresent(this::convict);
        }
        for (TransferInput input : fresh.transfer().statement().inputs()) {
            Transfer received = before.get(input.source().parent());
            if (received != null) {
                contradiction(fresh, received);
            }
        }
    }

    /** Whether who now spends {@code received} has denied it. */
    private void contradiction(TransferRecorded spending, Transfer received) {
        draft.denials(spending.link().signer(), received.nonce()).forEach(d -> contradiction(d, spending, received));
    }

    private void contradiction(Effect.DenialKept denial, TransferRecorded spending, Transfer received) {
        Evidence evidence = new ContradictionEvidence(
                denial.certificate(), denial.denial(), new Admission.BySpending(spending.transfer(), received));
        if (evidence.contradicts()) {
            convict(evidence);
        }
    }

    /**
     * Keeps a denial, and compares it with what its maker spent of everything that answered the request: it speaks of all of
     * that, also where the payment that is to come back is another one.
     */
    void deny(Effect.DenialKept denial) {
        draft.put(denial);
        for (TransferRecorded denied :
                draft.answering(denial.payee(), denial.denial().statement().nonce())) {
            List<TransferInput> inputs = denied.transfer().statement().inputs();
            for (int i = 0; i < inputs.size(); i++) {
                SliceRef output = new SliceRef(denied.transfer().hash(), i);
                draft.spending(new TransferInput(output, inputs.get(i).range()))
                        .forEach(spending -> contradiction(
                                denial, spending, denied.transfer().statement()));
            }
        }
    }

    /** Convicts a key by evidence that was checked; whether that is news. */
    boolean convict(Evidence evidence) {
        Thumbprint culprit = evidence.culprit();
        if (draft.conviction(culprit).isPresent()) {
            return false;
        }
        PurseCertificate certificate = evidence.certificate().statement();
        draft.convict(new ConvictionSet(
                culprit,
                certificate.issuer().institution(),
                certificate.currency(),
                new EvidenceFile(evidence, context.bulletin()).encode(),
                Amount.ZERO,
                Amount.ZERO,
                Amount.ZERO,
                Amount.ZERO));
        revoke(culprit, InstitutionId.CENTRAL_BANK, "convicted");
        return true;
    }

    /** Lists a key in the next bulletin, if none lists it yet. */
    void revoke(Thumbprint key, InstitutionId by, String reason) {
        if (!draft.revoked(key)) {
            draft.put(new Effect.KeyRevoked(key, by, reason));
        }
    }

    Optional<TransferRecorded> transfer(Hash hash) {
        return draft.transfer(hash);
    }
}
