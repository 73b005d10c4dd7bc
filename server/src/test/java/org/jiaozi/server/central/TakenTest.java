package org.jiaozi.server.central;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.BitSet;
import java.util.Random;
import org.jiaozi.core.value.Range;
import org.junit.jupiter.api.Test;

/** Where something is taken of a note, held to a bit for each of its units. */
final class TakenTest {
    private static final int VALUE = 300;

    private final long seed = Long.getLong("jiaozi.seed", System.nanoTime());
    private final Random dice = new Random(seed);

    private Range range(int longest) {
        int lo = dice.nextInt(VALUE);
        return new Range(lo, Math.min(VALUE, lo + 1 + dice.nextInt(longest)));
    }

    private static int parts(BitSet units) {
        int parts = 0;
        for (int at = units.nextSetBit(0); at >= 0; at = units.nextSetBit(units.nextClearBit(at))) {
            parts++;
        }
        return parts;
    }

    /** As the two lowest parts become one where there are too many. */
    private static void fewer(BitSet units) {
        if (parts(units) > Taken.PARTS) {
            int gap = units.nextClearBit(units.nextSetBit(0));
            units.set(gap, units.nextSetBit(gap));
        }
    }

    @Test
    void itIsWhatItsInputsTakeInWhateverOrderTheyCome() {
        boolean many = false;
        for (int round = 0; round < 300; round++) {
            int longest = 1 + dice.nextInt(20);
            int top = dice.nextBoolean() ? 0 : dice.nextInt(VALUE);
            BitSet units = new BitSet();
            units.set(0, top);
            Taken taken = Taken.below(top);
            for (int i = 0; i < 60; i++) {
                Range input = range(longest);
                units.set((int) input.lo(), (int) input.hi());
                many |= parts(units) > Taken.PARTS;
                fewer(units);
                taken = taken.and(input);
                for (int asked = 0; asked < 20; asked++) {
                    Range range = range(dice.nextBoolean() ? 3 : VALUE);
                    assertThat(taken.nothingOf(range))
                            .as("seed %d, round %d, input %d: %s", seed, round, i, range)
                            .isEqualTo(units.get((int) range.lo(), (int) range.hi())
                                    .isEmpty());
                }
            }
        }
        assertThat(many).as("seed %d: of too many parts", seed).isTrue();
    }
}
