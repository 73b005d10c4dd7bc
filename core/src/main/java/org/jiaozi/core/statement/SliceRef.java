package org.jiaozi.core.statement;

import org.jiaozi.core.value.Hash;
import org.jiaozi.core.value.Limit;

/**
 * Where value comes from: one output of a parent. A note has the single output 0; a transfer's output i is its input i.
 *
 * @param parent the parent's statement hash
 * @param index which input of the parent, 0 to 1,023
 */
public record SliceRef(Hash parent, int index) implements Comparable<SliceRef> {
    public SliceRef {
        Limit.check("index", index, Limit.DEPOSIT_INPUTS - 1L);
    }

    @Override
    public int compareTo(SliceRef other) {
        int byParent = parent.compareTo(other.parent);
        return byParent != 0 ? byParent : Integer.compare(index, other.index);
    }

    @Override
    public String toString() {
        return parent.hex().substring(0, 12) + "/" + index;
    }
}
