package org.jiaozi.core.message;

import java.util.List;
import org.jiaozi.core.codec.Cbor;
import org.jiaozi.core.codec.DecodeException;
import org.jiaozi.core.codec.Fields;
import org.jiaozi.core.crypto.PublicKey;
import org.jiaozi.core.refusal.RefusalCode;
import org.jiaozi.core.statement.NonReceipt;
import org.jiaozi.core.statement.PurseCertificate;
import org.jiaozi.core.statement.PurseCertificate.ElementClass;
import org.jiaozi.core.statement.Signed;
import org.jiaozi.core.value.Amount;
import org.jiaozi.core.value.Bytes;
import org.jiaozi.core.value.Currency;
import org.jiaozi.core.value.InstitutionId;
import org.jiaozi.core.value.Limit;
import org.jiaozi.core.value.Nonce;
import org.jiaozi.core.value.Thumbprint;

/**
 * What a wallet asks of its institution (spec 07, clause 5). Every request is idempotent: by the message id, and where noted
 * by a nonce of its own, so that a retry with a fresh message does not act twice.
 */
public sealed interface WalletRequest {
    /** The array {@code [type, fields…]}. */
    Cbor cbor();

    /**
     * Binds purse keys and an account key to an account; signed by the account key.
     *
     * @param code the one-time code from the institution
     * @param accountKey signs claims and lost reports; kept outside the device
     * @param currency what the purse will hold
     * @param element the secure element's class
     * @param keys one pseudonym each, with proof
     */
    record Enrol(String code, PublicKey accountKey, Currency currency, ElementClass element, List<KeyProof> keys)
            implements WalletRequest {
        public Enrol {
            keys = List.copyOf(keys);
        }

        @Override
        public Cbor cbor() {
            return Cbor.array(
                    Cbor.of(1),
                    Cbor.of(code),
                    Cbor.of(accountKey.compressed()),
                    Cbor.of(currency.code()),
                    Cbor.of(element.code()),
                    Items.list(keys, KeyProof::cbor));
        }
    }

    /**
     * Turns account money into a note for one of the sender's keys.
     *
     * @param amount minor units
     * @param currency what
     * @param holder which key of the purse
     * @param loadNonce one load makes one note
     */
    record Load(Amount amount, Currency currency, Thumbprint holder, Nonce loadNonce) implements WalletRequest {
        @Override
        public Cbor cbor() {
            return Cbor.array(
                    Cbor.of(2),
                    Cbor.of(amount.minor()),
                    Cbor.of(currency.code()),
                    Cbor.of(holder.bytes()),
                    Cbor.of(loadNonce.bytes()));
        }
    }

    /**
     * Reports counters, retires keys, asks for fresh certificates.
     *
     * @param counters of every key that stays or goes
     * @param retire keys that will never sign a payment again
     * @param fresh new pseudonyms
     */
    record Renew(List<Counters> counters, List<Thumbprint> retire, List<KeyProof> fresh) implements WalletRequest {
        public Renew {
            counters = List.copyOf(counters);
            retire = List.copyOf(retire);
            fresh = List.copyOf(fresh);
        }

        @Override
        public Cbor cbor() {
            return Cbor.array(
                    Cbor.of(3),
                    Items.list(counters, Counters::cbor),
                    Items.list(retire, t -> Cbor.of(t.bytes())),
                    Items.list(fresh, KeyProof::cbor));
        }
    }

    /**
     * Pays value in; the lineage's head is a transfer to the institution's deposit key.
     *
     * @param lineage packed
     */
    record Deposit(Bytes lineage) implements WalletRequest {
        @Override
        public Cbor cbor() {
            return Cbor.array(Cbor.of(4), Cbor.of(lineage));
        }
    }

    /**
     * Hands over transfers made and received, so that forks are found and logs may be reused.
     *
     * @param lineages packed
     */
    record Upload(List<Bytes> lineages) implements WalletRequest {
        public Upload {
            lineages = List.copyOf(lineages);
        }

        @Override
        public Cbor cbor() {
            return Cbor.array(Cbor.of(5), Items.list(lineages, Cbor::of));
        }
    }

    /**
     * Asks for the value of a transfer that its payee denies having credited, as a new note.
     *
     * @param lineage packed; the head is the denied transfer
     * @param nonReceipt signed by the payee
     * @param payee the payee's certificate
     * @param holder which key of the purse gets the note
     * @param loadNonce one return makes one note
     */
    record ReturnUnreceived(
            Bytes lineage,
            Signed<NonReceipt> nonReceipt,
            Signed<PurseCertificate> payee,
            Thumbprint holder,
            Nonce loadNonce)
            implements WalletRequest {
        @Override
        public Cbor cbor() {
            return Cbor.array(
                    Cbor.of(6),
                    Cbor.of(lineage),
                    nonReceipt.cose(),
                    payee.cose(),
                    Cbor.of(holder.bytes()),
                    Cbor.of(loadNonce.bytes()));
        }
    }

    /**
     * Balance and statement.
     *
     * @param entries how many of the latest entries, at most 1,000
     */
    record ReadAccount(long entries) implements WalletRequest {
        @Override
        public Cbor cbor() {
            return Cbor.array(Cbor.of(7), Cbor.of(entries));
        }
    }

    /**
     * Account to account, online.
     *
     * @param toInstitution the receiver's institution
     * @param toAccount the receiver's account
     * @param amount minor units
     * @param reference for people
     * @param remitId one id moves money once
     */
    record Remit(InstitutionId toInstitution, String toAccount, Amount amount, String reference, Nonce remitId)
            implements WalletRequest {
        @Override
        public Cbor cbor() {
            return Cbor.array(
                    Cbor.of(8),
                    Cbor.of(toInstitution.number()),
                    Cbor.of(toAccount),
                    Cbor.of(amount.minor()),
                    Cbor.of(reference),
                    Cbor.of(remitId.bytes()));
        }
    }

    /**
     * Blocks every key of the sender's purse; signed by the account key.
     *
     * @param remark for people
     */
    record ReportLost(String remark) implements WalletRequest {
        @Override
        public Cbor cbor() {
            return Cbor.array(Cbor.of(9), Cbor.of(remark));
        }
    }

    /**
     * Claims what lost devices held, after expiry and grace; signed by the account key.
     *
     * @param claim goes to the registry as it is
     */
    record ClaimLost(Signed<Claim> claim) implements WalletRequest {
        @Override
        public Cbor cbor() {
            return Cbor.array(Cbor.of(10), claim.cose());
        }
    }

    /**
     * Hands in an evidence file, one's own or carried for somebody.
     *
     * @param file as evidence verify reads it
     */
    record SubmitEvidence(Bytes file) implements WalletRequest {
        @Override
        public Cbor cbor() {
            return Cbor.array(Cbor.of(11), Cbor.of(file));
        }
    }

    /**
     * Has a deposit at an institution that is gone paid to the sender's account here.
     *
     * @param lineage packed; the head is the deposit
     * @param handover signed by the deposit's key
     */
    record TakeOver(Bytes lineage, Signed<Handover> handover) implements WalletRequest {
        @Override
        public Cbor cbor() {
            return Cbor.array(Cbor.of(12), Cbor.of(lineage), handover.cose());
        }
    }

    /** Reads one; an unknown type or a wrong number of fields is refused. */
    static WalletRequest read(Cbor item) {
        List<Cbor> p = Fields.asArray(item, 16);
        if (p.isEmpty()) {
            throw new DecodeException(RefusalCode.MALFORMED, "an empty request");
        }
        WalletRequest result = Fields.valid(() -> switch (Fields.asType(p.getFirst())) {
            case 1 ->
                new Enrol(
                        Fields.asText(at(p, 1), 256),
                        new PublicKey(Fields.exactly(at(p, 2), PublicKey.SIZE)),
                        new Currency(Fields.asText(at(p, 3), Currency.MAX_LENGTH)),
                        ElementClass.of(Fields.asUint(at(p, 4), Limit.UINT8)),
                        Items.list(at(p, 5), 64, KeyProof::read));
            case 2 ->
                new Load(
                        new Amount(Fields.asUint(at(p, 1), Limit.UINT48)),
                        new Currency(Fields.asText(at(p, 2), Currency.MAX_LENGTH)),
                        new Thumbprint(Fields.exactly(at(p, 3), Thumbprint.SIZE)),
                        new Nonce(Fields.exactly(at(p, 4), Nonce.SIZE)));
            case 3 ->
                new Renew(
                        Items.list(at(p, 1), 64, Counters::read),
                        Items.list(at(p, 2), Items.MAX, i -> new Thumbprint(Fields.exactly(i, Thumbprint.SIZE))),
                        Items.list(at(p, 3), 64, KeyProof::read));
            case 4 -> new Deposit(Fields.asBytes(at(p, 1), Limit.SERVICE_MESSAGE_BYTES));
            case 5 -> new Upload(Items.list(at(p, 1), Items.MAX, i -> Fields.asBytes(i, Limit.SERVICE_MESSAGE_BYTES)));
            case 6 ->
                new ReturnUnreceived(
                        Fields.asBytes(at(p, 1), Limit.SERVICE_MESSAGE_BYTES),
                        Signed.fromCose(at(p, 2), NonReceipt::read),
                        Signed.fromCose(at(p, 3), PurseCertificate::read),
                        new Thumbprint(Fields.exactly(at(p, 4), Thumbprint.SIZE)),
                        new Nonce(Fields.exactly(at(p, 5), Nonce.SIZE)));
            case 7 -> new ReadAccount(Fields.asUint(at(p, 1), Limit.UINT32));
            case 8 ->
                new Remit(
                        new InstitutionId((int) Fields.asUint(at(p, 1), Limit.UINT16)),
                        Fields.asText(at(p, 2), 256),
                        new Amount(Fields.asUint(at(p, 3), Limit.UINT48)),
                        Fields.asText(at(p, 4), 256),
                        new Nonce(Fields.exactly(at(p, 5), Nonce.SIZE)));
            case 9 -> new ReportLost(Fields.asText(at(p, 1), 256));
            case 10 -> new ClaimLost(Signed.fromCose(at(p, 1), Claim::read));
            case 11 -> new SubmitEvidence(Fields.asBytes(at(p, 1), Limit.SERVICE_MESSAGE_BYTES));
            case 12 ->
                new TakeOver(
                        Fields.asBytes(at(p, 1), Limit.SERVICE_MESSAGE_BYTES),
                        Signed.fromCose(at(p, 2), Handover::read));
            default -> throw new DecodeException(RefusalCode.UNKNOWN_TYPE, "request " + p.getFirst());
        });
        if (!result.cbor().equals(item)) {
            throw new DecodeException(RefusalCode.UNKNOWN_FIELD, "fields beyond those of this request");
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
