package org.jiaozi.server.central;

import org.jiaozi.core.value.Range;

/**
 * Where in a note itself transfers on record take something: parts outside of which nothing is taken. Those that touch or overlap are one,
 * and where there would be too many, the two lowest and what is between them: a purse spends its notes from below, so that what
 * comes next lies above. Immutable.
 */
final class Taken {
    /** Parts that are told apart at most. */
    static final int PARTS = 32;

    private static final Taken NOTHING = new Taken(new long[0]);

    /** Where each part begins and ends, from below. */
    private final long[] ends;

    private Taken(long[] ends) {
        this.ends = ends;
    }

    /**
     * Somewhere below this place, whatever it is that is taken there.
     *
     * @param top 0 where nothing is taken
     */
    static Taken below(long top) {
        return top == 0 ? NOTHING : new Taken(new long[] {0, top});
    }

    /** Whether it is certain that nothing of a range is taken. */
    boolean nothingOf(Range range) {
        int next = firstThatEndsAbove(range.lo());
        return next == ends.length || ends[next] >= range.hi();
    }

    /** With one more input. */
    Taken and(Range input) {
        // those that it touches or overlaps become one with it
        int from = firstThatEndsAbove(input.lo() - 1);
        int to = from;
        while (to < ends.length && ends[to] <= input.hi()) {
            to += 2;
        }
        long[] more = new long[ends.length - (to - from) + 2];
        System.arraycopy(ends, 0, more, 0, from);
        more[from] = to > from ? Math.min(input.lo(), ends[from]) : input.lo();
        more[from + 1] = to > from ? Math.max(input.hi(), ends[to - 1]) : input.hi();
        System.arraycopy(ends, to, more, from + 2, ends.length - to);
        return new Taken(more.length > 2 * PARTS ? fewer(more) : more);
    }

    /** The two lowest parts become one. */
    private static long[] fewer(long[] ends) {
        long[] fewer = new long[ends.length - 2];
        fewer[0] = ends[0];
        System.arraycopy(ends, 3, fewer, 1, ends.length - 3);
        return fewer;
    }

    /** Where the first part stands that ends above a place; behind all of them where none does. */
    private int firstThatEndsAbove(long place) {
        int low = 0;
        int high = ends.length / 2;
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (ends[2 * middle + 1] > place) {
                high = middle;
            } else {
                low = middle + 1;
            }
        }
        return 2 * low;
    }
}
