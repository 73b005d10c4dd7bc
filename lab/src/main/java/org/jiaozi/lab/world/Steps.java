package org.jiaozi.lab.world;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.StringJoiner;

/** Lists of steps as people write them: {@code 3,17,20-24}, or {@code none}. */
final class Steps {
    /** A world may break at its founding or in its closing, whatever happens in between. */
    private static final String NONE = "none";

    private Steps() {}

    /** The list of steps that happen. */
    static String text(List<Integer> steps) {
        StringJoiner text = new StringJoiner(",").setEmptyValue(NONE);
        for (int i = 0; i < steps.size(); i++) {
            int from = steps.get(i);
            int to = from;
            while (i + 1 < steps.size() && steps.get(i + 1) == to + 1) {
                to = steps.get(++i);
            }
            text.add(from == to ? Integer.toString(from) : from + "-" + to);
        }
        return text.toString();
    }

    /**
     * All steps up to {@code last} but those listed.
     *
     * @throws IllegalArgumentException where it is no such list
     */
    static Set<Integer> allBut(String text, int last) {
        Set<Integer> without = new HashSet<>();
        for (int step = 1; step <= last; step++) {
            without.add(step);
        }
        if (text.strip().equals(NONE)) {
            return without;
        }
        for (String part : text.split(",", -1)) {
            String[] ends = part.strip().split("-", 2);
            try {
                int from = Integer.parseInt(ends[0]);
                int to = ends.length == 1 ? from : Integer.parseInt(ends[1]);
                if (from < 1 || to < from || to > last) {
                    throw new IllegalArgumentException("no steps of this world: " + part);
                }
                for (int step = from; step <= to; step++) {
                    without.remove(step);
                }
            } catch (NumberFormatException e) {
                throw new IllegalArgumentException("not a list of steps: " + text, e);
            }
        }
        return without;
    }
}
