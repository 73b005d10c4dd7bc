package org.jiaozi.lab.world;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/** What must hold of the whole, in worlds that nobody thought of. */
final class WorldTest {
    private static final int STEPS = 150;

    @Test
    void aHundredWorldsKeepTheirMoneyAndConvictExactlyWhoSpentTwice() {
        List<WorldReport> reports = LongStream.rangeClosed(1, 100)
                .parallel()
                .mapToObj(seed -> new World(seed, STEPS, false).run())
                .toList();
        assertThat(reports)
                .allSatisfy(report -> assertThat(report.breaches())
                        .as("jiaozi lab world --seed %d --steps %d", report.seed(), STEPS)
                        .isEmpty());
        // a test of nothing is sound too
        for (String figure : List.of("payments", "tears", "duplicates", "refunds", "hostileReplays", "convicted")) {
            assertThat(sum(reports, figure)).as(figure).isGreaterThan(40);
        }
    }

    @Test
    void aWorldWithRealSignaturesIsSound() {
        assertThat(new World(7, 120, true).run().breaches()).isEmpty();
    }

    @Test
    void aSeedIsAWorld() {
        Map<String, Object> once = new World(11, STEPS, false).run().figures();
        assertThat(new World(11, STEPS, false).run().figures()).isEqualTo(once);
        assertThat(new World(12, STEPS, false).run().figures()).isNotEqualTo(once);
    }

    private static long sum(List<WorldReport> reports, String figure) {
        return reports.stream()
                .map(r -> r.figures().get(figure))
                .mapToLong(value -> Long.parseLong(String.valueOf(value)))
                .sum();
    }
}
