package org.jiaozi.lab.fuzz;

import java.util.Arrays;
import java.util.List;

/**
 * What Jazzer calls: {@code fuzzerInitialize} with the names of the targets, then {@code fuzzerTestOneInput} for every
 * input. With several targets the first byte says which one gets the rest.
 */
public final class Entry {
    private static volatile List<Target> targets = List.of();

    private Entry() {}

    /** Jazzer's hook for {@code --target_args}. */
    public static void fuzzerInitialize(String[] names) {
        targets = Arrays.stream(names).map(Targets::named).toList();
    }

    /** Jazzer's hook for one input. */
    public static void fuzzerTestOneInput(byte[] input) {
        List<Target> now = targets;
        if (now.size() == 1) {
            now.getFirst().run(input);
        } else if (input.length > 0) {
            chosen(now, input).run(Arrays.copyOfRange(input, 1, input.length));
        }
    }

    /** Which of several targets an input is for. */
    static Target chosen(List<Target> targets, byte[] input) {
        return targets.get((input[0] & 0xff) % targets.size());
    }
}
