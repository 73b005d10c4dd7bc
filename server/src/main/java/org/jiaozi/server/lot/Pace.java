package org.jiaozi.server.lot;

/**
 * How much is done in a time, as the last lots have it between whose ends somebody waited all along: else more could have been done.
 * Not thread-safe.
 */
final class Pace {
    /** What a lot's share becomes with each that follows. */
    private static final double KEPT = 0.7;

    private double weight;
    private double nanos;
    private boolean pressed;
    private long since;

    /**
     * A lot has ended.
     *
     * @param more whether somebody waits now
     */
    void ended(int lot, boolean more, long now) {
        if (pressed && more) {
            weight = weight * KEPT + lot;
            nanos = nanos * KEPT + (now - since);
        }
        pressed = more;
        since = now;
    }

    /** What is done in that time, at least 1; {@code unknown} while nothing was learnt. */
    int in(long time, int unknown) {
        return nanos == 0 ? unknown : Math.clamp((long) (weight / nanos * time), 1, Integer.MAX_VALUE);
    }
}
