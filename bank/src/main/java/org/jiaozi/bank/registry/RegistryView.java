package org.jiaozi.bank.registry;

import java.util.List;
import java.util.Optional;
import org.jiaozi.bank.ledger.AccountName;
import org.jiaozi.bank.registry.Effect.ClaimKept;
import org.jiaozi.bank.registry.Effect.ClaimMoved;
import org.jiaozi.bank.registry.Effect.ConvictionSet;
import org.jiaozi.bank.registry.Effect.DenialKept;
import org.jiaozi.bank.registry.Effect.HonouredKept;
import org.jiaozi.bank.registry.Effect.NoteKept;
import org.jiaozi.bank.registry.Effect.QuotaSet;
import org.jiaozi.bank.registry.Effect.RangeSettled;
import org.jiaozi.bank.registry.Effect.RefundKept;
import org.jiaozi.bank.registry.Effect.RemitKept;
import org.jiaozi.bank.registry.Effect.StandingSet;
import org.jiaozi.bank.registry.Effect.TransferRecorded;
import org.jiaozi.bank.registry.Effect.WithheldKept;
import org.jiaozi.core.message.InboxEvent;
import org.jiaozi.core.message.RegistryAnswer.Settlement;
import org.jiaozi.core.refusal.Refusal;
import org.jiaozi.core.statement.TransferInput;
import org.jiaozi.core.value.Amount;
import org.jiaozi.core.value.Currency;
import org.jiaozi.core.value.Hash;
import org.jiaozi.core.value.InstitutionId;
import org.jiaozi.core.value.Nonce;
import org.jiaozi.core.value.Range;
import org.jiaozi.core.value.Thumbprint;

/**
 * What is on record, as one decision sees it: it does not change while the decision is made. Lists come in a fixed
 * order, so that a decision depends on the record alone.
 */
public interface RegistryView {
    Optional<NoteKept> note(Hash id);

    /** Why a note is never registered, or a remittance never taken, if that was refused to whoever asked. */
    Optional<Refusal> refused(InstitutionId asker, Hash what);

    /** A note of this institution for this load. */
    Optional<Hash> noteOfLoad(InstitutionId issuer, Nonce loadNonce);

    /** Notes whose first holder is {@code key}. */
    List<NoteKept> notesFor(Thumbprint key);

    Optional<QuotaSet> quota(InstitutionId institution, long number, Currency currency);

    /** The settled parts of a note that overlap {@code range}, by rising range. */
    List<RangeSettled> settled(Hash note, Range range);

    /** The stored answer to a deposit. */
    Optional<Settlement> settlement(Hash deposit);

    /** For which institution a deposit was settled. */
    Optional<InstitutionId> settledFor(Hash deposit);

    /** The last word on whether an institution is gone; empty if it never was. */
    Optional<StandingSet> standing(InstitutionId institution);

    Optional<HonouredKept> honoured(Hash deposit);

    Optional<TransferRecorded> transfer(Hash hash);

    /** Transfers that take some unit that this input takes. */
    List<TransferRecorded> spending(TransferInput input);

    /** Transfers that this key signed with this sequence number. */
    List<TransferRecorded> signed(Thumbprint signer, long seq);

    /** Transfers to this key. */
    List<TransferRecorded> paidTo(Thumbprint payee);

    /** Transfers to this key that answer this request of it. */
    List<TransferRecorded> answering(Thumbprint payee, Nonce nonce);

    /** This payee's denials for this request. */
    List<DenialKept> denials(Thumbprint payee, Nonce nonce);

    Optional<RefundKept> refund(Hash transfer);

    Optional<ClaimKept> claim(Nonce id);

    /** What went from claimants to later holders and overlaps {@code range}, by rising number. */
    List<ClaimMoved> claimsMoved(Hash note, Range range);

    Optional<ConvictionSet> conviction(Thumbprint culprit);

    boolean revoked(Thumbprint key);

    /** The institutions that showed this key's word that it asked them to certify it. */
    List<InstitutionId> askedBy(Thumbprint key);

    Optional<WithheldKept> withheld(Hash deposit);

    Optional<RemitKept> remit(InstitutionId from, Nonce id);

    /** Minor units; above zero if the central bank owes it. */
    long balance(AccountName account, Currency currency);

    /** The number of the institution's last event, 0 if it has none. */
    long lastEvent(InstitutionId institution);

    /** Events after a number, at most {@code most}. */
    List<InboxEvent> inbox(InstitutionId institution, long since, int most);

    /** The number of the last netting cycle, 0 if there was none. */
    long lastCycle();

    /** What moved between accounts since the last cycle, netting itself left out; two accounts may be there more than once. */
    List<Flow> flows();

    /**
     * The sum of postings between two accounts.
     *
     * @param amount minor units, above 0
     */
    record Flow(AccountName debit, AccountName credit, Currency currency, long amount) {}

    /** An amount as it may be left out. */
    static Amount sum(List<Range> ranges) {
        return ranges.stream().map(Range::amount).reduce(Amount.ZERO, Amount::plus);
    }
}
