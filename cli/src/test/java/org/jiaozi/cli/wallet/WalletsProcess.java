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
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jiaozi.cli.Main;
import org.jiaozi.server.durable.DurableSteps;

/**
 * Several wallet commands in one process, which a test kills once every one of them has ended or stands at the moment it is
 * to die at: a process for each would cost a start for each.
 */
final class WalletsProcess {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String COMMANDS = "commands.json";
    /** A name that is looked for and never there, so that a trace shows who begins a durable step. */
    static final String SIGN = "/no-such-folder/step-of-";

    private static final ThreadLocal<One> CURRENT = new ThreadLocal<>();

    private WalletsProcess() {}

    /**
     * A command and its end.
     *
     * @param line as typed
     * @param at at which of the moments that it comes to it is killed, from 1
     */
    record Doomed(List<String> line, int at) {}

    /**
     * What became of it.
     *
     * @param killed whether it came to where it was to die
     * @param said what it said: of one that was killed only if it had said all
     */
    record Fate(boolean killed, Optional<Town.Said> said) {}

    /** One command as it runs. */
    private static final class One {
        private final Path said;
        private final Doomed doomed;
        private final int number;
        private final CountDownLatch moved;
        private final StringWriter out = new StringWriter();
        private final StringWriter err = new StringWriter();
        private int passed;

        One(Doomed doomed, int number, Path said, CountDownLatch moved) {
            this.doomed = doomed;
            this.number = number;
            this.said = said;
            this.moved = moved;
        }

        void run() {
            CURRENT.set(this);
            keep(
                    false,
                    Main.run(
                            new PrintWriter(out, true),
                            new PrintWriter(err, true),
                            doomed.line().toArray(String[]::new)));
            moved.countDown();
        }

        void reached(DurableSteps.Moment moment) {
            passed++;
            if (moment.side() == DurableSteps.Side.BEFORE && Files.exists(Path.of(SIGN + number))) {
                throw new IllegalStateException("there is " + SIGN);
            }
            if (passed == doomed.at()) {
                keep(true, 0);
                moved.countDown();
                stand();
            }
        }

        private static void stand() {
            while (true) {
                java.util.concurrent.locks.LockSupport.park();
            }
        }

        private void keep(boolean killed, int code) {
            boolean all = out.toString().contains("\"ok\" : true");
            try {
                JSON.writeValue(
                        said.toFile(),
                        List.of(
                                Boolean.toString(killed),
                                Boolean.toString(!killed || all),
                                Integer.toString(code),
                                out.toString(),
                                err.toString()));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    /** Argument: the folder of this run. Prints a line when nothing moves any more. */
    public static void main(String[] args) throws IOException, InterruptedException {
        Path run = Path.of(args[0]);
        List<Doomed> commands = JSON.readValue(run.resolve(COMMANDS).toFile(), new TypeReference<List<Doomed>>() {});
        // a bug in a command must not look like one that stands
        Thread.setDefaultUncaughtExceptionHandler((thread, thrown) -> {
            thrown.printStackTrace();
            Runtime.getRuntime().halt(1);
        });
        DurableSteps.watch(moment -> CURRENT.get().reached(moment));
        for (int i = 0; i < commands.size(); i++) {
            // one after the other: all at once would wait for each other until they give up
            CountDownLatch moved = new CountDownLatch(1);
            One one = new One(commands.get(i), i, run.resolve("said-" + i), moved);
            Thread.ofPlatform().start(one::run);
            moved.await();
        }
        System.out.println("still");
        new CountDownLatch(1).await();
    }

    /** Runs the commands until each has ended or stands where it is to die, and kills them all. */
    static List<Fate> kill(Path run, List<Doomed> commands) {
        return kill(run, commands, List.of());
    }

    /** The same under a program that looks on. */
    static List<Fate> kill(Path run, List<Doomed> commands, List<String> under) {
        try {
            Files.createDirectories(run);
            JSON.writeValue(run.resolve(COMMANDS).toFile(), commands);
            List<String> line = new ArrayList<>(under);
            line.addAll(List.of(
                    Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                    "-XX:+UseSerialGC",
                    "-XX:TieredStopAtLevel=1",
                    "--enable-native-access=ALL-UNNAMED",
                    "-cp",
                    System.getProperty("java.class.path"),
                    WalletsProcess.class.getName(),
                    run.toString()));
            ProcessBuilder builder = new ProcessBuilder(line);
            builder.environment().put("JIAOZI_PIN", Town.PIN);
            builder.environment().put("JIAOZI_NEW_PIN", Town.NEW_PIN);
            builder.environment().put("JIAOZI_ARGON2", "cheap");
            Process process =
                    builder.redirectError(ProcessBuilder.Redirect.INHERIT).start();
            try {
                String said = process.inputReader(StandardCharsets.UTF_8).readLine();
                if (!"still".equals(said)) {
                    throw new AssertionError("the wallets' process says " + said);
                }
            } finally {
                // who looks on goes with whom it looks at
                List<ProcessHandle> inside = process.descendants().toList();
                if (under.isEmpty()) {
                    process.destroyForcibly();
                } else {
                    inside.forEach(ProcessHandle::destroyForcibly);
                }
                process.waitFor();
            }
            return IntStream.range(0, commands.size())
                    .mapToObj(i -> fate(run.resolve("said-" + i)))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }

    private static Fate fate(Path file) {
        try {
            List<String> kept = JSON.readValue(file.toFile(), new TypeReference<List<String>>() {});
            return new Fate(
                    Boolean.parseBoolean(kept.get(0)),
                    Stream.of(kept.get(1))
                            .filter(Boolean::parseBoolean)
                            .map(all -> new Town.Said(Integer.parseInt(kept.get(2)), kept.get(3), kept.get(4)))
                            .findFirst());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
