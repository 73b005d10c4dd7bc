package org.jiaozi.lab.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import org.jiaozi.cli.Main;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Lets Jazzer loose on every reader: a run for each family, so that the whole fits into CI, by the code of
 * {@code jiaozi lab fuzz}. {@code -Djiaozi.fuzz.seconds} is how long each takes.
 */
final class FuzzingTest {
    private static final long SECONDS = Long.getLong("jiaozi.fuzz.seconds", 60);
    private static final int AT_ONCE = 2;

    /** Kept after the run, so that what was found can be looked at. */
    private static final Path KEPT =
            Path.of(Objects.requireNonNull(System.getProperty("jiaozi.root"))).resolve("lab/target/fuzz");

    /** The build of one commit tries the same inputs each time; {@code jiaozi lab fuzz} tries others. */
    @BeforeAll
    static void sameInputs() {
        System.setProperty("jiaozi.fuzz.seed", System.getProperty("jiaozi.fuzz.seed", "20261126"));
    }

    @Test
    void noReaderFailsInAMinute() {
        assertThat(Jazzer.obstacle()).isEmpty();
        List<Outcome> outcomes = new FuzzRun(KEPT, SECONDS, line -> {}).families(AT_ONCE);
        outcomes.forEach(o -> System.out.println(o.line()));
        assertThat(outcomes).hasSameSizeAs(Target.Family.values()).allSatisfy(o -> {
            assertThat(o.failure()).as(o.name()).isEmpty();
            assertThat(o.findings().stream().map(FuzzingTest::told))
                    .as("findings of %s: target, fault and input", o.name())
                    .isEmpty();
            assertThat(o.executions()).as(o.name()).isPositive();
            assertThat(o.edges()).as(o.name()).isPositive();
        });
        // a corpus can be saturated, all of them cannot: without guidance nothing is new anywhere
        assertThat(outcomes.stream().mapToLong(Outcome::fresh).sum()).isPositive();
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
