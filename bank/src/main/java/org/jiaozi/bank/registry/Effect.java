package org.jiaozi.bank.registry;

import java.util.List;
import java.util.Optional;
import org.jiaozi.bank.ledger.Posting;
import org.jiaozi.core.lineage.Lineage;
import org.jiaozi.core.message.BoundKey;
import org.jiaozi.core.message.Handover;
import org.jiaozi.core.message.InboxEvent;
import org.jiaozi.core.message.RegistryAnswer.Settlement;
import org.jiaozi.core.refusal.Refusal;
import org.jiaozi.core.refusal.RefusalCode;
import org.jiaozi.core.statement.NonReceipt;
import org.jiaozi.core.statement.Note;
import org.jiaozi.core.statement.PurseCertificate;
import org.jiaozi.core.statement.Signed;
import org.jiaozi.core.statement.SliceRef;
import org.jiaozi.core.statement.Transfer;
import org.jiaozi.core.statement.TransferInput;
import org.jiaozi.core.value.Amount;
import org.jiaozi.core.value.Bytes;
import org.jiaozi.core.value.Currency;
import org.jiaozi.core.value.Hash;
import org.jiaozi.core.value.InstitutionId;
import org.jiaozi.core.value.Nonce;
import org.jiaozi.core.value.Range;
import org.jiaozi.core.value.Thumbprint;
import org.jiaozi.core.value.Timestamp;

/**
 * One thing that a decision puts on record. All effects of a decision become durable together, in their order, before
 * its answer is seen. Those that say so replace what was on record under the same key; all others only add.
 */
public sealed interface Effect {
    /**
     * A note counts against its quota, and its backing is frozen.
     *
     * @param late whether it came with a lineage instead of from its issuer
     */
    record NoteKept(Signed<Note> note, boolean late) implements Effect {
        public InstitutionId issuer() {
            return note.statement().issuer().institution();
        }
    }

    /**
     * What is refused for good, so that whoever was told so may let it go: the same request may be on its way once more, and
     * come when it would be taken.
     *
     * @param what a note that its issuer registers, or the content of a remittance
     */
    record RefusalKept(InstitutionId asker, Hash what, Refusal refusal) implements Effect {}

    /** What a quota allows, and what is outstanding under it; replaces by institution, number and currency. */
    record QuotaSet(InstitutionId institution, long number, Currency currency, Amount limit, Amount used)
            implements Effect {}

    /**
     * A transfer whose whole ancestry is on record.
     *
     * @param notes for each input, the note it is a part of
     */
    record TransferRecorded(Lineage.Link link, List<Hash> notes) implements Effect {
        public TransferRecorded {
            notes = List.copyOf(notes);
        }

        public Signed<Transfer> transfer() {
            return link.transfer();
        }

        /** Whether it takes some unit that {@code input} takes. */
        public boolean conflictsWith(TransferInput input) {
            return transfer().statement().inputs().stream().anyMatch(input::conflictsWith);
        }
    }

    /**
     * A part of a note is outstanding no more. No two rows of a note overlap.
     *
     * @param paidTo the institution that got its value
     * @param at the output at which it was settled: of a deposit, of a denied transfer, or what a lost key held. Of a transfer's output
     *     it is all or a part, and that output is the input of the same index: a record may let the one stand for the other
     * @param claim the claim, if {@code kind} is CLAIMED
     */
    record RangeSettled(Hash note, Range range, Kind kind, InstitutionId paidTo, SliceRef at, Optional<Nonce> claim)
            implements Effect {
        /** Why it is outstanding no more. */
        public enum Kind {
            REDEEMED,
            REFUNDED,
            CLAIMED
        }

        /** The same of another part. */
        RangeSettled over(Range other) {
            return new RangeSettled(note, other, kind, paidTo, at, claim);
        }
    }

    /** A deposit's answer, for good. */
    record DepositSettled(InstitutionId institution, Thumbprint depositor, Currency currency, Settlement settlement)
            implements Effect {}

    /**
     * A convicted key and the money it cost; replaces by culprit.
     *
     * @param certifier the institution that certified it, and answers for it
     * @param file the evidence file
     * @param owed minor units paid to honest holders on its account
     * @param recovered minor units taken from it so far, as the certifier reports
     * @param fromFund minor units that the guarantee fund bears
     * @param fromInstitution minor units that the certifier bears
     */
    record ConvictionSet(
            Thumbprint culprit,
            InstitutionId certifier,
            Currency currency,
            Bytes file,
            Amount owed,
            Amount recovered,
            Amount fromFund,
            Amount fromInstitution)
            implements Effect {
        ConvictionSet owing(Amount more) {
            return new ConvictionSet(
                    culprit, certifier, currency, file, owed.plus(more), recovered, fromFund, fromInstitution);
        }
    }

    /** A key that the next bulletin lists as revoked. */
    record KeyRevoked(Thumbprint key, InstitutionId by, String reason) implements Effect {}

    /** A payee's non-receipt for which value was returned. */
    record DenialKept(Signed<NonReceipt> denial, Signed<PurseCertificate> certificate) implements Effect {
        public Thumbprint payee() {
            return certificate.statement().thumbprint();
        }
    }

    /** What came back of a denied transfer, for good. */
    record RefundKept(Hash transfer, InstitutionId institution, Amount amount) implements Effect {}

    /** An account's claim on what lost keys held; replaces by id. */
    record ClaimKept(
            Nonce id, InstitutionId institution, String account, List<Thumbprint> keys, Bytes claim, Amount returned)
            implements Effect {
        public ClaimKept {
            keys = List.copyOf(keys);
        }
    }

    /**
     * A part that one claimant got and a later-surfacing holder was due.
     *
     * @param from the claim that had it
     * @param number how often this part has moved, this time included: each part once under each number
     * @param now who has it from now on, and where that one holds it
     */
    record ClaimMoved(Nonce from, int number, RangeSettled now) implements Effect {}

    /**
     * Whether an institution is gone, from now on; the last word on it holds.
     *
     * @param since when an operator said so
     * @param reason for the record
     */
    record StandingSet(InstitutionId institution, boolean gone, Timestamp since, String reason) implements Effect {}

    /**
     * A deposit at an institution that is gone, honoured for another; replaces by deposit.
     *
     * @param handover the depositor's word
     * @param from the institution that is gone
     * @param due what had been settled for it already, and leaves its clearing when a person has looked
     * @param released whether it has left
     */
    record HonouredKept(Signed<Handover> handover, InstitutionId from, Currency currency, Amount due, boolean released)
            implements Effect {
        public Hash deposit() {
            return handover.statement().deposit();
        }

        public InstitutionId to() {
            return handover.statement().institution();
        }
    }

    /** Compensation that waits until a person has looked; replaces by deposit. */
    record WithheldKept(Hash deposit, InstitutionId institution, Currency currency, Amount amount, boolean released)
            implements Effect {}

    /**
     * An account-to-account transfer across institutions; replaces by sender's institution and id.
     *
     * @param content hash of what was asked
     * @param returned why it went back, if it did
     */
    record RemitKept(InstitutionId from, Nonce id, Hash content, Optional<RefusalCode> returned) implements Effect {}

    /** A key's own word that it asked this institution to certify it, as that one showed it. */
    record KeyShown(BoundKey key, InstitutionId institution) implements Effect {}

    /** Money moved. */
    record Posted(Posting posting) implements Effect {}

    /** Something that an institution will read in its inbox. */
    record Told(InstitutionId institution, InboxEvent event) implements Effect {}

    /** A netting cycle takes in every posting so far that no earlier one took. */
    record CycleClosed(long cycle, List<Position> positions) implements Effect {
        public CycleClosed {
            positions = List.copyOf(positions);
        }
    }

    /**
     * An institution's place in a netting cycle, minor units.
     *
     * @param grossIn what entered its clearing account
     * @param grossOut what left it
     * @param floatRedeemed of its notes, anywhere
     */
    record Position(InstitutionId institution, Currency currency, long grossIn, long grossOut, long floatRedeemed) {
        /** Above zero if its reserve gains. */
        public long net() {
            return Math.subtractExact(grossIn, grossOut);
        }
    }
}
