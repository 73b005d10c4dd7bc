package org.jiaozi.core.message;

import org.jiaozi.core.codec.Cbor;
import org.jiaozi.core.codec.Fields;
import org.jiaozi.core.statement.Headers;
import org.jiaozi.core.statement.Statement;
import org.jiaozi.core.statement.StatementType;
import org.jiaozi.core.value.Bytes;
import org.jiaozi.core.value.Hash;
import org.jiaozi.core.value.IssuerKeyId;
import org.jiaozi.core.value.Limit;
import org.jiaozi.core.value.Timestamp;

/**
 * An institution countersigns that it will not take a deposit: the signed range is never signed again, so the value comes
 * back as a new note, from this institution or, if it is gone, from the central bank (spec 07, clause 10).
 *
 * @param signer the institution's key
 * @param deposit the deposit transfer's hash
 * @param code the refusal's number
 * @param at when
 */
public record DepositRefusal(IssuerKeyId signer, Hash deposit, int code, Timestamp at) implements Statement {
    @Override
    public StatementType type() {
        return StatementType.DEPOSIT_REFUSAL;
    }

    @Override
    public Bytes protectedHeader() {
        return Statement.headerFor(signer);
    }

    @Override
    public Bytes payload() {
        return Cbor.map()
                .put(1, Cbor.of(deposit.bytes()))
                .put(2, Cbor.of(code))
                .put(3, Cbor.of(at.seconds()))
                .build()
                .encode();
    }

    /** Reads header and payload. */
    public static DepositRefusal read(Bytes header, Bytes payload) {
        Fields f = Fields.decode(payload, 256);
        DepositRefusal refusal =
                new DepositRefusal(Headers.issuer(header), f.hash(1), (int) f.uint(2, Limit.UINT16), f.time(3));
        f.end();
        return refusal;
    }
}
