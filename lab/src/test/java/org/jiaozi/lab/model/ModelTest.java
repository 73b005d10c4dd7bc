package org.jiaozi.lab.model;

import static org.assertj.core.api.Assertions.assertThat;

import edu.mit.csail.sdg.ast.Command;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.slf4j.LoggerFactory;

/** Within the model's bounds nothing breaks what it asserts, and every rule in it is needed. */
final class ModelTest {
    private static final Pattern NAMED = Pattern.compile("\\(model: ((?:`\\w+`(?:, )?)+)\\)");
    private static final Logger TALK = Logger.getLogger("kodkod");

    @BeforeAll
    static void theSolverKeepsItsProgressToItself() {
        TALK.setLevel(Level.SEVERE);
    }

    static List<String> commands() throws IOException {
        List<String> commands = new ArrayList<>();
        for (String file : Model.files().keySet()) {
            for (Command command : Model.commands(file)) {
                commands.add(file + " " + (command.check ? "check" : "run") + " " + command.label);
            }
        }
        return commands;
    }

    static List<Model.Removal> removals() throws IOException {
        return Model.removals();
    }

    @ParameterizedTest
    @MethodSource("commands")
    void assertionsHoldAndStoriesHappen(String command) {
        String[] words = command.split(" ", -1);
        assertThat(Model.found(words[0], words[2])).as(command).isEqualTo(words[1].equals("run"));
    }

    @ParameterizedTest
    @MethodSource("removals")
    void withoutTheRuleTheAssertionFails(Model.Removal removal, @TempDir Path folder) throws IOException {
        assertThat(Model.foundWithout(removal, folder)).as("%s", removal).isTrue();
    }

    @Test
    void everyAssertionIsCheckedAndRestsOnARule() throws IOException {
        Set<String> checked = commands().stream()
                .filter(c -> c.contains(" check "))
                .map(c -> c.substring(c.lastIndexOf(' ') + 1))
                .collect(Collectors.toSet());
        assertThat(checked).isEqualTo(Model.assertions().keySet()).hasSizeGreaterThan(8);
        assertThat(removals()).extracting(Model.Removal::assertion).containsAll(checked);
    }

    @Test
    void everyRuleIsRemovedOnce() throws IOException {
        assertThat(removals()).extracting(Model.Removal::rule).doesNotHaveDuplicates();
        assertThat(removals()).extracting(Model.Removal::rule).containsExactlyInAnyOrderElementsOf(Model.rules());
    }

    @Test
    void clausesNameEveryAssertionAndNoOther() throws IOException {
        Set<String> named = new HashSet<>();
        try (Stream<Path> parts = Files.list(Model.SPEC)) {
            for (Path part : parts.filter(f -> f.toString().endsWith(".md")).toList()) {
                // a line may end within the bracket
                String text = Files.readString(part).replaceAll("\\s+", " ");
                named.addAll(named(text));
                assertThat(NAMED.matcher(text).results().count())
                        .as("brackets of %s that name the model", part)
                        .isEqualTo(Pattern.compile("\\(model:")
                                .matcher(text)
                                .results()
                                .count());
            }
        }
        assertThat(named).isEqualTo(Model.assertions().keySet());
    }

    @Test
    void theClauseOfEachRuleNamesTheAssertionThatNeedsIt() throws IOException {
        for (Model.Removal removal : removals()) {
            for (int clause : removal.clauses()) {
                assertThat(named(clause(removal.part(), clause)))
                        .as("part %d, clause %d, of %s", removal.part(), clause, removal.rule())
                        .contains(removal.assertion());
            }
        }
    }

    /** A numbered clause: its line and those that are set in below it. */
    private static String clause(int part, int number) throws IOException {
        Path file;
        try (Stream<Path> parts = Files.list(Model.SPEC)) {
            file = parts.filter(f -> f.getFileName().toString().startsWith("0" + part + "-"))
                    .findFirst()
                    .orElseThrow();
        }
        return Pattern.compile("^" + number + "[.] .*(\\n( {2,}.*)?)*", Pattern.MULTILINE)
                .matcher(Files.readString(file))
                .results()
                .map(m -> m.group())
                .findFirst()
                .orElseThrow();
    }

    private static Set<String> named(String text) {
        return NAMED.matcher(text.replaceAll("\\s+", " "))
                .results()
                .flatMap(m -> Pattern.compile("`(\\w+)`").matcher(m.group(1)).results())
                .map(m -> m.group(1))
                .collect(Collectors.toSet());
    }

    @Test
    void theJarWithTheSolverHidesNoLibraryOfOurs() {
        assertThat(String.valueOf(LoggerFactory.class
                        .getProtectionDomain()
                        .getCodeSource()
                        .getLocation()))
                .doesNotContain("alloy");
    }
}
