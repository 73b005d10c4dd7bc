package org.jiaozi.testing;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Assumptions;

/**
 * What a test needs of the machine beyond a JDK. A test whose need is not met is aborted with a message that begins
 * with {@link Summary#NOT_RUN}; {@link Summary} lists its suite as NOT RUN with the line that installs what is missing, and
 * a build server takes that for a failure.
 */
public final class Needs {
    private Needs() {}

    /** Goes on only where every one of {@code programs} is on the PATH; otherwise names the package that has them. */
    public static void systemPackage(String debianPackage, String... programs) {
        for (String program : programs) {
            Assumptions.assumeTrue(onPath(program), () -> Summary.NOT_RUN + "apt-get install " + debianPackage);
        }
    }

    /** Goes on only if {@code met}; otherwise says in one line what would meet it. */
    public static void that(boolean met, String remedy) {
        Assumptions.assumeTrue(met, () -> Summary.NOT_RUN + remedy);
    }

    private static boolean onPath(String program) {
        String path = Objects.requireNonNullElse(System.getenv("PATH"), "");
        return Pattern.compile(":")
                .splitAsStream(path)
                .anyMatch(folder -> Files.isExecutable(Path.of(folder, program)));
    }
}
