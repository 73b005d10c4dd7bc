package org.jiaozi.crypto.vectors;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.jiaozi.core.codec.DecodeException;
import org.jiaozi.core.crypto.Sha256;
import org.jiaozi.core.value.Bytes;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Whatever bytes come, a reader either refuses them with a number or has read exactly them: no other exception, and no
 * second encoding of one meaning. A failure names the seed; {@code -Djiaozi.fuzz.rounds} runs longer.
 */
final class DecoderMutationTest {
    private static final int ROUNDS = Integer.getInteger("jiaozi.fuzz.rounds", 150);

    static List<Samples.Sample> samples() {
        return new Samples().all();
    }

    @ParameterizedTest
    @MethodSource("samples")
    void soundBytesComeBack(Samples.Sample sample) {
        assertThat(sample.again().apply(sample.bytes())).isEqualTo(sample.bytes());
    }

    @ParameterizedTest
    @MethodSource("samples")
    void spoiltBytesAreRefusedOrReadAsTheyAre(Samples.Sample sample) {
        boolean cbor = !sample.name().startsWith("lineage");
        // each sample has its own run of seeds, the same in every run of the test
        long first = Sha256.hash(sample.bytes()).bytes().at(0) * 1_000_000L;
        for (long seed = first; seed < first + ROUNDS; seed++) {
            Mutator mutator = new Mutator(seed);
            attempt(sample, mutator.blind(sample.bytes()), seed);
            if (cbor) {
                attempt(sample, mutator.inside(sample.bytes()), seed);
                attempt(sample, mutator.inside(mutator.inside(sample.bytes())), seed);
            } else {
                attempt(sample, mutator.blind(sample.bytes()), seed);
            }
        }
    }

    private static void attempt(Samples.Sample sample, Bytes spoilt, long seed) {
        Bytes again;
        try {
            again = sample.again().apply(spoilt);
        } catch (DecodeException refused) {
            return;
        } catch (RuntimeException | StackOverflowError crash) {
            throw new AssertionError(sample.name() + ", seed " + seed + ": " + spoilt, crash);
        }
        assertThat(again).as("%s, seed %s", sample.name(), seed).isEqualTo(spoilt);
    }
}
