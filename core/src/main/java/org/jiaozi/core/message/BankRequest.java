package org.jiaozi.core.message;

import java.util.List;
import org.jiaozi.core.codec.Cbor;
import org.jiaozi.core.codec.DecodeException;
import org.jiaozi.core.codec.Fields;
import org.jiaozi.core.crypto.PublicKey;
import org.jiaozi.core.refusal.RefusalCode;
import org.jiaozi.core.statement.NonReceipt;
import org.jiaozi.core.statement.Note;
import org.jiaozi.core.statement.PurseCertificate;
import org.jiaozi.core.statement.Signed;
import org.jiaozi.core.value.Amount;
import org.jiaozi.core.value.Bytes;
import org.jiaozi.core.value.Currency;
import org.jiaozi.core.value.InstitutionId;
import org.jiaozi.core.value.Limit;
import org.jiaozi.core.value.Nonce;
import org.jiaozi.core.value.Thumbprint;

/**
 * What an institution asks of the central bank (spec 07, clause 6). Idempotent by content.
 */
public sealed interface BankRequest {
    /** The array {@code [type, fields…]}. */
    Cbor cbor();

    /**
     * Registers a note against quota and reserve before it is handed over.
     *
     * @param note signed by the institution
     */
    record RegisterNote(Signed<Note> note) implements BankRequest {
        @Override
        public Cbor cbor() {
            return Cbor.array(Cbor.of(1), note.cose());
        }
    }

    /**
     * Owner changes for a batch of deposits, with lineages.
     *
     * @param changes at most 1,024
     */
    record ChangeOwners(List<OwnerChange> changes) implements BankRequest {
        public ChangeOwners {
            changes = List.copyOf(changes);
        }

        @Override
        public Cbor cbor() {
            return Cbor.array(Cbor.of(2), Items.list(changes, OwnerChange::cbor));
        }
    }

    /**
     * Returns a denied transfer's ranges, with the payee's word.
     *
     * @param lineage packed; the head is the denied transfer
     * @param nonReceipt signed by the payee
     * @param payee the payee's certificate
     */
    record Refund(Bytes lineage, Signed<NonReceipt> nonReceipt, Signed<PurseCertificate> payee) implements BankRequest {
        @Override
        public Cbor cbor() {
            return Cbor.array(Cbor.of(3), Cbor.of(lineage), nonReceipt.cose(), payee.cose());
        }
    }

    /**
     * Puts transfers on record.
     *
     * @param lineages packed
     */
    record PutOnRecord(List<Bytes> lineages) implements BankRequest {
        public PutOnRecord {
            lineages = List.copyOf(lineages);
        }

        @Override
        public Cbor cbor() {
            return Cbor.array(Cbor.of(4), Items.list(lineages, Cbor::of));
        }
    }

    /**
     * Lists keys in the next bulletin.
     *
     * @param keys purse keys that this institution certified
     * @param reason for the record
     */
    record Revoke(List<BoundKey> keys, String reason) implements BankRequest {
        public Revoke {
            keys = List.copyOf(keys);
        }

        @Override
        public Cbor cbor() {
            return Cbor.array(Cbor.of(5), Items.list(keys, BoundKey::cbor), Cbor.of(reason));
        }
    }

    /**
     * Claims what lost keys held.
     *
     * @param keys the account's purse keys, certified by this institution
     * @param claim signed by the account key
     * @param accountKey that key
     */
    record RegisterClaim(List<BoundKey> keys, Signed<Claim> claim, PublicKey accountKey) implements BankRequest {
        public RegisterClaim {
            keys = List.copyOf(keys);
        }

        @Override
        public Cbor cbor() {
            return Cbor.array(
                    Cbor.of(6), Items.list(keys, BoundKey::cbor), claim.cose(), Cbor.of(accountKey.compressed()));
        }
    }

    /**
     * Hands in an evidence file.
     *
     * @param file as evidence verify reads it
     */
    record Convict(Bytes file) implements BankRequest {
        @Override
        public Cbor cbor() {
            return Cbor.array(Cbor.of(7), Cbor.of(file));
        }
    }

    /**
     * What was taken from a culprit's account.
     *
     * @param culprit the convicted key
     * @param recovered minor units, by conviction, in all
     */
    record ReportRecovery(Thumbprint culprit, Amount recovered) implements BankRequest {
        @Override
        public Cbor cbor() {
            return Cbor.array(Cbor.of(8), Cbor.of(culprit.bytes()), Cbor.of(recovered.minor()));
        }
    }

    /**
     * Events since a number.
     *
     * @param since the last number seen
     */
    record ReadInbox(long since) implements BankRequest {
        @Override
        public Cbor cbor() {
            return Cbor.array(Cbor.of(9), Cbor.of(since));
        }
    }

    /**
     * Moves account money to another institution.
     *
     * @param toInstitution receiver
     * @param toAccount receiver's account
     * @param amount minor units
     * @param currency what
     * @param reference for people
     * @param remitId one id moves money once
     */
    record RemitAcross(
            InstitutionId toInstitution,
            String toAccount,
            Amount amount,
            Currency currency,
            String reference,
            Nonce remitId)
            implements BankRequest {
        @Override
        public Cbor cbor() {
            return Cbor.array(
                    Cbor.of(10),
                    Cbor.of(toInstitution.number()),
                    Cbor.of(toAccount),
                    Cbor.of(amount.minor()),
                    Cbor.of(currency.code()),
                    Cbor.of(reference),
                    Cbor.of(remitId.bytes()));
        }
    }

    /**
     * Asks that the central bank honour a deposit at an institution that is gone, for an account of the caller.
     *
     * @param deposit its lineage, and whether the caller has flagged the depositor
     * @param handover signed by the deposit's key
     */
    record Honour(OwnerChange deposit, Signed<Handover> handover) implements BankRequest {
        @Override
        public Cbor cbor() {
            return Cbor.array(Cbor.of(11), deposit.cbor(), handover.cose());
        }
    }

    /**
     * Sends money back that came from another institution and that no account here takes.
     *
     * @param from the sender's institution
     * @param remit what that one had asked, word for word
     * @param reason why
     */
    record ReturnRemit(InstitutionId from, RemitAcross remit, RefusalCode reason) implements BankRequest {
        @Override
        public Cbor cbor() {
            return Cbor.array(Cbor.of(12), Cbor.of(from.number()), remit.cbor(), Cbor.of(reason.number()));
        }

        private static ReturnRemit read(List<Cbor> p) {
            if (!(BankRequest.read(at(p, 2)) instanceof RemitAcross remit)) {
                throw new DecodeException(RefusalCode.MALFORMED, "a return of something else than a remittance");
            }
            return new ReturnRemit(
                    new InstitutionId((int) Fields.asUint(at(p, 1), Limit.UINT16)), remit, Outcome.readCode(at(p, 3)));
        }
    }

    /** Reads one; an unknown type or a wrong number of fields is refused. */
    static BankRequest read(Cbor item) {
        List<Cbor> p = Fields.asArray(item, 16);
        if (p.isEmpty()) {
            throw new DecodeException(RefusalCode.MALFORMED, "an empty bank request");
        }
        BankRequest result = Fields.valid(() -> switch (Fields.asType(p.getFirst())) {
            case 1 -> new RegisterNote(Signed.fromCose(at(p, 1), Note::read));
            case 2 -> new ChangeOwners(Items.list(at(p, 1), Items.MAX, OwnerChange::read));
            case 3 ->
                new Refund(
                        Fields.asBytes(at(p, 1), Limit.SERVICE_MESSAGE_BYTES),
                        Signed.fromCose(at(p, 2), NonReceipt::read),
                        Signed.fromCose(at(p, 3), PurseCertificate::read));
            case 4 ->
                new PutOnRecord(Items.list(at(p, 1), Items.MAX, i -> Fields.asBytes(i, Limit.SERVICE_MESSAGE_BYTES)));
            case 5 -> new Revoke(Items.list(at(p, 1), Items.MAX, BoundKey::read), Fields.asText(at(p, 2), 256));
            case 6 ->
                new RegisterClaim(
                        Items.list(at(p, 1), Items.MAX, BoundKey::read),
                        Signed.fromCose(at(p, 2), Claim::read),
                        new PublicKey(Fields.exactly(at(p, 3), PublicKey.SIZE)));
            case 7 -> new Convict(Fields.asBytes(at(p, 1), Limit.SERVICE_MESSAGE_BYTES));
            case 8 ->
                new ReportRecovery(
                        new Thumbprint(Fields.exactly(at(p, 1), Thumbprint.SIZE)),
                        new Amount(Fields.asUint(at(p, 2), Limit.UINT48)));
            case 9 -> new ReadInbox(Fields.asUint(at(p, 1), Limit.UINT48));
            case 10 ->
                new RemitAcross(
                        new InstitutionId((int) Fields.asUint(at(p, 1), Limit.UINT16)),
                        Fields.asText(at(p, 2), 256),
                        new Amount(Fields.asUint(at(p, 3), Limit.UINT48)),
                        new Currency(Fields.asText(at(p, 4), Currency.MAX_LENGTH)),
                        Fields.asText(at(p, 5), 256),
                        new Nonce(Fields.exactly(at(p, 6), Nonce.SIZE)));
            case 11 -> new Honour(OwnerChange.read(at(p, 1)), Signed.fromCose(at(p, 2), Handover::read));
            case 12 -> ReturnRemit.read(p);
            default -> throw new DecodeException(RefusalCode.UNKNOWN_TYPE, "bank request " + p.getFirst());
        });
        if (!result.cbor().equals(item)) {
            throw new DecodeException(RefusalCode.UNKNOWN_FIELD, "fields beyond those of this bank request");
        }
        return result;
    }

    private static Cbor at(List<Cbor> parts, int index) {
        if (index >= parts.size()) {
            throw new DecodeException(RefusalCode.MALFORMED, "field " + index + " is missing");
        }
        return parts.get(index);
    }
}
