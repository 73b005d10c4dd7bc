package org.jiaozi.lab.faults;

import java.util.List;

/**
 * A fault to plant.
 *
 * @param name what it does
 * @param edits what is changed, all at once
 */
record Fault(String name, List<Edit> edits) {
    /**
     * One place in the source.
     *
     * @param file below {@code org/jiaozi} without its ending, such as {@code wallet/purse/Asking}
     * @param right what stands there, exactly once
     * @param wrong what stands there instead
     */
    record Edit(String file, String right, String wrong) {}

    static Fault of(String name, Edit... edits) {
        return new Fault(name, List.of(edits));
    }

    static Edit in(String file, String right, String wrong) {
        return new Edit(file, right, wrong);
    }

    @Override
    public String toString() {
        return name;
    }
}
