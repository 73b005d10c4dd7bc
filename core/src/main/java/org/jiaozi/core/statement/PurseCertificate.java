package org.jiaozi.core.statement;

import org.jiaozi.core.codec.Cbor;
import org.jiaozi.core.codec.DecodeException;
import org.jiaozi.core.codec.Fields;
import org.jiaozi.core.crypto.PublicKey;
import org.jiaozi.core.refusal.RefusalCode;
import org.jiaozi.core.value.Bytes;
import org.jiaozi.core.value.Currency;
import org.jiaozi.core.value.IssuerKeyId;
import org.jiaozi.core.value.Limit;
import org.jiaozi.core.value.Thumbprint;
import org.jiaozi.core.value.Timestamp;

/**
 * An institution's word on one purse key: a CWT (RFC 8392) with {@code cnf} (RFC 8747), pseudonymous (spec 03). Limits
 * count from {@code seqBase} and {@code spentBase}, the key's counters at its last sync.
 *
 * @param issuer the institution's key that signs it
 * @param key the purse key
 * @param tier which tier of the policy, 0 to 255
 * @param element the secure element's class
 * @param currency what the limits count, and the only currency this key moves
 * @param limits what it may do until the next sync
 * @param notBefore first second of validity
 * @param expiry last second of validity
 * @param seqBase the key's sequence number at the last sync
 * @param spentBase the key's spent total at the last sync, minor units
 */
public record PurseCertificate(
        IssuerKeyId issuer,
        PublicKey key,
        int tier,
        ElementClass element,
        Currency currency,
        Limits limits,
        Timestamp notBefore,
        Timestamp expiry,
        long seqBase,
        long spentBase)
        implements Statement {
    private static final long TIER = -65537;
    private static final long ELEMENT = -65538;
    private static final long PER_PAYMENT = -65539;
    private static final long TOTAL = -65540;
    private static final long COUNT = -65541;
    private static final long HOLDING = -65542;
    private static final long SEQ_BASE = -65543;
    private static final long SPENT_BASE = -65544;
    private static final long CURRENCY = -65545;

    public PurseCertificate {
        Limit.check("tier", tier, Limit.UINT8);
        Limit.check("seqBase", seqBase, Limit.UINT48);
        Limit.check("spentBase", spentBase, Limit.UINT48);
        if (notBefore.isAfter(expiry)) {
            throw new IllegalArgumentException("a certificate that ends before it begins");
        }
    }

    /** What kind of element holds the key. */
    public enum ElementClass {
        SOFTWARE(0),
        PHONE(1),
        CARD(2),
        HSM(3);

        private final int code;

        ElementClass(int code) {
            this.code = code;
        }

        /** The number on the wire. */
        public int code() {
            return code;
        }

        /** The class with that number; others are refused. */
        public static ElementClass of(long code) {
            for (ElementClass element : values()) {
                if (element.code == code) {
                    return element;
                }
            }
            throw new IllegalArgumentException("element class " + code);
        }
    }

    /**
     * What the purse may do until its next sync.
     *
     * @param perPayment most that one payment moves, minor units
     * @param total most that payments move in all, minor units
     * @param count most payments, below 2^32
     * @param holding most it may hold after receiving, minor units
     */
    public record Limits(long perPayment, long total, long count, long holding) {
        public Limits {
            Limit.check("perPayment", perPayment, Limit.UINT48);
            Limit.check("total", total, Limit.UINT48);
            Limit.check("count", count, Limit.UINT32);
            Limit.check("holding", holding, Limit.UINT48);
        }
    }

    /** The name under which this key holds value. */
    public Thumbprint thumbprint() {
        return key.thumbprint();
    }

    public boolean validAt(Timestamp at) {
        return !at.isBefore(notBefore) && !at.isAfter(expiry);
    }

    @Override
    public StatementType type() {
        return StatementType.CERTIFICATE;
    }

    @Override
    public Bytes protectedHeader() {
        return Statement.headerFor(issuer);
    }

    @Override
    public Bytes payload() {
        return Cbor.map()
                .put(1, Cbor.of(issuer.institution().toString()))
                .put(4, Cbor.of(expiry.seconds()))
                .put(5, Cbor.of(notBefore.seconds()))
                .put(8, Cbor.map().put(1, key.coseKey()).build())
                .put(TIER, Cbor.of(tier))
                .put(ELEMENT, Cbor.of(element.code()))
                .put(PER_PAYMENT, Cbor.of(limits.perPayment()))
                .put(TOTAL, Cbor.of(limits.total()))
                .put(COUNT, Cbor.of(limits.count()))
                .put(HOLDING, Cbor.of(limits.holding()))
                .put(SEQ_BASE, Cbor.of(seqBase))
                .put(SPENT_BASE, Cbor.of(spentBase))
                .put(CURRENCY, Cbor.of(currency.code()))
                .build()
                .encode();
    }

    /** Reads header and payload. */
    public static PurseCertificate read(Bytes header, Bytes payload) {
        Fields f = Fields.decode(payload, 512);
        IssuerKeyId issuer = Headers.issuer(header);
        if (!f.text(1, 8).equals(issuer.institution().toString())) {
            throw new DecodeException(RefusalCode.MALFORMED, "iss and kid name different institutions");
        }
        Timestamp expiry = f.time(4);
        Timestamp notBefore = f.time(5);
        Fields cnf = Fields.of(f.item(8));
        PublicKey key = coseKey(Fields.of(cnf.item(1)));
        cnf.end();
        PurseCertificate certificate = new PurseCertificate(
                issuer,
                key,
                (int) f.uint(TIER, Limit.UINT8),
                ElementClass.of(f.uint(ELEMENT, Limit.UINT8)),
                f.currency(CURRENCY),
                new Limits(f.uint48(PER_PAYMENT), f.uint48(TOTAL), f.uint(COUNT, Limit.UINT32), f.uint48(HOLDING)),
                notBefore,
                expiry,
                f.uint48(SEQ_BASE),
                f.uint48(SPENT_BASE));
        f.end();
        return certificate;
    }

    private static PublicKey coseKey(Fields f) {
        if (f.uint(1, 16) != 2 || f.uint(-1, 16) != 1) {
            throw new DecodeException(RefusalCode.MALFORMED, "not a P-256 key");
        }
        Bytes x = f.exactly(-2, 32);
        byte sign = (byte) (f.bool(-3) ? 3 : 2);
        f.end();
        return new PublicKey(Bytes.of(new byte[] {sign}).concat(x));
    }
}
