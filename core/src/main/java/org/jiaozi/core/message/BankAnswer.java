package org.jiaozi.core.message;

import java.util.List;
import java.util.Optional;
import org.jiaozi.core.codec.Cbor;
import org.jiaozi.core.codec.DecodeException;
import org.jiaozi.core.codec.Fields;
import org.jiaozi.core.refusal.Refusal;
import org.jiaozi.core.refusal.RefusalCode;
import org.jiaozi.core.statement.Note;
import org.jiaozi.core.statement.Signed;
import org.jiaozi.core.value.Amount;
import org.jiaozi.core.value.Hash;
import org.jiaozi.core.value.Limit;
import org.jiaozi.core.value.Nonce;
import org.jiaozi.core.value.Thumbprint;
import org.jiaozi.core.value.Timestamp;

/**
 * What the central bank answers (spec 07, clause 6).
 */
public sealed interface BankAnswer {
    /** The array {@code [type, fields…]}. */
    Cbor cbor();

    /**
     * No.
     *
     * @param refusal the numbered reason
     */
    record Refused(Refusal refusal) implements BankAnswer {
        @Override
        public Cbor cbor() {
            return Cbor.array(Cbor.of(200), Outcome.refusal(refusal));
        }
    }

    /**
     * The note counts against the quota.
     *
     * @param note its id
     */
    record Registered(Hash note) implements BankAnswer {
        @Override
        public Cbor cbor() {
            return Cbor.array(Cbor.of(201), Cbor.of(note.bytes()));
        }
    }

    /**
     * The registry's word on each change, under its key.
     *
     * @param answer signed by the registry key
     */
    record OwnersChanged(Signed<RegistryAnswer> answer) implements BankAnswer {
        @Override
        public Cbor cbor() {
            return Cbor.array(Cbor.of(202), answer.cose());
        }
    }

    /**
     * How much of the transfer came back.
     *
     * @param amount minor units; the rest was redeemed already
     */
    record Refunded(Amount amount) implements BankAnswer {
        @Override
        public Cbor cbor() {
            return Cbor.array(Cbor.of(203), Cbor.of(amount.minor()));
        }
    }

    /**
     * Which transfers are on record now.
     *
     * @param transfers transfer hashes
     */
    record Recorded(List<Hash> transfers) implements BankAnswer {
        public Recorded {
            transfers = List.copyOf(transfers);
        }

        @Override
        public Cbor cbor() {
            return Cbor.array(Cbor.of(204), Items.list(transfers, h -> Cbor.of(h.bytes())));
        }
    }

    /**
     * Done.
     *
     * @param epoch the bulletin that lists them
     */
    record Revoked(long epoch) implements BankAnswer {
        @Override
        public Cbor cbor() {
            return Cbor.array(Cbor.of(205), Cbor.of(epoch));
        }
    }

    /**
     * What came back so far.
     *
     * @param returned minor units by this claim in all
     * @param pending minor units not yet due
     * @param due when the next part is due; 0 if none
     */
    record ClaimRegistered(Amount returned, Amount pending, Timestamp due) implements BankAnswer {
        @Override
        public Cbor cbor() {
            return Cbor.array(
                    Cbor.of(206), Cbor.of(returned.minor()), Cbor.of(pending.minor()), Cbor.of(due.seconds()));
        }
    }

    /**
     * The key.
     *
     * @param culprit the key
     * @param fresh false when it was convicted before
     */
    record Convicted(Thumbprint culprit, boolean fresh) implements BankAnswer {
        @Override
        public Cbor cbor() {
            return Cbor.array(Cbor.of(207), Cbor.of(culprit.bytes()), Cbor.of(fresh));
        }
    }

    /**
     * Booked.
     *
     * @param fromFund minor units the guarantee fund bears
     * @param fromInstitution minor units the institution bears
     */
    record RecoveryTaken(Amount fromFund, Amount fromInstitution) implements BankAnswer {
        @Override
        public Cbor cbor() {
            return Cbor.array(Cbor.of(208), Cbor.of(fromFund.minor()), Cbor.of(fromInstitution.minor()));
        }
    }

    /**
     * Events in order.
     *
     * @param events after the asked number
     */
    record Inbox(List<InboxEvent> events) implements BankAnswer {
        public Inbox {
            events = List.copyOf(events);
        }

        @Override
        public Cbor cbor() {
            return Cbor.array(Cbor.of(209), Items.list(events, InboxEvent::cbor));
        }
    }

    /**
     * Booked.
     *
     * @param remitId the id
     */
    record RemitTaken(Nonce remitId) implements BankAnswer {
        @Override
        public Cbor cbor() {
            return Cbor.array(Cbor.of(210), Cbor.of(remitId.bytes()));
        }
    }

    /**
     * What becomes of a deposit at an institution that is gone.
     *
     * @param answer the settlement, signed by the registry key
     * @param note if that institution had given the deposit back already: the note, to be handed on, and nothing is credited
     */
    record Honoured(Signed<RegistryAnswer> answer, Optional<Signed<Note>> note) implements BankAnswer {
        @Override
        public Cbor cbor() {
            return Cbor.array(
                    Cbor.of(211), answer.cose(), note.<Cbor>map(Signed::cose).orElse(Cbor.nil()));
        }
    }

    /**
     * Booked.
     *
     * @param remitId the id of the remittance that went back
     */
    record RemitReturned(Nonce remitId) implements BankAnswer {
        @Override
        public Cbor cbor() {
            return Cbor.array(Cbor.of(212), Cbor.of(remitId.bytes()));
        }
    }

    /** Reads one; an unknown type or a wrong number of fields is refused. */
    static BankAnswer read(Cbor item) {
        List<Cbor> p = Fields.asArray(item, 16);
        if (p.isEmpty()) {
            throw new DecodeException(RefusalCode.MALFORMED, "an empty bank answer");
        }
        BankAnswer result = Fields.valid(() -> switch (Fields.asType(p.getFirst())) {
            case 200 -> new Refused(Outcome.readRefusal(at(p, 1)));
            case 201 -> new Registered(new Hash(Fields.exactly(at(p, 1), Hash.SIZE)));
            case 202 -> new OwnersChanged(Signed.fromCose(at(p, 1), RegistryAnswer::read));
            case 203 -> new Refunded(new Amount(Fields.asUint(at(p, 1), Limit.UINT48)));
            case 204 -> new Recorded(Items.list(at(p, 1), Items.MAX, i -> new Hash(Fields.exactly(i, Hash.SIZE))));
            case 205 -> new Revoked(Fields.asUint(at(p, 1), Limit.UINT32));
            case 206 ->
                new ClaimRegistered(
                        new Amount(Fields.asUint(at(p, 1), Limit.UINT48)),
                        new Amount(Fields.asUint(at(p, 2), Limit.UINT48)),
                        new Timestamp(Fields.asUint(at(p, 3), Limit.UINT32)));
            case 207 -> new Convicted(new Thumbprint(Fields.exactly(at(p, 1), Thumbprint.SIZE)), bool(at(p, 2)));
            case 208 ->
                new RecoveryTaken(
                        new Amount(Fields.asUint(at(p, 1), Limit.UINT48)),
                        new Amount(Fields.asUint(at(p, 2), Limit.UINT48)));
            case 209 -> new Inbox(Items.list(at(p, 1), Items.MAX, InboxEvent::read));
            case 210 -> new RemitTaken(new Nonce(Fields.exactly(at(p, 1), Nonce.SIZE)));
            case 211 ->
                new Honoured(
                        Signed.fromCose(at(p, 1), RegistryAnswer::read),
                        Items.opt(at(p, 2)).map(note -> Signed.fromCose(note, Note::read)));
            case 212 -> new RemitReturned(new Nonce(Fields.exactly(at(p, 1), Nonce.SIZE)));
            default -> throw new DecodeException(RefusalCode.UNKNOWN_TYPE, "bank answer " + p.getFirst());
        });
        if (!result.cbor().equals(item)) {
            throw new DecodeException(RefusalCode.UNKNOWN_FIELD, "fields beyond those of this bank answer");
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
