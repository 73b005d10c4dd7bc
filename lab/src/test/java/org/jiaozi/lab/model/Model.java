package org.jiaozi.lab.model;

import edu.mit.csail.sdg.alloy4.A4Reporter;
import edu.mit.csail.sdg.ast.Command;
import edu.mit.csail.sdg.parser.CompModule;
import edu.mit.csail.sdg.parser.CompUtil;
import edu.mit.csail.sdg.translator.A4Options;
import edu.mit.csail.sdg.translator.TranslateAlloyToKodkod;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import kodkod.engine.satlab.SATFactory;

/** The files of {@code spec/model}, what they claim, and which rule holds which claim. */
final class Model {
    static final Path SPEC = Path.of(Objects.requireNonNull(System.getProperty("jiaozi.root")), "spec");
    private static final Path FOLDER = SPEC.resolve("model");
    private static final Pattern ASSERT = Pattern.compile("^assert (\\w+)", Pattern.MULTILINE);
    private static final Pattern MARK =
            Pattern.compile("^// rule: (\\w+) - .+\\npred (\\w+)(\\[[^\\]]*\\])? ", Pattern.MULTILINE);
    private static final Pattern ROW = Pattern.compile(
            "^\\| `(\\w+)` \\| `(\\w+)` \\| part (\\d+), clauses? ([\\d and,]+) \\|$", Pattern.MULTILINE);

    /** That {@code assertion} fails once {@code rule} is gone, which is a rule of these clauses of a part of the spec. */
    record Removal(String rule, String assertion, int part, List<Integer> clauses) {}

    private Model() {}

    /** Names of files to their text. */
    static SortedMap<String, String> files() throws IOException {
        SortedMap<String, String> files = new TreeMap<>();
        try (Stream<Path> folder = Files.list(FOLDER)) {
            for (Path file : folder.filter(f -> f.toString().endsWith(".als")).toList()) {
                files.put(String.valueOf(file.getFileName()), Files.readString(file));
            }
        }
        return files;
    }

    /** Every assertion, and the file that checks it. */
    static Map<String, String> assertions() throws IOException {
        Map<String, String> assertions = new LinkedHashMap<>();
        files().forEach((file, text) -> ASSERT.matcher(text).results().forEach(m -> assertions.put(m.group(1), file)));
        return assertions;
    }

    /** Every predicate that is marked as a rule. */
    static List<String> rules() throws IOException {
        List<String> rules = new ArrayList<>();
        for (String text : files().values()) {
            Matcher mark = MARK.matcher(text);
            while (mark.find()) {
                if (!mark.group(1).equals(mark.group(2))) {
                    throw new IllegalStateException(mark.group(1) + " stands over " + mark.group(2));
                }
                rules.add(mark.group(1));
            }
        }
        return rules;
    }

    /** The table of the page beside the model. */
    static List<Removal> removals() throws IOException {
        return ROW.matcher(Files.readString(FOLDER.resolve("README.md")))
                .results()
                .map(m -> new Removal(
                        m.group(1),
                        m.group(2),
                        Integer.parseInt(m.group(3)),
                        Pattern.compile("\\d+")
                                .matcher(m.group(4))
                                .results()
                                .map(n -> Integer.valueOf(n.group()))
                                .toList()))
                .toList();
    }

    static List<Command> commands(String file) {
        return parse(FOLDER.resolve(file)).getAllCommands();
    }

    /** Whether there is an instance of a run, or a counterexample of a check. */
    static boolean found(String file, String command) {
        return found(FOLDER.resolve(file), command);
    }

    /** Whether there is a counterexample of the assertion in a copy of the model without the rule. */
    static boolean foundWithout(Removal removal, Path folder) throws IOException {
        for (Map.Entry<String, String> file : files().entrySet()) {
            Files.writeString(folder.resolve(file.getKey()), without(removal.rule(), file.getValue()));
        }
        String file = Objects.requireNonNull(assertions().get(removal.assertion()), removal.assertion());
        return found(folder.resolve(file), removal.assertion());
    }

    /** The predicate stays, and says nothing. */
    static String without(String rule, String text) {
        int mark = text.indexOf("// rule: " + rule + " - ");
        if (mark < 0) {
            return text;
        }
        int from = text.indexOf("{", text.indexOf("\npred ", mark)) + 1;
        int depth = 1;
        int to = from;
        while (depth > 0) {
            char c = text.charAt(to);
            depth += c == '{' ? 1 : c == '}' ? -1 : 0;
            to++;
        }
        return text.substring(0, from) + text.substring(to - 1);
    }

    private static boolean found(Path file, String label) {
        CompModule module = parse(file);
        Command command = module.getAllCommands().stream()
                .filter(c -> c.label.equals(label))
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("no command " + label + " in " + file));
        A4Options options = new A4Options();
        // in Java, so that the same runs everywhere; the native ones were no faster on these
        options.solver = SATFactory.find("sat4j").orElseThrow();
        options.skolemDepth = 1;
        options.noOverflow = true;
        return TranslateAlloyToKodkod.execute_command(A4Reporter.NOP, module.getAllReachableSigs(), command, options)
                .satisfiable();
    }

    private static CompModule parse(Path file) {
        return CompUtil.parseEverything_fromFile(A4Reporter.NOP, null, file.toString());
    }
}
