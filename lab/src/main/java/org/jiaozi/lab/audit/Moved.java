package org.jiaozi.lab.audit;

import java.util.Comparator;
import java.util.List;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/** What one transfer moves of one output. */
record Moved(long lo, long hi, RawTransfer by) {
    /**
     * Tells of transfers that move the same of one output, of each such transfer with at least one that begins before it, and
     * without comparing all: in the order in which they begin, each is compared with what reaches furthest so far, or where that is
     * its own with what of another does.
     */
    static void overlapping(List<Moved> ofOneOutput, BiConsumer<RawTransfer, RawTransfer> told) {
        Moved furthest = null;
        Moved others = null;
        for (Moved next :
                ofOneOutput.stream().sorted(Comparator.comparingLong(Moved::lo)).toList()) {
            Moved other = next.another(furthest) ? furthest : others;
            if (other != null && other.hi() > next.lo()) {
                told.accept(other.by(), next.by());
            }
            if (furthest == null || next.hi() >= furthest.hi()) {
                others = next.another(furthest) ? furthest : others;
                furthest = next;
            } else if (next.another(furthest) && (others == null || next.hi() > others.hi())) {
                others = next;
            }
        }
    }

    /** Whether that is another transfer's, if it is any. */
    private boolean another(@Nullable Moved that) {
        return that == null || !by.hash().equals(that.by.hash());
    }
}
