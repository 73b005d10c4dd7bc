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
    private static final int HALF = SIZE / 2;
    private static final Bytes ZERO = Bytes.of(new byte[HALF]);
    /** The order of the group, and half of it, rounded down. */
    private static final Bytes N = Bytes.fromHex("ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551");

    private static final Bytes HALF_N =
            Bytes.fromHex("7fffffff800000007fffffffffffffffde737d56d38bcf4279dce5617e3192a8");
    private static final BigInteger ORDER = new BigInteger(N.hex(), 16);
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
        return candidate.compareRange(0, HALF, ZERO) > 0
                && candidate.compareRange(0, HALF, N) < 0
                && candidate.compareRange(HALF, SIZE, ZERO) > 0
                && candidate.compareRange(HALF, SIZE, HALF_N) <= 0;
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
