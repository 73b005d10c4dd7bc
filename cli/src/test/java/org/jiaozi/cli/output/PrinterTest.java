package org.jiaozi.cli.output;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.Map;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

final class PrinterTest {
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @Command(name = "show")
    static final class Show implements Callable<Integer> {
        @Mixin
        private JsonOption output = new JsonOption();

        @Override
        public Integer call() {
            Printer printer = output.printer();
            printer.human("you have 12.50");
            printer.json(Map.of("balance", (1L << 48) - 1));
            printer.error("first line\n  second line", Map.of("number", 17));
            return 0;
        }
    }

    private void run(String... arguments) {
        int exit = new CommandLine(new Show())
                .setOut(new PrintWriter(out))
                .setErr(new PrintWriter(err))
                .execute(arguments);
        assertThat(exit).isZero();
    }

    @Test
    void peopleGetSentences() {
        run();
        assertThat(out.toString()).isEqualToIgnoringNewLines("you have 12.50\n");
        assertThat(err.toString()).isEqualToIgnoringNewLines("jiaozi: first line second line\n");
    }

    @Test
    void programsGetJsonAndNothingElse() throws JsonProcessingException {
        run("--json");
        String[] objects = out.toString().split("(?<=\\})\\R", -1);
        JsonNode balance = new ObjectMapper().readTree(objects[0]);
        assertThat(balance.get("balance").isIntegralNumber()).isTrue();
        assertThat(balance.get("balance").longValue()).isEqualTo(281_474_976_710_655L);
        JsonNode error = new ObjectMapper().readTree(objects[1]);
        assertThat(error.get("ok").booleanValue()).isFalse();
        assertThat(error.get("error").textValue()).isEqualTo("first line second line");
        assertThat(error.get("number").intValue()).isEqualTo(17);
        assertThat(err.toString()).isEmpty();
    }

    @Test
    void progressIsShownOnlyWhereSomebodyWatchesAndIsWipedBeforeTheAnswer() {
        Printer watched = new Printer(false, true, new PrintWriter(out), new PrintWriter(err));
        watched.progress("1 of 3");
        watched.human("done");
        assertThat(err.toString()).isEqualTo("\r\u001b[K1 of 3\r\u001b[K");
        StringWriter quiet = new StringWriter();
        new Printer(false, false, new PrintWriter(out), new PrintWriter(quiet)).progress("1 of 3");
        assertThat(quiet.toString()).isEmpty();
    }
}
