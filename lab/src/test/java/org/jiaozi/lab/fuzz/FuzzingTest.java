package org.jiaozi.lab.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.ThreadLocalRandom;
import org.jiaozi.cli.Main;
import org.jiaozi.lab.Folders;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Lets Jazzer loose on every reader: a run for each family, so that the whole fits into CI, by the code of
 * {@code jiaozi lab fuzz}. {@code -Djiaozi.fuzz.seconds} is how long each takes, {@code -Djiaozi.fuzz.seed} which
 * inputs.
 */
final class FuzzingTest {
    private static final long SECONDS = Long.getLong("jiaozi.fuzz.seconds", 60);
    private static final int AT_ONCE = 2;

    /** Kept after the run, so that what was found can be looked at. */
    private static final Path KEPT =
            Path.of(Objects.requireNonNull(System.getProperty("jiaozi.root"))).resolve("lab/target/fuzz");

    /** Other inputs each time, or those of an earlier time. */
    private static final long SEED =
            Long.getLong("jiaozi.fuzz.seed", ThreadLocalRandom.current().nextLong(1, 1L << 31));

    private static final String AGAIN = "from the committed corpora again with -Djiaozi.fuzz.seed=" + SEED;

    /** What an earlier time found new is no part of a seed's inputs. */
    @BeforeAll
    static void seeded() throws IOException {
        System.setProperty("jiaozi.fuzz.seed", Long.toString(SEED));
        for (String grown : List.of("corpus", "runs")) {
            Folders.delete(KEPT.resolve(grown));
        }
    }

    @Test
    void noReaderFailsInAMinute() {
        assertThat(Jazzer.obstacle()).isEmpty();
        List<Outcome> outcomes = new FuzzRun(KEPT, SECONDS, line -> {}).families(AT_ONCE);
        outcomes.forEach(o -> System.out.println(o.line()));
        assertThat(outcomes).as(AGAIN).hasSameSizeAs(Target.Family.values()).allSatisfy(o -> {
            assertThat(o.failure()).as("%s, %s", o.name(), AGAIN).isEmpty();
            assertThat(o.findings().stream().map(FuzzingTest::told))
                    .as("findings of %s: target, fault and input; %s", o.name(), AGAIN)
                    .isEmpty();
            assertThat(o.executions()).as("%s, %s", o.name(), AGAIN).isPositive();
            assertThat(o.edges()).as("%s, %s", o.name(), AGAIN).isPositive();
        });
        // a corpus can be saturated, all of them cannot: without guidance nothing is new anywhere
        assertThat(outcomes.stream().mapToLong(Outcome::fresh).sum()).as(AGAIN).isPositive();
    }

    @Test
    void jazzerIsGivenTheSeedThatAFailureNames() {
        assertThat(Jazzer.command(Targets.of(Target.Family.TAP), SECONDS, KEPT, KEPT))
                .contains("-seed=" + SEED)
                .doesNotContain("-seed=0");
    }

    private static String told(Outcome.Found found) {
        return found.target() + ": " + found.what() + ", at " + HexFormat.of().formatHex(Corpus.read(found.input()));
    }

    @Test
    void aPlantedFaultIsFoundAndComesWithTheCommandThatReplaysIt(@TempDir Path folder) throws Exception {
        StringWriter out = new StringWriter();
        int exit = run(
                out,
                "lab",
                "fuzz",
                "--target",
                Targets.PLANTED,
                "--seconds",
                "120",
                "--corpus",
                folder.toString(),
                "--json");
        JsonNode answer = new ObjectMapper().readTree(out.toString());
        assertThat(exit).as(out.toString()).isEqualTo(1);
        assertThat(answer.path("ok").asBoolean(true)).isFalse();
        JsonNode found = answer.path("targets").path(0).path("findings").path(0);
        assertThat(found.path("what").asText()).contains("the planted fault");
        String replay = found.path("replay").asText();
        assertThat(replay).startsWith("./jiaozi lab fuzz --target planted --replay " + folder.toAbsolutePath());

        StringWriter again = new StringWriter();
        assertThat(run(again, replay.substring("./jiaozi ".length()).split(" ")))
                .isEqualTo(1);
        assertThat(again.toString()).contains("FINDING").contains("the planted fault");
    }

    @Test
    void aPlatformWithoutADriverIsNamed() {
        assertThat(Jazzer.driver("Linux", "amd64")).isEqualTo("jazzer_driver_linux_x86_64/");
        assertThat(Jazzer.driver("Mac OS X", "aarch64")).isEqualTo("jazzer_driver_macos_aarch64/");
        assertThat(Jazzer.driver("Linux", "riscv64")).isEqualTo("jazzer_driver_linux_riscv64/");
        assertThat(Jazzer.obstacle("Linux", "riscv64"))
                .hasValueSatisfying(why -> assertThat(why).contains("no native driver"));
    }

    @Test
    void aWrongTargetIsNamedWithThoseThereAre() {
        StringWriter out = new StringWriter();
        assertThat(run(out, "lab", "fuzz", "--target", "none")).isEqualTo(2);
        assertThat(out.toString()).contains("there is no target none").contains("tap-message");
    }

    private static int run(StringWriter out, String... words) {
        PrintWriter both = new PrintWriter(out, true);
        return Main.run(both, both, words);
    }
}
