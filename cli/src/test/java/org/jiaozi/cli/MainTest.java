package org.jiaozi.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jiaozi.core.refusal.Refusal;
import org.jiaozi.core.refusal.RefusalCode;
import org.junit.jupiter.api.Test;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

final class MainTest {
    private static int made;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @Test
    void helpListsContributedCommandsAndMakesNone() {
        int before = made;
        assertThat(run("--help")).isEqualTo(ExitCode.OK);
        assertThat(out.toString()).contains("test-refused", "Exit codes: 0 done");
        assertThat(err.toString()).isEmpty();
        assertThat(made).isEqualTo(before);
        run("test-refused");
        assertThat(made).isEqualTo(before + 1);
    }

    @Test
    void aRefusalIsOneLineWithItsNumberAndTheHint() {
        assertThat(run("test-refused")).isEqualTo(ExitCode.FAILED);
        assertThat(err.toString().lines())
                .containsExactly(
                        "jiaozi test-refused: refused 203 CERTIFICATE_EXPIRED: the purse certificate is past its"
                                + " validity (since noon); try again after a sync");
    }

    @Test
    void aBugIsOneLineThatNamesItsKind() {
        assertThat(run("test-bug")).isEqualTo(ExitCode.FAILED);
        assertThat(err.toString().lines())
                .containsExactly("jiaozi test-bug: IllegalStateException: first second (JIAOZI_DEBUG=1 shows where)");
    }

    @Test
    void aWrongCommandLineIsOneLineAndTriesNothing() {
        assertThat(run()).isEqualTo(ExitCode.USAGE);
        assertThat(run("no-such-command")).isEqualTo(ExitCode.USAGE);
        assertThat(run("test-bug", "--count", "many")).isEqualTo(ExitCode.USAGE);
        assertThat(run("test-usage")).isEqualTo(ExitCode.USAGE);
        assertThat(err.toString().lines()).hasSize(4).allMatch(line -> line.startsWith("jiaozi"));
        assertThat(err.toString()).contains("see jiaozi test-bug --help").doesNotContain("IllegalState");
    }

    @Test
    void anotherProcessIsStartedWithThisClassPath() {
        List<String> line = Launch.command(List.of("wallet", "show"));
        assertThat(line)
                .containsSubsequence("-cp", System.getProperty("java.class.path"), Main.class.getName(), "wallet");
        assertThat(line).contains("-XX:TieredStopAtLevel=1");
        assertThat(Launch.command(List.of("up"))).doesNotContain("-XX:TieredStopAtLevel=1");
    }

    @Test
    void aShellRunsLineAfterLineAndTellsEachExitCode() throws IOException {
        InputStream before = System.in;
        String lines =
                "# nothing\n\ntest-refused\n  test-bug --count \"0\"\nshell\ntest-bug \"open\n--version\nexit\nno";
        System.setIn(new ByteArrayInputStream(lines.getBytes(StandardCharsets.UTF_8)));
        try {
            assertThat(run("shell", "--json")).isEqualTo(ExitCode.OK);
        } finally {
            System.setIn(before);
        }
        List<JsonNode> told = out.toString()
                .lines()
                .filter(l -> l.startsWith("{"))
                .map(MainTest::json)
                .toList();
        assertThat(told).extracting(t -> t.path("exit").asInt()).containsExactly(1, 1, 2, 2, 0);
        assertThat(told.get(0).path("error").asText()).contains("refused 203");
        assertThat(err.toString()).isEmpty();
    }

    @Test
    void wordsOfAShellLineMayBeQuoted() {
        assertThat(ShellCommand.words(" a  \"b c\" \"\" \"d\\\"e\\\\\" f\"g h\"i "))
                .containsExactly("a", "b c", "", "d\"e\\", "fg hi");
        assertThatThrownBy(() -> ShellCommand.words("a \"b")).isInstanceOf(CommandFailure.class);
    }

    private static JsonNode json(String line) {
        try {
            return new ObjectMapper().readTree(line);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(e);
        }
    }

    private int run(String... args) {
        return Main.run(new PrintWriter(out, true), new PrintWriter(err, true), args);
    }

    /** Found through the service file among the test resources. */
    public static final class Contributed implements CommandProvider {
        @Override
        public List<Class<?>> commands() {
            return List.of(Refused.class, Bug.class, Usage.class);
        }
    }

    @Command(name = "test-refused", description = "is refused")
    static final class Refused implements Runnable {
        Refused() {
            made++;
        }

        @Override
        public void run() {
            throw CommandFailure.refused(new Refusal(RefusalCode.CERTIFICATE_EXPIRED, "since noon"));
        }
    }

    @Command(name = "test-bug")
    static final class Bug implements Runnable {
        @Option(names = "--count")
        private int count;

        @Override
        public void run() {
            throw new IllegalStateException(count == 0 ? "first\n  second" : "");
        }
    }

    @Command(name = "test-usage")
    static final class Usage implements Runnable {
        @Override
        public void run() {
            throw CommandFailure.usage("the amount is given twice");
        }
    }
}
