package org.jiaozi.core.statement;

import org.jiaozi.core.codec.Cbor;
import org.jiaozi.core.codec.Fields;
import org.jiaozi.core.value.Amount;
import org.jiaozi.core.value.Bytes;
import org.jiaozi.core.value.Currency;
import org.jiaozi.core.value.IssuerKeyId;
import org.jiaozi.core.value.Limit;
import org.jiaozi.core.value.Nonce;
import org.jiaozi.core.value.Range;
import org.jiaozi.core.value.Thumbprint;
import org.jiaozi.core.value.Timestamp;

/**
 * Issuer-signed value: the ruler {@code [0, value)} in minor units (spec 04). Its id is its hash.
 *
 * @param issuer the institution's key that signs it
 * @param quota the central-bank quota it counts against, 0 to 2^32-1
 * @param currency what it counts
 * @param value 1 to 2^48-1
 * @param expiry last second at which it may move to another holder; a deposit has grace after it
 * @param maxHops transfers between purses it allows, 1 to 16
 * @param holder the first holder's key
 * @param loadNonce drawn by the first holder: one load makes one note
 */
public record Note(
        IssuerKeyId issuer,
        long quota,
        Currency currency,
        Amount value,
        Timestamp expiry,
        int maxHops,
        Thumbprint holder,
        Nonce loadNonce)
        implements Statement {
    public Note {
        Limit.check("quota", quota, Limit.UINT32);
        if (value.isZero()) {
            throw new IllegalArgumentException("a note of nothing");
        }
        if (maxHops < 1 || maxHops > Limit.HOPS) {
            throw new IllegalArgumentException("maxHops is " + maxHops + ", allowed 1 to " + Limit.HOPS);
        }
    }

    @Override
    public StatementType type() {
        return StatementType.NOTE;
    }

    @Override
    public Bytes protectedHeader() {
        return Statement.headerFor(issuer);
    }

    @Override
    public Bytes payload() {
        return Cbor.map()
                .put(1, Cbor.of(quota))
                .put(2, Cbor.of(currency.code()))
                .put(3, Cbor.of(value.minor()))
                .put(4, Cbor.of(expiry.seconds()))
                .put(5, Cbor.of(maxHops))
                .put(6, Cbor.of(holder.bytes()))
                .put(7, Cbor.of(loadNonce.bytes()))
                .build()
                .encode();
    }

    /** Everything it holds. */
    public Range whole() {
        return new Range(0, value.minor());
    }

    /** Reads header and payload. */
    public static Note read(Bytes header, Bytes payload) {
        Fields f = Fields.decode(payload, 256);
        Note note = new Note(
                Headers.issuer(header),
                f.uint(1, Limit.UINT32),
                f.currency(2),
                f.amount(3),
                f.time(4),
                (int) f.uint(5, Limit.HOPS),
                f.thumbprint(6),
                f.nonce(7));
        f.end();
        return note;
    }
}
