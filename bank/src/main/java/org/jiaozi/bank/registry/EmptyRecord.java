package org.jiaozi.bank.registry;

import java.util.List;
import java.util.Optional;
import org.jiaozi.bank.ledger.AccountName;
import org.jiaozi.core.message.InboxEvent;
import org.jiaozi.core.message.RegistryAnswer.Settlement;
import org.jiaozi.core.refusal.Refusal;
import org.jiaozi.core.statement.TransferInput;
import org.jiaozi.core.value.Currency;
import org.jiaozi.core.value.Hash;
import org.jiaozi.core.value.InstitutionId;
import org.jiaozi.core.value.Nonce;
import org.jiaozi.core.value.Range;
import org.jiaozi.core.value.Thumbprint;

/** Nothing is on record: a {@link Draft} over it is a registry in memory. */
final class EmptyRecord implements RegistryView {
    static final EmptyRecord INSTANCE = new EmptyRecord();

    private EmptyRecord() {}

    @Override
    public Optional<Effect.NoteKept> note(Hash id) {
        return Optional.empty();
    }

    @Override
    public Optional<Refusal> refused(InstitutionId asker, Hash what) {
        return Optional.empty();
    }

    @Override
    public Optional<Hash> noteOfLoad(InstitutionId issuer, Nonce loadNonce) {
        return Optional.empty();
    }

    @Override
    public List<Effect.NoteKept> notesFor(Thumbprint key) {
        return List.of();
    }

    @Override
    public Optional<Effect.QuotaSet> quota(InstitutionId institution, long number, Currency currency) {
        return Optional.empty();
    }

    @Override
    public List<Effect.RangeSettled> settled(Hash note, Range range) {
        return List.of();
    }

    @Override
    public Optional<Settlement> settlement(Hash deposit) {
        return Optional.empty();
    }

    @Override
    public Optional<InstitutionId> settledFor(Hash deposit) {
        return Optional.empty();
    }

    @Override
    public Optional<Effect.StandingSet> standing(InstitutionId institution) {
        return Optional.empty();
    }

    @Override
    public Optional<Effect.HonouredKept> honoured(Hash deposit) {
        return Optional.empty();
    }

    @Override
    public Optional<Effect.TransferRecorded> transfer(Hash hash) {
        return Optional.empty();
    }

    @Override
    public List<Effect.TransferRecorded> spending(TransferInput input) {
        return List.of();
    }

    @Override
    public List<Effect.TransferRecorded> signed(Thumbprint signer, long seq) {
        return List.of();
    }

    @Override
    public List<Effect.TransferRecorded> paidTo(Thumbprint payee) {
        return List.of();
    }

    @Override
    public List<Effect.TransferRecorded> answering(Thumbprint payee, Nonce nonce) {
        return List.of();
    }

    @Override
    public List<Effect.DenialKept> denials(Thumbprint payee, Nonce nonce) {
        return List.of();
    }

    @Override
    public Optional<Effect.RefundKept> refund(Hash transfer) {
        return Optional.empty();
    }

    @Override
    public Optional<Effect.ClaimKept> claim(Nonce id) {
        return Optional.empty();
    }

    @Override
    public List<Effect.ClaimMoved> claimsMoved(Hash note, Range range) {
        return List.of();
    }

    @Override
    public Optional<Effect.ConvictionSet> conviction(Thumbprint culprit) {
        return Optional.empty();
    }

    @Override
    public boolean revoked(Thumbprint key) {
        return false;
    }

    @Override
    public List<InstitutionId> askedBy(Thumbprint key) {
        return List.of();
    }

    @Override
    public Optional<Effect.WithheldKept> withheld(Hash deposit) {
        return Optional.empty();
    }

    @Override
    public Optional<Effect.RemitKept> remit(InstitutionId from, Nonce id) {
        return Optional.empty();
    }

    @Override
    public long balance(AccountName account, Currency currency) {
        return 0;
    }

    @Override
    public long lastEvent(InstitutionId institution) {
        return 0;
    }

    @Override
    public List<InboxEvent> inbox(InstitutionId institution, long since, int most) {
        return List.of();
    }

    @Override
    public long lastCycle() {
        return 0;
    }

    @Override
    public List<Flow> flows() {
        return List.of();
    }
}
