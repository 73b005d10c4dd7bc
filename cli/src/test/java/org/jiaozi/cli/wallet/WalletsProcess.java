package org.jiaozi.cli.wallet;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.jiaozi.cli.Main;

/**
 * Several wallet commands in one process, which a test kills once every one of them has ended or stands at the durable
 * step: a process for each would cost a start for each. At the step a command runs {@code kill}; here that is a program
 * that says so and waits.
 */
final class WalletsProcess {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String COMMANDS = "commands.json";

    private WalletsProcess() {}

    /** Argument: the folder of this run. Prints a line when nothing moves any more. */
    public static void main(String[] args) throws IOException, InterruptedException {
        Path run = Path.of(args[0]);
        List<List<String>> commands =
                JSON.readValue(run.resolve(COMMANDS).toFile(), new TypeReference<List<List<String>>>() {});
        // a bug in a command must not look like one that stands
        Thread.setDefaultUncaughtExceptionHandler((thread, thrown) -> {
            thrown.printStackTrace();
            Runtime.getRuntime().halt(1);
        });
        AtomicInteger ended = new AtomicInteger();
        for (int i = 0; i < commands.size(); i++) {
            int number = i;
            Thread.ofPlatform().start(() -> {
                perform(commands.get(number), run.resolve("said-" + number));
                ended.incrementAndGet();
            });
        }
        while (ended.get() + held(run) < commands.size()) {
            LockSupport.parkNanos(5_000_000);
        }
        System.out.println("still");
        new CountDownLatch(1).await();
    }

    private static void perform(List<String> command, Path said) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        int code = Main.run(new PrintWriter(out, true), new PrintWriter(err, true), command.toArray(String[]::new));
        try {
            JSON.writeValue(said.toFile(), new Town.Said(code, out.toString(), err.toString()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static long held(Path run) throws IOException {
        try (Stream<Path> all = Files.list(run)) {
            return all.filter(f -> f.getFileName().toString().startsWith("held-"))
                    .count();
        }
    }

    /** Runs the commands until each has ended or stands at {@code step}, and kills them; empty for those that stood. */
    static List<Optional<Town.Said>> kill(Path run, String step, List<List<String>> commands) {
        try {
            Path programs = Files.createDirectories(run.resolve("programs"));
            Path kill = programs.resolve("kill");
            // its standard input is this process's, and ends with it
            Files.writeString(kill, "#!/bin/sh\n: >'" + run + "'/held-$$\nexec cat >/dev/null\n");
            Files.setPosixFilePermissions(kill, PosixFilePermissions.fromString("rwx------"));
            JSON.writeValue(run.resolve(COMMANDS).toFile(), commands);
            ProcessBuilder builder = new ProcessBuilder(
                    Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                    "-XX:+UseSerialGC",
                    "-XX:TieredStopAtLevel=1",
                    "--enable-native-access=ALL-UNNAMED",
                    "-cp",
                    System.getProperty("java.class.path"),
                    WalletsProcess.class.getName(),
                    run.toString());
            builder.environment().put("PATH", programs + ":" + System.getenv("PATH"));
            builder.environment().put("JIAOZI_PIN", Town.PIN);
            builder.environment().put("JIAOZI_NEW_PIN", Town.NEW_PIN);
            builder.environment().put("JIAOZI_ARGON2", "cheap");
            builder.environment().put("JIAOZI_CRASH_AT", step);
            Process process =
                    builder.redirectError(ProcessBuilder.Redirect.INHERIT).start();
            try {
                String line = process.inputReader(StandardCharsets.UTF_8).readLine();
                if (!"still".equals(line)) {
                    throw new AssertionError("the wallets' process says " + line);
                }
            } finally {
                process.destroyForcibly().waitFor();
            }
            return Stream.iterate(0, i -> i + 1)
                    .limit(commands.size())
                    .map(i -> said(run.resolve("said-" + i)))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }

    private static Optional<Town.Said> said(Path file) {
        try {
            return Files.exists(file) ? Optional.of(JSON.readValue(file.toFile(), Town.Said.class)) : Optional.empty();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
