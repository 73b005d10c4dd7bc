package org.jiaozi.core.value;

import java.util.Optional;

/**
 * A contiguous part {@code [lo, hi)} of one note, in the note's own minor units.
 *
 * @param lo first unit, 0 to 2^48-2
 * @param hi one past the last unit, above {@code lo}
 */
public record Range(long lo, long hi) implements Comparable<Range> {
    public Range {
        Limit.check("lo", lo, Limit.UINT48);
        Limit.check("hi", hi, Limit.UINT48);
        if (lo >= hi) {
            throw new IllegalArgumentException("range [" + lo + "," + hi + ") is empty or reversed");
        }
    }

    /** How many minor units it covers. */
    public Amount amount() {
        return new Amount(hi - lo);
    }

    public boolean overlaps(Range other) {
        return lo < other.hi && other.lo < hi;
    }

    public boolean contains(Range other) {
        return lo <= other.lo && other.hi <= hi;
    }

    /** The part both have, if any. */
    public Optional<Range> intersection(Range other) {
        return overlaps(other)
                ? Optional.of(new Range(Math.max(lo, other.lo), Math.min(hi, other.hi)))
                : Optional.empty();
    }

    @Override
    public int compareTo(Range other) {
        int byLo = Long.compare(lo, other.lo);
        return byLo != 0 ? byLo : Long.compare(hi, other.hi);
    }

    @Override
    public String toString() {
        return "[" + lo + "," + hi + ")";
    }
}
