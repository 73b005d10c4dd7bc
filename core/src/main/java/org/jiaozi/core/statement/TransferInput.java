package org.jiaozi.core.statement;

import org.jiaozi.core.value.Range;

/**
 * One range that a transfer moves, in its note's coordinates.
 *
 * @param source the parent's output it is taken from
 * @param range the part of that output
 */
public record TransferInput(SliceRef source, Range range) {
    /** Whether both take some unit of the same output: the mark of a double spend. */
    public boolean conflictsWith(TransferInput other) {
        return source.equals(other.source) && range.overlaps(other.range);
    }
}
