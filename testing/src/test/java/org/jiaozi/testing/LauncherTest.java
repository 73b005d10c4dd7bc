package org.jiaozi.testing;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The launcher, run as it stands in a small checkout whose Maven and JDK are scripts that note what they were asked. */
final class LauncherTest {
    private static final String MAVEN = """
            #!/bin/sh
            echo "$@" >>builds
            [ ! -e broken ] || { echo "[ERROR] Money.java:[3,1] ';' expected"; exit 1; }
            for arg in "$@"; do case $arg in -Djiaozi.lib=*) lib=${arg#*=} ;; esac; done
            [ -z "${lib:-}" ] || { mkdir -p "$lib"; : >"$lib/a.jar"; }
            echo "[INFO] Building Jiaozi core 0.1.0                      [1/2]"
            [ ! -e died ] || echo "[ERROR] The forked VM terminated without saying properly goodbye"
            """;

    @TempDir
    private Path home;

    private Path checkout = Path.of("");
    private Path jdk = Path.of("");

    /**
     * What one run of the launcher gave.
     *
     * @param out standard output
     * @param err standard error
     */
    private record Run(int code, String out, String err) {}

    @BeforeEach
    void makeCheckout() throws IOException {
        Path original = Path.of(Objects.requireNonNull(System.getProperty("jiaozi.root")), "jiaozi");
        checkout = Files.createDirectories(home.resolve("a checkout"));
        Files.copy(original, checkout.resolve("jiaozi"), StandardCopyOption.COPY_ATTRIBUTES);
        Files.writeString(checkout.resolve("mvnw"), MAVEN);
        Files.writeString(checkout.resolve("pom.xml"), "<project/>");
        source("Money.java");
        jdk = home.resolve("jvm/jdk-25");
        Files.createDirectories(jdk.resolve("bin"));
        Files.writeString(jdk.resolve("release"), "IMPLEMENTOR=\"x\"\nJAVA_VERSION=\"25.0.3\"\n");
        program(jdk.resolve("bin/javac"), "exit 0");
        program(jdk.resolve("bin/java"), "echo \"$@\"");
    }

    @Test
    void withoutAJdk25ItSaysInOneLineWhatToInstall() throws Exception {
        Files.writeString(jdk.resolve("release"), "JAVA_VERSION=\"17.0.12\"\n");
        Run run = jiaozi("--help");
        assertThat(run.code()).isEqualTo(1);
        assertThat(run.err().lines()).singleElement().asString().contains("JDK 25", "apt-get install");
        assertThat(run.out()).isEmpty();
    }

    @Test
    void aRuntimeWithoutCompilerIsNoJdk() throws Exception {
        Files.delete(jdk.resolve("bin/javac"));
        assertThat(jiaozi("--help").err()).contains("needs a JDK 25");
    }

    @Test
    void buildsOnFirstUseWithProgressAndThenOnlyRuns() throws Exception {
        Run first = jiaozi("wallet", "two words");
        assertThat(first.code()).isZero();
        assertThat(first.err()).contains("building", "[1/2] core", "built");
        assertThat(first.out()).contains("--enable-native-access=ALL-UNNAMED", "org.jiaozi.cli.Main wallet two words");
        Run second = jiaozi("wallet");
        assertThat(second.err()).isEmpty();
        assertThat(builds()).hasSize(1);
    }

    @Test
    void rebuildsWhenASourceIsEditedAddedOrRemoved() throws Exception {
        jiaozi();
        // A whole minute ahead, for file systems and finds that count in whole seconds.
        Files.setLastModifiedTime(
                source("Money.java"), FileTime.from(Instant.now().plusSeconds(60)));
        jiaozi();
        assertThat(builds()).hasSize(2);
        Files.setLastModifiedTime(source("Money.java"), FileTime.from(Instant.EPOCH));
        Path added = source("Note.java");
        Files.setLastModifiedTime(added, FileTime.from(Instant.EPOCH));
        jiaozi();
        assertThat(builds()).hasSize(3);
        Files.delete(added);
        jiaozi();
        jiaozi();
        assertThat(builds()).hasSize(4);
    }

    @Test
    void aFailedBuildShowsWhyAndIsTriedAgain() throws Exception {
        Files.writeString(checkout.resolve("broken"), "");
        Run broken = jiaozi();
        assertThat(broken.code()).isEqualTo(1);
        assertThat(broken.err()).contains("';' expected", ".jiaozi/build.log", "the build failed");
        assertThat(broken.out()).isEmpty();
        Files.delete(checkout.resolve("broken"));
        assertThat(jiaozi().code()).isZero();
    }

    @Test
    void firstBuildsAtTheSameTimeBuildOnce() throws Exception {
        List<Process> all = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            all.add(start(Map.of(), "show").redirectErrorStream(true).start());
        }
        for (Process one : all) {
            assertThat(finish(one).out()).contains("org.jiaozi.cli.Main show");
        }
        assertThat(builds()).hasSize(1);
    }

    @Test
    void aJavaOptionReachesJavaAndMayChooseItsCollector() throws Exception {
        Run run = finish(
                start(Map.of("JIAOZI_JAVA_OPTS", "-XX:+UseG1GC -Da=b"), "up").start());
        assertThat(run.out()).contains("-XX:+UseG1GC -Da=b").doesNotContain("UseSerialGC");
    }

    @Test
    void testsOfAnUnknownModuleAreRefusedAndTestsOfOneSkipTheOthers() throws Exception {
        Files.createDirectories(checkout.resolve("core"));
        Files.writeString(checkout.resolve("core/pom.xml"), "<project/>");
        Files.createDirectories(checkout.resolve("bank"));
        Files.writeString(checkout.resolve("bank/pom.xml"), "<project/>");
        Run unknown = jiaozi("test", "wallett");
        assertThat(unknown.code()).isEqualTo(2);
        assertThat(unknown.err()).contains("no module wallett; there are: bank core");
        jiaozi("test", "bank");
        assertThat(builds().getLast())
                .contains("-Dskip.core=true", "-pl bank -am")
                .doesNotContain("-Dskip.bank");
    }

    @Test
    void testProcessesThatDiedFailTheRunThoughTheyLeftNoReport() throws Exception {
        assertThat(jiaozi("test").code()).isZero();
        Files.writeString(checkout.resolve("died"), "");
        assertThat(jiaozi("test").code()).isEqualTo(1);
    }

    private Path source(String name) throws IOException {
        Path folder = Files.createDirectories(checkout.resolve("core/src/main/java"));
        return Files.writeString(folder.resolve(name), "class X {}");
    }

    private List<String> builds() throws IOException {
        return Files.readAllLines(checkout.resolve("builds"));
    }

    private static void program(Path file, String body) throws IOException {
        Files.writeString(file, "#!/bin/sh\n" + body + "\n");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    private Run jiaozi(String... args) throws IOException, InterruptedException {
        return finish(start(Map.of(), args).start());
    }

    private ProcessBuilder start(Map<String, String> environment, String... args) {
        List<String> line =
                new ArrayList<>(List.of("/bin/sh", checkout.resolve("jiaozi").toString()));
        line.addAll(List.of(args));
        ProcessBuilder builder = new ProcessBuilder(line).directory(home.toFile());
        builder.environment().keySet().removeIf(name -> name.startsWith("JIAOZI_") || name.equals("JAVA_HOME"));
        builder.environment().remove("CI");
        builder.environment().put("PATH", "/usr/bin:/bin");
        builder.environment().put("JIAOZI_JVM_DIRS", home.resolve("jvm").toString());
        builder.environment().putAll(environment);
        return builder;
    }

    private static Run finish(Process process) throws IOException, InterruptedException {
        process.getOutputStream().close();
        // What a run says fits a pipe many times over, so that reading one after the other cannot block it.
        String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        String err = new String(process.getErrorStream().readAllBytes(), StandardCharsets.UTF_8);
        return new Run(process.waitFor(), out, err);
    }
}
