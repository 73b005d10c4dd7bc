package org.jiaozi.lab.faults;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.jiaozi.cli.Main;
import org.jiaozi.lab.world.WorldCommand;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;

/** The hunt for a world that breaks, as its user sees it: over sound worlds, and over worlds with a fault in them. */
final class WorldCommandTest {
    private static final Path ROOT = Path.of(Objects.requireNonNull(System.getProperty("jiaozi.root")));
    private static final String PREFIX = "jiaozi lab world ";

    /** Breaks few worlds, and those by one breach before all others. */
    private static final String FAULT = "a range may end anywhere";

    private static final String BREACH = "an unsound transfer is on record: it takes more than there was";

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    /** Whenever somebody looks, a tenth of a second has passed: how far a hunt gets is the same on every machine. */
    private static LongSupplier clock() {
        AtomicLong looks = new AtomicLong();
        return () -> looks.getAndIncrement() * 100_000_000;
    }

    private int run(Class<?> command, String... words) throws ReflectiveOperationException {
        out.getBuffer().setLength(0);
        err.getBuffer().setLength(0);
        return new CommandLine(command.getConstructor(LongSupplier.class).newInstance(clock()))
                .setOut(new PrintWriter(out, true))
                .setErr(new PrintWriter(err, true))
                .execute(words);
    }

    private JsonNode json(int exit, Class<?> command, String... words)
            throws ReflectiveOperationException, IOException {
        List<String> line = new ArrayList<>(List.of(words));
        line.add("--json");
        assertThat(run(command, line.toArray(String[]::new)))
                .as("%s%s", out, err)
                .isEqualTo(exit);
        assertThat(err.toString()).isEmpty();
        return new ObjectMapper().readTree(out.toString());
    }

    private static List<String> texts(JsonNode array) {
        List<String> texts = new ArrayList<>();
        array.forEach(text -> texts.add(text.asText()));
        return texts;
    }

    /** The words after the command's name, of the line that lives a world again. */
    private static String[] again(JsonNode world) {
        String line = world.required("again").asText();
        assertThat(line).startsWith(PREFIX);
        return line.substring(PREFIX.length()).split(" ", -1);
    }

    private static Class<?> with(Fault fault) {
        return Planted.load(fault, ROOT, WorldCommand.class);
    }

    @Test
    void aHuntEndsAtTheFirstWorldThatBreaksAndTellsTheShortestLikeIt() throws Exception {
        Class<?> command = with(CheckFaults.ALL.stream()
                .filter(f -> f.name().equals(FAULT))
                .findFirst()
                .orElseThrow());
        String[] hunt = {"--hours", "0.005", "--seed", "1", "--steps", "300", "--purses", "6"};
        JsonNode answer = json(1, command, hunt);
        assertThat(answer.required("ok").asBoolean()).isFalse();
        assertThat(answer.required("worlds")).hasSize(1);
        JsonNode found = answer.required("worlds").get(0);
        long seed = found.required("seed").longValue();
        assertThat(answer.required("lived").longValue()).isEqualTo(seed);
        assertThat(texts(found.required("breaches"))).first().isEqualTo(BREACH);
        assertThat(found.required("foundBy").asText()).isEqualTo(commit());

        // a person is told the same
        assertThat(run(command, hunt)).isEqualTo(1);
        List<String> said = out.toString().lines().toList();
        assertThat(said)
                .contains("again: " + found.required("again").asText(), "found by version " + commit())
                .containsSubsequence(texts(found.required("story")).stream()
                        .map(line -> "  " + line)
                        .toList());
        assertThat(said)
                .filteredOn(line -> line.startsWith("BROKEN"))
                .first(InstanceOfAssertFactories.STRING)
                .startsWith("BROKEN seed " + seed + ", ")
                .contains(BREACH);
        assertThat(found.required("story")).isNotEmpty();

        // the line that is printed lives a world that is much shorter, and breaks likewise
        String[] line = again(found);
        assertThat(line).startsWith("--seed", Long.toString(seed), "--steps").contains("--only");
        JsonNode replayed = json(1, command, line).required("worlds").get(0);
        assertThat(texts(replayed.required("breaches")))
                .isEqualTo(texts(found.required("storyBreaches")))
                .first()
                .isEqualTo(BREACH);
        assertThat(texts(replayed.required("story"))).isEqualTo(texts(found.required("story")));
        assertThat(steps(line)).isPositive().isLessThan(found.required("steps").longValue() / 10);

        // and no fault, no breach
        assertThat(run(WorldCommand.class, line)).as(out.toString()).isZero();
    }

    /** How many steps {@code --only} leaves. */
    private static long steps(String[] line) {
        String only = line[Arrays.asList(line).indexOf("--only") + 1];
        return only.chars().filter(c -> c == ',').count()
                + 1
                + Arrays.stream(only.split(",", -1))
                        .filter(part -> part.contains("-"))
                        .mapToLong(part -> Long.parseLong(part.substring(part.indexOf('-') + 1))
                                - Long.parseLong(part.substring(0, part.indexOf('-'))))
                        .sum();
    }

    /** What git says of the sources, where there is a git to ask. */
    private static String commit() throws IOException, InterruptedException {
        try {
            Process git = new ProcessBuilder("git", "describe", "--always", "--dirty", "--abbrev=12")
                    .directory(ROOT.toFile())
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            String said = new String(git.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
            return git.waitFor() == 0 ? said : "unknown";
        } catch (IOException e) {
            return "unknown";
        }
    }

    /** Neither has a step that it needs. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "it is founded | new Founding(this).found(purses);",
                "it closes     | breaches.addAll(judge.close());"
            })
    void aWorldThatBreaksByItselfIsToldWithoutAnyStep(String when, String right) throws Exception {
        String breach = "broken when " + when;
        Class<?> command = with(
                Fault.of(breach, Fault.in("lab/world/World", right, right + "\nbreaches.add(\"" + breach + "\");")));
        JsonNode found = json(1, command, "--steps", "40", "--purses", "5")
                .required("worlds")
                .get(0);
        assertThat(texts(found.required("storyBreaches"))).containsExactly(breach);
        assertThat(again(found)).contains("--only", "none");
        assertThat(texts(
                        json(1, command, again(found)).required("worlds").get(0).required("breaches")))
                .containsExactly(breach);
    }

    /** With half of its steps left out this one breaks, too, and by something else. */
    @Test
    void aShorterWorldThatBreaksOtherwiseIsNotItsStory() throws Exception {
        String right = "breaches.addAll(judge.close());";
        Class<?> command = with(Fault.of(
                "two breaches",
                Fault.in(
                        "lab/world/World",
                        right,
                        right + "\nbreaches.add(options.leftOut().size() > 20 ? \"the other\" : \"the one\");")));
        JsonNode found = json(1, command, "--steps", "40", "--purses", "5")
                .required("worlds")
                .get(0);
        assertThat(texts(found.required("storyBreaches"))).containsExactly("the one");
        assertThat(steps(again(found))).isEqualTo(20);
    }

    @Test
    void aHuntOverSoundWorldsSaysHowFarItIsAndEnds() throws Exception {
        // the clock is looked at three times for each
        String[] hunt = {"--hours", "0.002", "--steps", "15", "--purses", "5"};
        assertThat(run(WorldCommand.class, hunt)).as(out.toString()).isZero();
        assertThat(out.toString().lines())
                .hasSize(2)
                .first()
                .asString()
                .matches("seed 20: 20 worlds sound, [0-9]+ purse operations, [0-9]+ a second");
        JsonNode answer = json(0, WorldCommand.class, hunt);
        assertThat(answer.required("ok").asBoolean()).isTrue();
        assertThat(answer.required("lived").intValue()).isEqualTo(24);
        assertThat(answer.required("worlds")).isEmpty();
    }

    @Test
    void howLongAndHowManyExcludeEachOther() throws Exception {
        assertThat(run(WorldCommand.class, "--hours", "0.002", "--worlds", "1")).isEqualTo(2);
        assertThat(err.toString()).contains("give one of them");
    }

    @ParameterizedTest
    @CsvSource({
        "--only,7-3,no steps of this world",
        "--only,1-99,no steps of this world",
        "--only,x,not a list of steps",
        "--profile,nobody's,no world lives under nobody's",
        "--hours,-1,above zero",
        "--steps,0,above zero"
    })
    void whatNoWorldHasIsRefusedInOneLine(String option, String value, String why) {
        List<String> line = new ArrayList<>(List.of("lab", "world", option, value));
        if (!option.equals("--steps")) {
            line.addAll(List.of("--steps", "10"));
        }
        assertThat(Main.run(new PrintWriter(out, true), new PrintWriter(err, true), line.toArray(String[]::new)))
                .isEqualTo(2);
        assertThat(err.toString().strip()).contains(why).doesNotContain("\n");
    }
}
