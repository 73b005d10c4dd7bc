package org.jiaozi.lab.fuzz;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import org.jiaozi.core.codec.DecodeException;
import org.jiaozi.core.refusal.RefusalCode;
import org.jiaozi.lab.fuzz.Target.Bound;
import org.jiaozi.lab.fuzz.Target.Family;
import org.jiaozi.lab.fuzz.Target.Reader;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Runs every committed input through its target, without Jazzer: what once was a finding stays mended. */
final class FuzzCorpusTest {
    /** So that anybody can look through them, and a run starts at once. */
    private static final int MOST_INPUTS = 64;

    static List<Target> targets() {
        return Targets.all();
    }

    @ParameterizedTest
    @MethodSource("targets")
    void everyInputIsReadOrRefusedInOrder(Target target) {
        List<byte[]> inputs = Corpus.committed(target.name());
        assertThat(inputs).as("corpus of %s", target).hasSizeBetween(1, MOST_INPUTS);
        assertThat(inputs.stream().map(HexFormat.of()::formatHex)).doesNotHaveDuplicates();
        long read = inputs.stream().filter(target::run).count();
        assertThat(read).as("inputs of %s that are read, not refused", target).isPositive();
    }

    @Test
    void namesAreFitForFoldersAndDistinct() {
        assertThat(targets().stream().map(Target::name))
                .doesNotHaveDuplicates()
                .allMatch(name -> name.matches("[a-z0-9-]{1,24}"));
    }

    @Test
    void aStrangeExceptionIsAFinding() {
        assertFinding(
                input -> {
                    throw new IllegalStateException("strange");
                },
                "strange");
        Target overflows = target(FuzzCorpusTest::forEver);
        assertThatThrownBy(() -> overflows.run(new byte[1]))
                .isInstanceOf(Finding.class)
                .hasMessageContaining("StackOverflowError");
    }

    @Test
    void aRefusalIsNone() {
        Target refuses = target(input -> {
            throw new DecodeException(RefusalCode.MALFORMED, "no");
        });
        assertThat(refuses.run(new byte[1])).isFalse();
    }

    @Test
    void whatIsWrittenOtherwiseIsAFinding() {
        assertFinding(input -> Readers.same(() -> new byte[] {8}), "written again it is 08");
        assertFinding(input -> Readers.equal("a", x -> "b"), "read as a, after writing as b");
    }

    @Test
    void whatAllocatesByTheWordOfALengthIsAFinding() {
        assertFinding(
                input -> {
                    byte[] claimed = new byte[1 << 20];
                    return again -> assertThat(claimed).isNotEmpty();
                },
                "allocates");
    }

    @Test
    void aReaderThatWritesIntoItsInputIsAFinding() {
        assertFinding(
                input -> {
                    input[0]++;
                    return Readers.readIsAll();
                },
                "altered its input");
    }

    private static Target.Proof forEver(byte[] input) {
        return input.length == 0 ? Readers.readIsAll() : forEver(input.clone());
    }

    private static Target target(Reader reader) {
        return new Target("example", Family.STATEMENTS, 8, new Bound(64, 4_096), reader, Set.of(DecodeException.class));
    }

    private static void assertFinding(Reader reader, String words) {
        assertThatThrownBy(() -> target(reader).run(new byte[1]))
                .isInstanceOf(Finding.class)
                .hasMessageContaining(words);
    }
}
