package org.jiaozi.core.value;

/**
 * A sum of money in minor units (fen, cents) of a currency known from the context.
 *
 * @param minor 0 to 2^48-1
 */
public record Amount(long minor) implements Comparable<Amount> {
    public static final Amount ZERO = new Amount(0);

    public Amount {
        Limit.check("amount", minor, Limit.UINT48);
    }

    /** The sum; a sum of 2^48 or more throws. */
    public Amount plus(Amount other) {
        return new Amount(Math.addExact(minor, other.minor));
    }

    /** The difference; a negative one throws. */
    public Amount minus(Amount other) {
        return new Amount(Math.subtractExact(minor, other.minor));
    }

    public boolean isZero() {
        return minor == 0;
    }

    public Amount min(Amount other) {
        return minor <= other.minor ? this : other;
    }

    @Override
    public int compareTo(Amount other) {
        return Long.compare(minor, other.minor);
    }

    @Override
    public String toString() {
        return Long.toString(minor);
    }
}
