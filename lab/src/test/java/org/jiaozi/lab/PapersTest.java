package org.jiaozi.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** What the papers point at is there. */
final class PapersTest {
    private static final Path ROOT = Path.of(Objects.requireNonNull(System.getProperty("jiaozi.root")));
    private static final Pattern FENCE = Pattern.compile("^```.*?^```", Pattern.DOTALL | Pattern.MULTILINE);
    private static final Pattern CODE = Pattern.compile("`([^`\\n]+)`");
    private static final Pattern LINK = Pattern.compile("\\]\\(([^)\\s]+)\\)");
    private static final Pattern SOURCE = Pattern.compile("(?:src|href)=\"([^\"]+)\"");
    private static final Pattern HEADING = Pattern.compile("^#{1,6} (.+)$", Pattern.MULTILINE);
    private static final Pattern FILE =
            Pattern.compile("[\\w.{}*/-]+\\.(?:java|md|als|json|sql|cddl|yaml|yml|xml|svg)|(?:[\\w.-]+/)+[\\w.-]*");

    @Test
    void everyLinkLeadsSomewhere() throws IOException {
        List<String> dead = new ArrayList<>();
        int links = 0;
        for (Path paper : filesOfTheProject().stream()
                .filter(f -> f.toString().endsWith(".md"))
                .toList()) {
            String text = FENCE.matcher(Files.readString(paper)).replaceAll("");
            String prose = CODE.matcher(text).replaceAll("");
            for (String target : targets(prose)) {
                if (target.matches("[a-z]+:.*")) {
                    continue;
                }
                links++;
                if (!leads(paper, target)) {
                    dead.add(ROOT.relativize(paper) + " -> " + target);
                }
            }
        }
        assertThat(links).isPositive();
        assertThat(dead).isEmpty();
    }

    @Test
    void everyFileThatTheArchitectureNamesExists() throws IOException {
        Set<Path> files = filesOfTheProject();
        Set<String> names = new HashSet<>();
        files.forEach(f -> names.add(String.valueOf(f.getFileName())));
        List<String> named = CODE.matcher(Files.readString(ROOT.resolve("ARCHITECTURE.md")))
                .results()
                .map(m -> m.group(1))
                .filter(code -> FILE.matcher(code).matches())
                .toList();
        assertThat(named).hasSizeGreaterThan(50).allSatisfy(name -> {
            boolean there = name.contains("/") ? Files.exists(ROOT.resolve(name)) : names.contains(name);
            assertThat(there).as("%s exists", name).isTrue();
        });
    }

    @Test
    void everyModuleAndPackageIsOnTheMap() throws IOException {
        String map = Files.readString(ROOT.resolve("ARCHITECTURE.md"));
        assertThat(filesOfTheProject().stream()
                        .filter(f ->
                                f.endsWith("package-info.java") && !f.toString().contains("/test/"))
                        .map(PapersTest::packageOf))
                .isNotEmpty()
                .allSatisfy(name -> assertThat(map).contains("`" + name + "`"));
    }

    private static String packageOf(Path info) {
        String path = String.valueOf(ROOT.relativize(info).getParent()).replace('\\', '/');
        String inner = path.substring(path.indexOf("/java/org/jiaozi/") + "/java/org/jiaozi/".length());
        return inner.replace('/', '.');
    }

    private static boolean leads(Path paper, String target) throws IOException {
        int hash = target.indexOf('#');
        String file = hash < 0 ? target : target.substring(0, hash);
        Path there = file.isEmpty()
                ? paper
                : Objects.requireNonNull(paper.getParent()).resolve(file).normalize();
        if (!there.startsWith(ROOT) || !Files.exists(there)) {
            return false;
        }
        return hash < 0 || anchors(there).contains(target.substring(hash + 1));
    }

    /** As the usual renderers make them of headings. */
    private static Set<String> anchors(Path paper) throws IOException {
        Set<String> anchors = new HashSet<>();
        HEADING.matcher(Files.readString(paper))
                .results()
                .map(m -> m.group(1).toLowerCase(Locale.ROOT))
                .forEach(h -> anchors.add(h.replaceAll("[^\\w\\- ]", "").replace(' ', '-')));
        return anchors;
    }

    private static List<String> targets(String text) {
        List<String> targets = new ArrayList<>();
        for (Pattern pattern : List.of(LINK, SOURCE)) {
            pattern.matcher(text).results().map((MatchResult m) -> m.group(1)).forEach(targets::add);
        }
        return targets;
    }

    private static Set<Path> filesOfTheProject() {
        Set<Path> files = new HashSet<>();
        try {
            Files.walkFileTree(ROOT, new SimpleFileVisitor<>() {
                @Override
                public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) {
                    String name = String.valueOf(folder.getFileName());
                    boolean ours = folder.equals(ROOT) || (!name.startsWith(".") && !name.equals("target"));
                    return ours ? FileVisitResult.CONTINUE : FileVisitResult.SKIP_SUBTREE;
                }

                @Override
                public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
                    files.add(file);
                    return FileVisitResult.CONTINUE;
                }

                @Override
                public FileVisitResult visitFileFailed(Path file, IOException gone) {
                    // a data folder of somebody else may lie here
                    return FileVisitResult.CONTINUE;
                }
            });
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return files;
    }
}
