package org.jiaozi.lab.audit;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.BitSet;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Spans are a set of units. */
final class CoverTest {
    private static final int TRIES = 5_000;
    private static final int UNITS = 60;

    private static Cover.Span span(Random random) {
        int lo = random.nextInt(UNITS);
        return new Cover.Span(lo, lo + 1L + random.nextInt(10));
    }

    private static BitSet units(Cover.Span span) {
        BitSet units = new BitSet();
        units.set((int) span.lo(), (int) span.hi());
        return units;
    }

    @Test
    void whatIsAddedIsThere() {
        for (int seed = 0; seed < TRIES; seed++) {
            Random random = new Random(seed);
            Cover cover = new Cover();
            BitSet all = new BitSet();
            Cover other = new Cover();
            BitSet others = new BitSet();
            for (int i = random.nextInt(12); i >= 0; i--) {
                Cover.Span asked = span(random);
                assertThat(cover.meets(asked)).as("seed %s", seed).isEqualTo(all.intersects(units(asked)));
                Cover.Span added = span(random);
                assertThat(cover.add(added)).as("seed %s", seed).isEqualTo(!all.intersects(units(added)));
                all.or(units(added));
                Cover.Span elsewhere = span(random);
                other.add(elsewhere);
                others.or(units(elsewhere));
            }
            assertThat(cover.size()).as("seed %s", seed).isEqualTo(all.cardinality());
            assertThat(cover.end()).as("seed %s", seed).isEqualTo(all.length());
            // neither touching nor overlapping: each but the last ends before a unit that is not there
            assertThat(cover.spans()).as("seed %s", seed).allSatisfy(s -> {
                assertThat(all.nextClearBit((int) s.lo())).isEqualTo((int) s.hi());
                assertThat(s.lo() == 0 || !all.get((int) s.lo() - 1)).isTrue();
            });
            BitSet both = (BitSet) all.clone();
            both.and(others);
            assertThat(cover.common(other)).as("seed %s", seed).isEqualTo(both.cardinality());
            assertThat(other.common(cover)).as("seed %s", seed).isEqualTo(both.cardinality());
            assertThat(Cover.of(cover.spans())).isEqualTo(cover);
        }
    }
}
