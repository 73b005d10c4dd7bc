package org.jiaozi.core.value;

/**
 * An instant: whole seconds since 1970-01-01T00:00:00Z.
 *
 * @param seconds 0 to 2^32-1
 */
public record Timestamp(long seconds) implements Comparable<Timestamp> {
    public Timestamp {
        Limit.check("instant", seconds, Limit.UINT32);
    }

    /**
     * The instant {@code duration} later, 2^32-1 at the latest: instants come from strangers, and a deadline beyond the
     * last instant never passes.
     */
    public Timestamp plus(Period duration) {
        return new Timestamp(Math.min(Limit.UINT32, seconds + duration.seconds()));
    }

    /** The instant {@code duration} earlier, 1970 at the earliest. */
    public Timestamp minus(Period duration) {
        return new Timestamp(Math.max(0, seconds - duration.seconds()));
    }

    public boolean isAfter(Timestamp other) {
        return seconds > other.seconds;
    }

    public boolean isBefore(Timestamp other) {
        return seconds < other.seconds;
    }

    @Override
    public int compareTo(Timestamp other) {
        return Long.compare(seconds, other.seconds);
    }
}
