package org.jiaozi.lab.faults;

import java.util.List;

/**
 * A fault to plant.
 *
 * @param name what it does
 * @param edits what is changed, all at once
 * @param breach a part of what must be said of it; whatever is said will do where that is empty
 */
record Fault(String name, List<Edit> edits, String breach) {
    /**
     * One place in the source.
     *
     * @param file below {@code org/jiaozi} without its ending, such as {@code wallet/purse/Asking}
     * @param right what stands there, exactly once
     * @param wrong what stands there instead
     */
    record Edit(String file, String right, String wrong) {}

    static Fault of(String name, Edit... edits) {
        return new Fault(name, List.of(edits), "");
    }

    /** The same, that only this expectation counts as having found. */
    Fault by(String expectation) {
        return new Fault(name, edits, expectation);
    }

    static Edit in(String file, String right, String wrong) {
        return new Edit(file, right, wrong);
    }

    @Override
    public String toString() {
        return name;
    }
}
