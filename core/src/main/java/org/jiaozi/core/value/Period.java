package org.jiaozi.core.value;

/**
 * A length of time in whole seconds; a type of its own so that it is never taken for an instant.
 *
 * @param seconds 0 to 2^32-1
 */
public record Period(long seconds) {
    public static final Period ZERO = new Period(0);

    public Period {
        Limit.check("period", seconds, Limit.UINT32);
    }

    /** A period of whole days. */
    public static Period ofDays(int days) {
        return new Period(Math.multiplyExact(days, 86_400L));
    }
}
