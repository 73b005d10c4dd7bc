package org.jiaozi.testing;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.Set;
import java.util.stream.Stream;
import javax.xml.XMLConstants;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;
import org.xml.sax.SAXException;

/**
 * Reads the reports that Surefire left in the modules of a checkout and says suite by suite what came of the run. The
 * launcher runs this file as it stands, before anything is built, so it uses nothing but the JDK.
 */
public final class Summary {
    /** How the message of a test begins that needed something of the machine; what follows is the line to type. */
    public static final String NOT_RUN = "NOT RUN: ";

    /** The file among a module's reports to which {@link Needs} adds a line for each unmet need: class, tab, remedy. */
    public static final String NOTES = "not-run.txt";

    private static final String ROW = "%-62s %7s %7s %8s%n";

    private Summary() {}

    /**
     * What came of one suite.
     *
     * @param name module and class
     * @param failures one line for each failed test
     * @param needs the distinct lines that would have let the tests run that did not
     */
    public record Suite(String name, int passed, int skipped, List<String> failures, List<String> needs) {
        /** Copies the lists. */
        public Suite {
            failures = List.copyOf(failures);
            needs = List.copyOf(needs);
        }
    }

    /**
     * Prints the summary of the modules under a folder. Exits 0 if something passed and nothing failed; where the
     * environment says {@code CI=true}, also only if every suite had what it needs.
     *
     * @param args the folder that holds the modules
     */
    public static void main(String[] args) throws IOException {
        boolean strict = "true".equals(System.getenv("CI"));
        System.exit(print(read(Path.of(args[0])), strict, System.out) ? 0 : 1);
    }

    /** The suites under {@code root/MODULE/target/surefire-reports}, in the order of their names. */
    public static List<Suite> read(Path root) throws IOException {
        List<Suite> suites = new ArrayList<>();
        try (Stream<Path> modules = Files.list(root)) {
            for (Path module : modules.sorted().toList()) {
                Path reports = module.resolve("target").resolve("surefire-reports");
                if (Files.isDirectory(reports)) {
                    suites.addAll(readModule(String.valueOf(module.getFileName()), reports));
                }
            }
        }
        return List.copyOf(suites);
    }

    private static List<Suite> readModule(String module, Path reports) throws IOException {
        SequencedMap<String, Set<String>> noted = readNotes(reports.resolve(NOTES));
        List<Suite> suites = new ArrayList<>();
        try (Stream<Path> files = Files.list(reports)) {
            List<Path> all = files.sorted().toList();
            for (Path file : all) {
                String name = String.valueOf(file.getFileName());
                if (name.startsWith("TEST-") && name.endsWith(".xml")) {
                    // A class whose tests are all in nested ones has an empty report beside theirs.
                    String within = name.substring(0, name.length() - ".xml".length()) + "$";
                    boolean nested = all.stream()
                            .anyMatch(
                                    other -> String.valueOf(other.getFileName()).startsWith(within));
                    Element root = parse(file);
                    Set<String> needs = noted.remove(root.getAttribute("name"));
                    suites.add(readSuite(module, root, needs == null ? Set.of() : needs, nested));
                }
            }
        }
        noted.forEach((suite, needs) ->
                suites.add(new Suite(module + " " + simple(suite), 0, 0, List.of(), List.copyOf(needs))));
        return suites;
    }

    private static SequencedMap<String, Set<String>> readNotes(Path notes) throws IOException {
        SequencedMap<String, Set<String>> bySuite = new LinkedHashMap<>();
        if (Files.exists(notes)) {
            for (String line : Files.readAllLines(notes)) {
                int tab = line.indexOf('\t');
                bySuite.computeIfAbsent(line.substring(0, tab), suite -> new LinkedHashSet<>())
                        .add(line.substring(tab + 1));
            }
        }
        return bySuite;
    }

    private static Suite readSuite(String module, Element root, Set<String> noted, boolean nested) {
        String suite = simple(root.getAttribute("name"));
        int passed = 0;
        int skipped = 0;
        List<String> failures = new ArrayList<>();
        Set<String> needs = new LinkedHashSet<>(noted);
        NodeList cases = root.getElementsByTagName("testcase");
        for (int i = 0; i < cases.getLength(); i++) {
            Element test = (Element) cases.item(i);
            Optional<Element> failed = first(test, "failure", "error");
            Optional<Element> skip = first(test, "skipped");
            if (failed.isPresent()) {
                failures.add(module + " " + suite + "." + test.getAttribute("name") + ": " + line(failed.get()));
            } else if (skip.isPresent()) {
                skipped++;
                // An aborted test has its message in the text, a disabled one in the attribute.
                Element why = skip.get();
                String message = why.getAttribute("message") + "\n" + why.getTextContent();
                message.lines()
                        .filter(line -> line.contains(NOT_RUN))
                        .findFirst()
                        .ifPresent(line -> needs.add(line.substring(line.indexOf(NOT_RUN) + NOT_RUN.length())
                                .strip()));
            } else {
                passed++;
            }
        }
        if (cases.getLength() == 0 && needs.isEmpty() && !nested) {
            needs.add("the suite was given up before its first test");
        }
        return new Suite(module + " " + suite, passed, skipped, failures, List.copyOf(needs));
    }

    private static Element parse(Path file) throws IOException {
        try {
            DocumentBuilderFactory factory = DocumentBuilderFactory.newInstance();
            factory.setFeature(XMLConstants.FEATURE_SECURE_PROCESSING, true);
            factory.setFeature("http://apache.org/xml/features/disallow-doctype-decl", true);
            return factory.newDocumentBuilder().parse(file.toFile()).getDocumentElement();
        } catch (ParserConfigurationException | SAXException e) {
            // A report cut off half-way is a run that died: it must not read as one that passed.
            throw new IOException("not a test report: " + file, e);
        }
    }

    private static Optional<Element> first(Element test, String... tags) {
        for (String tag : tags) {
            NodeList found = test.getElementsByTagName(tag);
            if (found.getLength() > 0) {
                return Optional.of((Element) found.item(0));
            }
        }
        return Optional.empty();
    }

    private static String simple(String className) {
        return className.substring(className.lastIndexOf('.') + 1);
    }

    private static String line(Element failed) {
        String message = failed.getAttribute("message");
        String said = message.isBlank() ? failed.getAttribute("type") : message;
        String whole = String.join(" ", said.strip().split("\\s+"));
        return whole.length() <= 300 ? whole : whole.substring(0, 300) + "...";
    }

    /**
     * Prints the table, what failed, what could not run, and last a line of the form {@code N passed, N failed, N
     * skipped}.
     *
     * @param strict whether a suite that could not run fails the run
     * @return whether the run counts as passed
     */
    public static boolean print(List<Suite> suites, boolean strict, PrintStream out) {
        int passed = suites.stream().mapToInt(Suite::passed).sum();
        int failed = suites.stream().mapToInt(suite -> suite.failures().size()).sum();
        int skipped = suites.stream().mapToInt(Suite::skipped).sum();
        boolean complete = suites.stream().allMatch(suite -> suite.needs().isEmpty());
        out.printf(ROW, "suite", "passed", "failed", "skipped");
        for (Suite suite : suites) {
            out.printf(ROW, suite.name(), suite.passed(), suite.failures().size(), suite.skipped());
        }
        suites.stream().flatMap(suite -> suite.failures().stream()).forEach(test -> out.println("FAILED   " + test));
        for (Suite suite : suites) {
            suite.needs().forEach(need -> out.println("NOT RUN  " + suite.name() + ": " + need));
        }
        if (passed + failed == 0) {
            out.println("no test ran: that is a failure");
        }
        if (!complete && strict) {
            out.println("CI=true: what could not run counts as a failure");
        }
        out.println(passed + " passed, " + failed + " failed, " + skipped + " skipped");
        return failed == 0 && passed > 0 && (complete || !strict);
    }
}
