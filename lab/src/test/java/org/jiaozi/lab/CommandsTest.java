package org.jiaozi.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jiaozi.cli.Main;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/** What every command says of itself, and what the papers say of it. */
final class CommandsTest {
    private static final Path DOCS =
            Path.of(Objects.requireNonNull(System.getProperty("jiaozi.root"))).resolve("docs");

    /** What picocli shows where nobody named a value: {@code <port>}, {@code <arg3>}. */
    private static final Pattern RAW_LABEL = Pattern.compile("<[a-zA-Z]\\w*>");

    private static List<CommandLine> all() {
        List<CommandLine> all = new ArrayList<>();
        collect(Main.describe(), all);
        assertThat(all).hasSizeGreaterThan(50);
        return all;
    }

    private static void collect(CommandLine command, List<CommandLine> all) {
        all.add(command);
        command.getSubcommands().values().stream().distinct().forEach(sub -> collect(sub, all));
    }

    /** The words after {@code jiaozi}. */
    private static String path(CommandSpec command) {
        return command.qualifiedName().replaceFirst("jiaozi ?", "");
    }

    @Test
    void helpIsOnStandardOutputAloneAndNamesEveryValue() {
        for (CommandLine command : all()) {
            String path = path(command.getCommandSpec());
            List<String> line = new ArrayList<>(path.isEmpty() ? List.of() : List.of(path.split(" ")));
            line.add("--help");
            StringWriter out = new StringWriter();
            String err = errorsOf(() -> assertThat(Main.run(
                            new PrintWriter(out, true),
                            new PrintWriter(System.err, true, StandardCharsets.UTF_8),
                            line.toArray(String[]::new)))
                    .as(path)
                    .isZero());
            assertThat(err).as(path).isEmpty();
            assertThat(out.toString()).as(path).startsWith("Usage: jiaozi");
            assertThat(RAW_LABEL.matcher(out.toString()).results().map(m -> m.group()))
                    .as(path)
                    .isEmpty();
        }
    }

    private static String errorsOf(Runnable work) {
        PrintStream before = System.err;
        ByteArrayOutputStream said = new ByteArrayOutputStream();
        System.setErr(new PrintStream(said, true, StandardCharsets.UTF_8));
        try {
            work.run();
        } finally {
            System.setErr(before);
        }
        return said.toString(StandardCharsets.UTF_8);
    }

    @Test
    void everySummaryIsASentenceThatEnds() {
        for (CommandLine command : all()) {
            String[] description = command.getCommandSpec().usageMessage().description();
            assertThat(description).as(path(command.getCommandSpec())).isNotEmpty();
            assertThat(description[0]).as(path(command.getCommandSpec())).endsWith(".");
        }
    }

    @Test
    void everyCommandAndOptionIsInThePapers() throws IOException {
        StringBuilder papers = new StringBuilder();
        try (Stream<Path> files = Files.list(DOCS)) {
            for (Path file : files.filter(f -> f.getFileName().toString().matches("cli.*\\.md"))
                    .sorted()
                    .toList()) {
                papers.append(Files.readString(file));
            }
        }
        String text = papers.toString();
        List<String> missing = new ArrayList<>();
        for (CommandLine command : all()) {
            CommandSpec spec = command.getCommandSpec();
            String path = path(spec);
            // a wallet command's row begins with its own word, others are written whole
            String written = path.startsWith("wallet ") ? path.substring("wallet ".length()) : path;
            if (!path.isEmpty() && !says(text, written)) {
                missing.add(path);
            }
            for (OptionSpec option : spec.options()) {
                if (!option.usageHelp() && !option.versionHelp() && !says(text, option.longestName())) {
                    missing.add(path + " " + option.longestName());
                }
            }
        }
        assertThat(missing).isEmpty();
    }

    private static boolean says(String text, String words) {
        return Pattern.compile("(?<![\\w-])" + Pattern.quote(words) + "(?![\\w-])")
                .matcher(text)
                .find();
    }
}
