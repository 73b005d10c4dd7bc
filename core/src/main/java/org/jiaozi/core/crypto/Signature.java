package org.jiaozi.core.crypto;

import java.math.BigInteger;
import org.jiaozi.core.value.Bytes;

/**
 * An ES256 signature in its one normal form: r then s, 32 bytes each, both in {@code [1, n-1]}, s in the lower half
 * (spec 02, clause 7). The other s would verify too, so it is refused: one signing act has one encoding.
 *
 * @param bytes exactly 64 bytes in normal form
 */
public record Signature(Bytes bytes) {
    public static final int SIZE = 64;
    private static final BigInteger ORDER =
            new BigInteger("ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551", 16);
    private static final BigInteger HALF_ORDER = ORDER.shiftRight(1);

    public Signature {
        if (!isNormal(bytes)) {
            throw new IllegalArgumentException("signature is not in normal form");
        }
    }

    /** Whether {@code candidate} is a signature in normal form. */
    public static boolean isNormal(Bytes candidate) {
        if (candidate.size() != SIZE) {
            return false;
        }
        BigInteger r = new BigInteger(1, candidate.slice(0, 32).toArray());
        BigInteger s = new BigInteger(1, candidate.slice(32, SIZE).toArray());
        return r.signum() > 0 && r.compareTo(ORDER) < 0 && s.signum() > 0 && s.compareTo(HALF_ORDER) <= 0;
    }

    /** Brings a raw 64-byte r||s as any signer makes it into normal form. */
    public static Signature normalise(Bytes raw) {
        BigInteger s = new BigInteger(1, raw.slice(32, SIZE).toArray());
        if (s.compareTo(HALF_ORDER) <= 0) {
            return new Signature(raw);
        }
        byte[] lower = ORDER.subtract(s).toByteArray();
        byte[] fixed = new byte[32];
        int from = Math.max(0, lower.length - 32);
        System.arraycopy(lower, from, fixed, 32 - (lower.length - from), lower.length - from);
        return new Signature(raw.slice(0, 32).concat(Bytes.of(fixed)));
    }
}
