package org.jiaozi.core.message;

import java.util.List;
import java.util.Optional;
import org.jiaozi.core.codec.Cbor;
import org.jiaozi.core.codec.DecodeException;
import org.jiaozi.core.codec.Fields;
import org.jiaozi.core.refusal.Refusal;
import org.jiaozi.core.refusal.RefusalCode;
import org.jiaozi.core.statement.Note;
import org.jiaozi.core.statement.PurseCertificate;
import org.jiaozi.core.statement.Signed;
import org.jiaozi.core.value.Amount;
import org.jiaozi.core.value.Currency;
import org.jiaozi.core.value.Hash;
import org.jiaozi.core.value.Limit;
import org.jiaozi.core.value.Thumbprint;
import org.jiaozi.core.value.Timestamp;

/**
 * What an institution answers (spec 07, clause 5).
 */
public sealed interface WalletAnswer {
    /** The array {@code [type, fields…]}. */
    Cbor cbor();

    /**
     * No.
     *
     * @param refusal the numbered reason
     */
    record Refused(Refusal refusal) implements WalletAnswer {
        @Override
        public Cbor cbor() {
            return Cbor.array(Cbor.of(100), Outcome.refusal(refusal));
        }
    }

    /**
     * The account and its certificates.
     *
     * @param account the account's name
     * @param certificates one per key, in order
     */
    record Enrolled(String account, List<Signed<PurseCertificate>> certificates) implements WalletAnswer {
        public Enrolled {
            certificates = List.copyOf(certificates);
        }

        @Override
        public Cbor cbor() {
            return Cbor.array(Cbor.of(101), Cbor.of(account), Items.list(certificates, Signed::cose));
        }
    }

    /**
     * The note.
     *
     * @param note registered at the central bank
     */
    record Loaded(Signed<Note> note) implements WalletAnswer {
        @Override
        public Cbor cbor() {
            return Cbor.array(Cbor.of(102), note.cose());
        }
    }

    /**
     * Fresh certificates.
     *
     * @param certificates for keys that stay and new ones
     * @param missing minor units that the counters leave unexplained; 0 for an honest purse
     */
    record Renewed(List<Signed<PurseCertificate>> certificates, Amount missing) implements WalletAnswer {
        public Renewed {
            certificates = List.copyOf(certificates);
        }

        @Override
        public Cbor cbor() {
            return Cbor.array(Cbor.of(103), Items.list(certificates, Signed::cose), Cbor.of(missing.minor()));
        }
    }

    /**
     * What became of each input; the balance after it.
     *
     * @param outcomes in input order
     * @param credited minor units credited
     * @param balance of the account
     * @param refusal countersigned, when the institution will not take the deposit
     * @param returned the value as a new note, when refused
     */
    record Deposited(
            List<Outcome> outcomes,
            Amount credited,
            Amount balance,
            Optional<Signed<DepositRefusal>> refusal,
            Optional<Signed<Note>> returned)
            implements WalletAnswer {
        public Deposited {
            outcomes = List.copyOf(outcomes);
        }

        @Override
        public Cbor cbor() {
            return Cbor.array(
                    Cbor.of(104),
                    Items.list(outcomes, Outcome::cbor),
                    Cbor.of(credited.minor()),
                    Cbor.of(balance.minor()),
                    refusal.<Cbor>map(Signed::cose).orElse(Cbor.nil()),
                    returned.<Cbor>map(Signed::cose).orElse(Cbor.nil()));
        }
    }

    /**
     * Which transfers are on record now.
     *
     * @param acknowledged transfer hashes
     */
    record Uploaded(List<Hash> acknowledged) implements WalletAnswer {
        public Uploaded {
            acknowledged = List.copyOf(acknowledged);
        }

        @Override
        public Cbor cbor() {
            return Cbor.array(Cbor.of(105), Items.list(acknowledged, h -> Cbor.of(h.bytes())));
        }
    }

    /**
     * Balance and entries.
     *
     * @param account its name
     * @param currency what it counts
     * @param balance minor units
     * @param owed what the account owes
     * @param blocked whether it is blocked
     * @param entries latest first
     */
    record Account(
            String account,
            Currency currency,
            Amount balance,
            Amount owed,
            boolean blocked,
            List<StatementEntry> entries)
            implements WalletAnswer {
        public Account {
            entries = List.copyOf(entries);
        }

        @Override
        public Cbor cbor() {
            return Cbor.array(
                    Cbor.of(107),
                    Cbor.of(account),
                    Cbor.of(currency.code()),
                    Cbor.of(balance.minor()),
                    Cbor.of(owed.minor()),
                    Cbor.of(blocked),
                    Items.list(entries, StatementEntry::cbor));
        }
    }

    /**
     * Done.
     *
     * @param balance afterwards
     */
    record Remitted(Amount balance) implements WalletAnswer {
        @Override
        public Cbor cbor() {
            return Cbor.array(Cbor.of(108), Cbor.of(balance.minor()));
        }
    }

    /**
     * Blocked; the keys are in the next bulletin.
     *
     * @param epoch the bulletin that revokes them; 0 where some key was bound without a proof and no bulletin can list it
     */
    record LostReported(long epoch) implements WalletAnswer {
        @Override
        public Cbor cbor() {
            return Cbor.array(Cbor.of(109), Cbor.of(epoch));
        }
    }

    /**
     * What came back so far.
     *
     * @param returned minor units credited by this claim
     * @param pending minor units not yet due
     * @param due when the next part is due; 0 if none
     */
    record Claimed(Amount returned, Amount pending, Timestamp due) implements WalletAnswer {
        @Override
        public Cbor cbor() {
            return Cbor.array(
                    Cbor.of(110), Cbor.of(returned.minor()), Cbor.of(pending.minor()), Cbor.of(due.seconds()));
        }
    }

    /**
     * Convicted.
     *
     * @param culprit the key
     * @param fresh false when it was convicted before
     */
    record EvidenceTaken(Thumbprint culprit, boolean fresh) implements WalletAnswer {
        @Override
        public Cbor cbor() {
            return Cbor.array(Cbor.of(111), Cbor.of(culprit.bytes()), Cbor.of(fresh));
        }
    }

    /** Reads one; an unknown type or a wrong number of fields is refused. */
    static WalletAnswer read(Cbor item) {
        List<Cbor> p = Fields.asArray(item, 16);
        if (p.isEmpty()) {
            throw new DecodeException(RefusalCode.MALFORMED, "an empty answer");
        }
        WalletAnswer result = Fields.valid(() -> switch (Fields.asType(p.getFirst())) {
            case 100 -> new Refused(Outcome.readRefusal(at(p, 1)));
            case 101 ->
                new Enrolled(
                        Fields.asText(at(p, 1), 256),
                        Items.list(at(p, 2), 64, i -> Signed.fromCose(i, PurseCertificate::read)));
            case 102 -> new Loaded(Signed.fromCose(at(p, 1), Note::read));
            case 103 ->
                new Renewed(
                        Items.list(at(p, 1), 64, i -> Signed.fromCose(i, PurseCertificate::read)),
                        new Amount(Fields.asUint(at(p, 2), Limit.UINT48)));
            case 104 ->
                new Deposited(
                        Items.list(at(p, 1), Outcome.MOST, Outcome::read),
                        new Amount(Fields.asUint(at(p, 2), Limit.UINT48)),
                        new Amount(Fields.asUint(at(p, 3), Limit.UINT48)),
                        Items.opt(at(p, 4)).map(i -> Signed.fromCose(i, DepositRefusal::read)),
                        Items.opt(at(p, 5)).map(i -> Signed.fromCose(i, Note::read)));
            case 105 -> new Uploaded(Items.list(at(p, 1), Items.MAX, i -> new Hash(Fields.exactly(i, Hash.SIZE))));
            case 107 ->
                new Account(
                        Fields.asText(at(p, 1), 256),
                        new Currency(Fields.asText(at(p, 2), Currency.MAX_LENGTH)),
                        new Amount(Fields.asUint(at(p, 3), Limit.UINT48)),
                        new Amount(Fields.asUint(at(p, 4), Limit.UINT48)),
                        bool(at(p, 5)),
                        Items.list(at(p, 6), 1000, StatementEntry::read));
            case 108 -> new Remitted(new Amount(Fields.asUint(at(p, 1), Limit.UINT48)));
            case 109 -> new LostReported(Fields.asUint(at(p, 1), Limit.UINT32));
            case 110 ->
                new Claimed(
                        new Amount(Fields.asUint(at(p, 1), Limit.UINT48)),
                        new Amount(Fields.asUint(at(p, 2), Limit.UINT48)),
                        new Timestamp(Fields.asUint(at(p, 3), Limit.UINT32)));
            case 111 -> new EvidenceTaken(new Thumbprint(Fields.exactly(at(p, 1), Thumbprint.SIZE)), bool(at(p, 2)));
            default -> throw new DecodeException(RefusalCode.UNKNOWN_TYPE, "answer " + p.getFirst());
        });
        if (!result.cbor().equals(item)) {
            throw new DecodeException(RefusalCode.UNKNOWN_FIELD, "fields beyond those of this answer");
        }
        return result;
    }

    private static boolean bool(Cbor item) {
        if (item instanceof Cbor.Bool b) {
            return b.value();
        }
        throw new DecodeException(RefusalCode.MALFORMED, "expected a Boolean");
    }

    private static Cbor at(List<Cbor> parts, int index) {
        if (index >= parts.size()) {
            throw new DecodeException(RefusalCode.MALFORMED, "field " + index + " is missing");
        }
        return parts.get(index);
    }
}
