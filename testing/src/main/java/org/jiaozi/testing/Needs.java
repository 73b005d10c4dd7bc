package org.jiaozi.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.StackWalker.Option;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Objects;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Assumptions;

/**
 * What a test needs of the machine beyond a JDK. A test, or a whole class in its {@code @BeforeAll}, whose need is not
 * met is aborted and noted in {@link Summary#NOTES}: the summary lists its suite as NOT RUN with the line that installs
 * what is missing, and a build server takes that for a failure.
 */
public final class Needs {
    private Needs() {}

    /** Goes on only where every one of {@code programs} is on the PATH; otherwise names the package that has them. */
    public static void systemPackage(String debianPackage, String... programs) {
        Class<?> suite = StackWalker.getInstance(Option.RETAIN_CLASS_REFERENCE).getCallerClass();
        for (String program : programs) {
            require(suite, onPath(program), "apt-get install " + debianPackage);
        }
    }

    /** Goes on only if {@code met}; otherwise says in one line what would meet it. */
    public static void that(boolean met, String remedy) {
        require(StackWalker.getInstance(Option.RETAIN_CLASS_REFERENCE).getCallerClass(), met, remedy);
    }

    private static void require(Class<?> suite, boolean met, String remedy) {
        if (!met) {
            note(suite, remedy);
        }
        Assumptions.assumeTrue(met, () -> Summary.NOT_RUN + remedy);
    }

    /** Surefire's report says nothing of a class that was aborted before its first test, so the need is noted apart. */
    private static void note(Class<?> suite, String remedy) {
        String module = System.getProperty("basedir");
        if (module == null) {
            return; // not run by the build: the message is all there is
        }
        String outermost = suite.getName().replaceFirst("\\$.*", "");
        try {
            Path reports = Files.createDirectories(Path.of(module, "target", "surefire-reports"));
            Files.writeString(
                    reports.resolve(Summary.NOTES),
                    outermost + "\t" + remedy + "\n",
                    StandardOpenOption.CREATE,
                    StandardOpenOption.APPEND);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static boolean onPath(String program) {
        String path = Objects.requireNonNullElse(System.getenv("PATH"), "");
        return Pattern.compile(":")
                .splitAsStream(path)
                .anyMatch(folder -> Files.isExecutable(Path.of(folder, program)));
    }
}
