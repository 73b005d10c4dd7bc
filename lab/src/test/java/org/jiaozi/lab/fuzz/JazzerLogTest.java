package org.jiaozi.lab.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What is read out of Jazzer's lines, and when a run counts as none. */
final class JazzerLogTest {
    private static final Path LOGS = Path.of("logs");

    private static JazzerLog log(String... lines) {
        JazzerLog log = new JazzerLog();
        List.of(lines).forEach(log::line);
        return log;
    }

    @Test
    void theLastFiguresCount() {
        JazzerLog log = log(
                "#17\tINITED cov: 1059 ft: 2520 corp: 14/7717b exec/s: 17 rss: 557Mb",
                "#900\tNEW    cov: 1060 ft: 2521 corp: 15/7b lim: 9 exec/s: 0 rss: 1Mb L: 13/13 MS: 1 InsertByte-",
                "#1024\tpulse  cov: 1060 ft: 2521 corp: 15/7b lim: 9 exec/s: 512 rss: 1Mb",
                "Done 2281634 runs in 16 second(s)");
        assertThat(log.executions()).isEqualTo(2_281_634);
        assertThat(log.seconds()).isEqualTo(16);
        assertThat(log.edges()).isEqualTo(1_060);
        assertThat(log.features()).isEqualTo(2_521);
        assertThat(log.fresh()).isEqualTo(1);
        assertThat(log.what()).isEmpty();
        assertThat(FuzzRun.failure(true, 0, List.of(), log, LOGS)).isEmpty();
    }

    @Test
    void aFindingIsInItsOwnWords() {
        JazzerLog log = log(
                "== Java Exception: org.jiaozi.lab.fuzz.Finding: note: the reader throws",
                "==12== ERROR: libFuzzer: deadly signal");
        assertThat(log.what()).isEqualTo("org.jiaozi.lab.fuzz.Finding: note: the reader throws");
        assertThat(log("==12== ERROR: libFuzzer: timeout after 20 seconds").what())
                .isEqualTo("timeout after 20 seconds");
    }

    @Test
    void aRunThatTriedNothingOrSawNoCodeIsAFailure() {
        assertThat(FuzzRun.failure(true, 0, List.of(), log("Done 0 runs in 1 second(s)"), LOGS))
                .hasValueSatisfying(why -> assertThat(why).contains("tried nothing"));
        assertThat(FuzzRun.failure(
                        true, 0, List.of(), log("#5\tDONE cov: 0 ft: 0 corp: 1/1b exec/s: 0 rss: 1Mb"), LOGS))
                .isPresent();
        Optional<String> ended = FuzzRun.failure(true, 1, List.of(), log("Exception in thread \"main\""), LOGS);
        assertThat(ended).hasValueSatisfying(why -> assertThat(why).contains("ended with 1", "Exception in thread"));
        assertThat(FuzzRun.failure(false, 0, List.of(), log(), LOGS)).isPresent();
    }
}
