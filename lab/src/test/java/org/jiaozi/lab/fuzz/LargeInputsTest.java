package org.jiaozi.lab.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jiaozi.core.value.Limit;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * No input makes a reader allocate more than its stated multiple of the input's length, nor take more than so many steps for a
 * byte, however long that is: Jazzer tries some thousand bytes at most, and messages have millions. The measure of what is
 * allocated is the target's, the same in both; steps are those of {@link CountedCode}.
 */
final class LargeInputsTest {
    private static final int SIZE = 1 << 20;
    /** What a tap may carry: some readers refuse longer ones unread. */
    private static final int SHORT = 1 << 15;
    /** Of a corpus, the longest input is tried all over, the others here and there. */
    private static final int MANY = 24;

    private static final int FEW = 3;

    /** Findings of one target, after which no more of its inputs are tried: each may take a second. */
    private static final int ENOUGH = 3;

    /** Twice what a map of small numbers takes, of which each six bytes are an entry. */
    private static final int STEPS_FOR_A_BYTE = 200;

    /** For a picture, whose pixels need no bytes. */
    private static final int STEPS = 1 << 20;

    /** Beyond twice what it may allocate, and classes that the first reading loads, nobody waits for a reader's end. */
    private static final int CLASSES = 64 << 20;

    private static final Function<String, Consumer<byte[]>> COUNTED = CountedCode.of(CountedTargets.class);

    static List<Target> targets() {
        return Targets.all();
    }

    @ParameterizedTest
    @MethodSource("targets")
    void whatIsAllocatedAndDoneIsBoundedByWhatCame(Target target) {
        // what all messages are made of is read at their real limit
        boolean whole = target.name().equals("cbor");
        Consumer<byte[]> reader = COUNTED.apply(target.name());
        List<String> findings = new ArrayList<>();
        BiConsumer<String, byte[]> sink = (how, input) -> {
            if (findings.size() < ENOUGH) {
                finding(reader, target.bound(), input).ifPresent(what -> findings.add(how + ": " + what));
            }
        };
        List<byte[]> seeds = Corpus.committed(target.name()).stream()
                .filter(target::run)
                .sorted(Comparator.comparingInt((byte[] input) -> input.length).reversed())
                .toList();
        for (int size : new int[] {SHORT, whole ? Limit.SERVICE_MESSAGE_BYTES - 64 : SIZE}) {
            Swollen.floods(size, sink);
            for (int i = 0; i < seeds.size(); i++) {
                String which = "input " + i + ", from the longest on, to " + size + ", ";
                Swollen swollen = new Swollen(
                        seeds.get(i),
                        size,
                        i == 0 && !whole ? MANY : FEW,
                        (how, input) -> sink.accept(which + how, input));
                swollen.announced();
                swollen.grown();
                if (i == 0) {
                    swollen.stretched();
                }
                if (i == 0 && target.family() == Target.Family.PICTURES) {
                    swollen.pictures();
                }
            }
        }
        assertThat(findings)
                .as("%s: how an input was made, and what it led to", target)
                .isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"copies", "walks", "compares"})
    void aReaderThatIsQuadraticIsFound(String name) {
        Consumer<byte[]> reader = CountedCode.of(Quadratic.class).apply(name);
        assertThat(finding(reader, Readers.CODEC, new byte[64]))
                .as("a short input")
                .isEmpty();
        assertThat(finding(reader, Readers.CODEC, new byte[SIZE]))
                .hasValueSatisfying(what -> assertThat(what).contains("steps"));
    }

    private static Optional<String> finding(Consumer<byte[]> reader, Target.Bound bound, byte[] input) {
        try {
            Steps.within(
                    (long) STEPS_FOR_A_BYTE * input.length + STEPS,
                    2 * bound.of(input.length) + CLASSES,
                    () -> reader.accept(input));
            return Optional.empty();
        } catch (RuntimeException | OutOfMemoryError | Steps.Beyond e) {
            // a finding may quote the whole input
            return Optional.of(String.format("%.300s", e.getMessage()));
        }
    }
}
