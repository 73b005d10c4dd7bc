package org.jiaozi.core.message;

import java.util.List;
import org.jiaozi.core.codec.Cbor;
import org.jiaozi.core.codec.DecodeException;
import org.jiaozi.core.codec.Fields;
import org.jiaozi.core.refusal.RefusalCode;
import org.jiaozi.core.value.Amount;
import org.jiaozi.core.value.Bytes;
import org.jiaozi.core.value.Currency;
import org.jiaozi.core.value.Hash;
import org.jiaozi.core.value.InstitutionId;
import org.jiaozi.core.value.Limit;
import org.jiaozi.core.value.Nonce;
import org.jiaozi.core.value.Thumbprint;

/** What the central bank has to tell an institution; numbered without gaps per institution, so that none is missed. */
public sealed interface InboxEvent {
    /** Its number, from 1. */
    long number();

    Cbor cbor();

    /**
     * A key that this institution certified is convicted: block the account, take what is owed from it.
     *
     * @param number event number
     * @param culprit the key
     * @param owed minor units paid to honest holders so far on its account
     * @param currency of that sum
     * @param evidence the evidence file
     */
    record Conviction(long number, Thumbprint culprit, Amount owed, Currency currency, Bytes evidence)
            implements InboxEvent {
        @Override
        public Cbor cbor() {
            return Cbor.array(
                    Cbor.of(1),
                    Cbor.of(number),
                    Cbor.of(culprit.bytes()),
                    Cbor.of(owed.minor()),
                    Cbor.of(currency.code()),
                    Cbor.of(evidence));
        }
    }

    /**
     * Money for an account here.
     *
     * @param number event number
     * @param from the sender's institution
     * @param account the receiver's account
     * @param amount minor units
     * @param currency what
     * @param reference for people
     * @param remitId one id moves money once
     */
    record RemitArrived(
            long number,
            InstitutionId from,
            String account,
            Amount amount,
            Currency currency,
            String reference,
            Nonce remitId)
            implements InboxEvent {
        @Override
        public Cbor cbor() {
            return Cbor.array(
                    Cbor.of(2),
                    Cbor.of(number),
                    Cbor.of(from.number()),
                    Cbor.of(account),
                    Cbor.of(amount.minor()),
                    Cbor.of(currency.code()),
                    Cbor.of(reference),
                    Cbor.of(remitId.bytes()));
        }
    }

    /**
     * A netting cycle is final.
     *
     * @param number event number
     * @param cycle the cycle's number
     * @param currency what
     * @param floatRedeemed minor units of this institution's notes that were redeemed anywhere in the cycle
     * @param netIn minor units its reserve gained, 0 if it lost
     * @param netOut minor units its reserve lost, 0 if it gained
     */
    record Netted(long number, long cycle, Currency currency, Amount floatRedeemed, Amount netIn, Amount netOut)
            implements InboxEvent {
        @Override
        public Cbor cbor() {
            return Cbor.array(
                    Cbor.of(3),
                    Cbor.of(number),
                    Cbor.of(cycle),
                    Cbor.of(currency.code()),
                    Cbor.of(floatRedeemed.minor()),
                    Cbor.of(netIn.minor()),
                    Cbor.of(netOut.minor()));
        }
    }

    /**
     * A payment that was held back is released.
     *
     * @param number event number
     * @param deposit the deposit transfer
     * @param amount minor units to credit now
     */
    record Released(long number, Hash deposit, Amount amount) implements InboxEvent {
        @Override
        public Cbor cbor() {
            return Cbor.array(Cbor.of(4), Cbor.of(number), Cbor.of(deposit.bytes()), Cbor.of(amount.minor()));
        }
    }

    /**
     * A transfer surfaced after its value had been returned to a claimant of this institution: the claimant owes it.
     *
     * @param number event number
     * @param claimId the claim
     * @param amount minor units owed
     * @param currency what
     */
    record ClaimantDebt(long number, Nonce claimId, Amount amount, Currency currency) implements InboxEvent {
        @Override
        public Cbor cbor() {
            return Cbor.array(
                    Cbor.of(5),
                    Cbor.of(number),
                    Cbor.of(claimId.bytes()),
                    Cbor.of(amount.minor()),
                    Cbor.of(currency.code()));
        }
    }

    /**
     * While this institution was gone the central bank honoured, elsewhere, a deposit that was settled for this one: if it
     * reached an account here, that account owes it.
     *
     * @param number event number
     * @param deposit the deposit transfer's hash
     * @param amount minor units that left this institution's clearing
     * @param currency what
     */
    record HonouredElsewhere(long number, Hash deposit, Amount amount, Currency currency) implements InboxEvent {
        @Override
        public Cbor cbor() {
            return Cbor.array(
                    Cbor.of(6),
                    Cbor.of(number),
                    Cbor.of(deposit.bytes()),
                    Cbor.of(amount.minor()),
                    Cbor.of(currency.code()));
        }
    }

    /**
     * A remittance of this institution came back: credit its sender.
     *
     * @param number event number
     * @param from the institution that sent it back
     * @param remitId the remittance's own id
     * @param amount minor units, all of it
     * @param currency what
     * @param reason why it was not taken
     */
    record RemitReturned(
            long number, InstitutionId from, Nonce remitId, Amount amount, Currency currency, RefusalCode reason)
            implements InboxEvent {
        @Override
        public Cbor cbor() {
            return Cbor.array(
                    Cbor.of(7),
                    Cbor.of(number),
                    Cbor.of(from.number()),
                    Cbor.of(remitId.bytes()),
                    Cbor.of(amount.minor()),
                    Cbor.of(currency.code()),
                    Cbor.of(reason.number()));
        }
    }

    /** Reads one. */
    static InboxEvent read(Cbor item) {
        List<Cbor> p = Fields.asArray(item, 8);
        if (p.size() < 2) {
            throw new DecodeException(RefusalCode.MALFORMED, "an event of " + p.size() + " fields");
        }
        long number = Fields.asUint(p.get(1), Limit.UINT48);
        return Fields.valid(() -> switch (Fields.asType(p.get(0))) {
            case 1 ->
                new Conviction(
                        number,
                        new Thumbprint(Fields.exactly(at(p, 2), Thumbprint.SIZE)),
                        amount(at(p, 3)),
                        currency(at(p, 4)),
                        Fields.asBytes(at(p, 5), Limit.SERVICE_MESSAGE_BYTES));
            case 2 ->
                new RemitArrived(
                        number,
                        new InstitutionId((int) Fields.asUint(at(p, 2), Limit.UINT16)),
                        Fields.asText(at(p, 3), 64),
                        amount(at(p, 4)),
                        currency(at(p, 5)),
                        Fields.asText(at(p, 6), 256),
                        new Nonce(Fields.exactly(at(p, 7), Nonce.SIZE)));
            case 3 ->
                new Netted(
                        number,
                        Fields.asUint(at(p, 2), Limit.UINT48),
                        currency(at(p, 3)),
                        amount(at(p, 4)),
                        amount(at(p, 5)),
                        amount(at(p, 6)));
            case 4 -> new Released(number, new Hash(Fields.exactly(at(p, 2), Hash.SIZE)), amount(at(p, 3)));
            case 5 ->
                new ClaimantDebt(
                        number, new Nonce(Fields.exactly(at(p, 2), Nonce.SIZE)), amount(at(p, 3)), currency(at(p, 4)));
            case 6 ->
                new HonouredElsewhere(
                        number, new Hash(Fields.exactly(at(p, 2), Hash.SIZE)), amount(at(p, 3)), currency(at(p, 4)));
            case 7 ->
                new RemitReturned(
                        number,
                        new InstitutionId((int) Fields.asUint(at(p, 2), Limit.UINT16)),
                        new Nonce(Fields.exactly(at(p, 3), Nonce.SIZE)),
                        amount(at(p, 4)),
                        currency(at(p, 5)),
                        Outcome.readCode(at(p, 6)));
            default -> throw new DecodeException(RefusalCode.UNKNOWN_TYPE, "event " + p.get(0));
        });
    }

    private static Cbor at(List<Cbor> parts, int index) {
        if (index >= parts.size()) {
            throw new DecodeException(RefusalCode.MALFORMED, "field " + index + " is missing");
        }
        return parts.get(index);
    }

    private static Amount amount(Cbor item) {
        return new Amount(Fields.asUint(item, Limit.UINT48));
    }

    private static Currency currency(Cbor item) {
        return new Currency(Fields.asText(item, Currency.MAX_LENGTH));
    }
}
