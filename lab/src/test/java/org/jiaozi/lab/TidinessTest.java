package org.jiaozi.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Holds what a reader counts on when opening a file of the project. */
final class TidinessTest {
    private static final int MOST_LINES = 400;
    private static final int SHORTEST_PARAGRAPH = 60;
    private static final Pattern PARAGRAPH =
            Pattern.compile("/\\*\\*(.*?)\\*/.*?^package ", Pattern.DOTALL | Pattern.MULTILINE);
    private static final Pattern PACKAGE = Pattern.compile("^package ([a-z0-9_.]+);", Pattern.MULTILINE);

    private static final Path ROOT = Path.of(Objects.requireNonNull(System.getProperty("jiaozi.root")));

    @Test
    void everyPackageHasAParagraphThatSaysWhatItIsAndMayImport() throws IOException {
        List<Path> packages = sources("main").map(Path::getParent).distinct().toList();
        assertThat(packages).hasSizeGreaterThan(6).allSatisfy(folder -> {
            Path info = folder.resolve("package-info.java");
            assertThat(info).exists();
            String text = read(info);
            assertThat(text).contains("NullMarked");
            Matcher paragraph = PARAGRAPH.matcher(text);
            assertThat(paragraph.find()).as("%s has a paragraph", info).isTrue();
            assertThat(paragraph.group(1))
                    .as("%s", info)
                    .containsIgnoringCase("import")
                    .hasSizeGreaterThan(SHORTEST_PARAGRAPH);
        });
    }

    @Test
    void everyPackageLiesInTheModuleItIsNamedAfter() throws IOException {
        assertThat(Stream.concat(sources("main"), sources("test"))).allSatisfy(file -> {
            String module = String.valueOf(ROOT.relativize(file).getName(0));
            Matcher declared = PACKAGE.matcher(read(file));
            assertThat(declared.find()).as("%s declares a package", file).isTrue();
            assertThat(declared.group(1) + ".").as("%s", file).startsWith("org.jiaozi." + module + ".");
        });
    }

    @Test
    void noSourceIsLongerThanAnyoneReadsInOneGo() throws IOException {
        assertThat(Stream.concat(sources("main"), sources("test")))
                .isNotEmpty()
                .allSatisfy(file -> assertThat(read(file).lines().count())
                        .as("lines of %s", file)
                        .isLessThanOrEqualTo(MOST_LINES));
    }

    private static Stream<Path> sources(String kind) throws IOException {
        try (Stream<Path> modules = Files.list(ROOT)) {
            return modules
                    .map(module -> module.resolve("src").resolve(kind).resolve("java"))
                    .filter(Files::isDirectory)
                    .flatMap(TidinessTest::javaFiles)
                    .sorted()
                    .toList()
                    .stream();
        }
    }

    private static Stream<Path> javaFiles(Path folder) {
        try (Stream<Path> files = Files.walk(folder)) {
            return files.filter(file -> file.toString().endsWith(".java")).toList().stream();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
