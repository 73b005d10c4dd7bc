package org.jiaozi.lab.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.BiConsumer;
import org.jiaozi.core.value.Limit;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * No input makes a reader allocate more than its stated multiple of the input's length, however long that is: Jazzer tries some
 * thousand bytes at most, and messages have millions. The measure is the target's, the same in both.
 */
final class LargeInputsTest {
    private static final int SIZE = 1 << 20;
    /** Of a corpus, the longest input is tried all over, the others here and there. */
    private static final int MANY = 24;

    private static final int FEW = 3;

    static List<Target> targets() {
        return Targets.all();
    }

    @ParameterizedTest
    @MethodSource("targets")
    void whatIsAllocatedIsBoundedByWhatCame(Target target) {
        // what all messages are made of is read at their real limit
        boolean whole = target.name().equals("cbor");
        int size = whole ? Limit.SERVICE_MESSAGE_BYTES - 64 : SIZE;
        List<String> findings = new ArrayList<>();
        BiConsumer<String, byte[]> sink = (how, input) -> {
            try {
                target.run(input);
            } catch (Finding | OutOfMemoryError e) {
                // a finding may quote the whole input
                findings.add(how + ": " + String.format("%.300s", e.getMessage()));
            }
        };
        Swollen.floods(size, sink);
        List<byte[]> seeds = Corpus.committed(target.name()).stream()
                .filter(target::run)
                .sorted(Comparator.comparingInt((byte[] input) -> input.length).reversed())
                .toList();
        for (int i = 0; i < seeds.size(); i++) {
            String which = "input " + i + ", from the longest on, ";
            Swollen swollen = new Swollen(
                    seeds.get(i), size, i == 0 && !whole ? MANY : FEW, (how, input) -> sink.accept(which + how, input));
            swollen.announced();
            swollen.grown();
            if (i == 0) {
                swollen.stretched();
            }
            if (i == 0 && target.family() == Target.Family.PICTURES) {
                swollen.pictures();
            }
        }
        assertThat(findings)
                .as("%s: how an input was made, and what it led to", target)
                .isEmpty();
    }
}
