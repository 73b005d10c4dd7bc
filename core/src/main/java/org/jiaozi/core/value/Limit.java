package org.jiaozi.core.value;

/** The widths that every integer of the protocol keeps (spec 02, clause 3). */
public final class Limit {
    /** Amounts, range bounds, sequence numbers and totals are below 2^48. */
    public static final long UINT48 = (1L << 48) - 1;
    /** Instants in seconds since 1970 are below 2^32. */
    public static final long UINT32 = (1L << 32) - 1;

    public static final int UINT16 = 0xffff;
    public static final int UINT8 = 0xff;

    /** Inputs of a transfer made in a tap. */
    public static final int TAP_INPUTS = 8;
    /** Inputs of a transfer that deposits. */
    public static final int DEPOSIT_INPUTS = 1024;
    /** The most hops any note may allow. */
    public static final int HOPS = 16;
    /** A message between two purses. */
    public static final int TAP_MESSAGE_BYTES = 65_535;
    /** A message between a wallet and an institution, or an institution and the central bank. */
    public static final int SERVICE_MESSAGE_BYTES = 8 << 20;

    private Limit() {}

    /** Returns {@code value} if it lies in {@code [0, max]}, and throws otherwise. */
    public static long check(String name, long value, long max) {
        if (value < 0 || value > max) {
            throw new IllegalArgumentException(name + " is " + value + ", allowed 0 to " + max);
        }
        return value;
    }
}
