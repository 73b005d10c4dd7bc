package org.jiaozi.cli.up;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jiaozi.cli.CommandFailure;
import org.jiaozi.cli.Launch;

/**
 * One role as a process, with its id and start time on file, so that whoever finds the file later can tell the process
 * from another that was given the same id since.
 */
final class ChildProcess implements Role {
    private static final long STOP_SECONDS = 15;
    private static final List<String> SMALL = List.of("-Xmx256m", "-XX:TieredStopAtLevel=1");

    private final String name;
    private final Process process;
    private final Path pidFile;

    private ChildProcess(String name, Process process, Path pidFile) {
        this.name = name;
        this.process = process;
        this.pidFile = pidFile;
    }

    /** Starts {@code jiaozi ARGS…} with its output in a log; secrets travel in the environment. */
    static ChildProcess start(DataFolder data, String name, List<String> arguments, Map<String, String> environment) {
        List<String> command = new java.util.ArrayList<>(Launch.command(arguments));
        command.addAll(1, SMALL);
        File log = data.logs().resolve(name + ".log").toFile();
        ProcessBuilder builder = new ProcessBuilder(command)
                .redirectInput(ProcessBuilder.Redirect.from(new File("/dev/null")))
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log));
        builder.environment().putAll(environment);
        try {
            Process process = builder.start();
            Path pidFile = data.run().resolve(name + ".pid");
            DataFolder.write(pidFile, describe(process.toHandle()));
            return new ChildProcess(name, process, pidFile);
        } catch (IOException e) {
            throw new CommandFailure("cannot start " + name + ": " + e.getMessage(), e);
        }
    }

    static String describe(ProcessHandle process) {
        return process.pid() + " "
                + process.info().startInstant().map(Instant::toEpochMilli).orElse(0L) + "\n";
    }

    /** The process a file names, if it still is that process. */
    static Optional<ProcessHandle> find(Path pidFile) {
        try {
            String[] parts =
                    Files.readString(pidFile, StandardCharsets.US_ASCII).strip().split(" ", 2);
            long pid = Long.parseLong(parts[0]);
            long started = Long.parseLong(parts[1]);
            return ProcessHandle.of(pid)
                    .filter(p ->
                            p.info().startInstant().map(Instant::toEpochMilli).orElse(-1L) == started);
        } catch (NoSuchFileException e) {
            return Optional.empty();
        } catch (IOException | NumberFormatException | ArrayIndexOutOfBoundsException e) {
            // cut off by a crash: it names nobody
            return Optional.empty();
        }
    }

    /** Ends the roles that a killed run left behind. */
    static void stopOrphans(DataFolder data, Consumer<String> report) {
        try (Stream<Path> files = Files.list(data.run())) {
            for (Path file : files.filter(f -> f.toString().endsWith(".pid")).toList()) {
                Optional<ProcessHandle> orphan = find(file);
                if (orphan.isPresent()) {
                    report.accept("Stopping " + file.getFileName().toString().replace(".pid", "") + " (process "
                            + orphan.get().pid() + ") that an earlier run left behind.");
                    stop(orphan.get());
                }
                Files.deleteIfExists(file);
            }
        } catch (IOException e) {
            throw new CommandFailure("cannot read " + data.run() + ": " + e.getMessage(), e);
        }
    }

    static void stop(ProcessHandle process) {
        process.destroy();
        if (!ends(process, STOP_SECONDS)) {
            process.destroyForcibly();
            if (!ends(process, STOP_SECONDS)) {
                throw new CommandFailure("process " + process.pid() + " does not end");
            }
        }
    }

    /** For a supervisor, which itself waits for what it ends. */
    static void stopPatiently(ProcessHandle supervisor) {
        supervisor.destroy();
        if (!ends(supervisor, 8 * STOP_SECONDS)) {
            throw new CommandFailure("process " + supervisor.pid() + " does not end");
        }
    }

    private static boolean ends(ProcessHandle process, long seconds) {
        try {
            process.onExit().get(seconds, TimeUnit.SECONDS);
            return true;
        } catch (TimeoutException e) {
            return false;
        } catch (ExecutionException e) {
            throw new IllegalStateException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return !process.isAlive();
        }
    }

    ProcessHandle handle() {
        return process.toHandle();
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public long pid() {
        return process.pid();
    }

    @Override
    public boolean alive() {
        return process.isAlive();
    }

    @Override
    public CompletableFuture<?> end() {
        return process.onExit();
    }

    @Override
    public void tell() {
        process.destroy();
    }

    @Override
    public void stop() {
        stop(process.toHandle());
        try {
            Files.deleteIfExists(pidFile);
        } catch (IOException e) {
            // the next start finds that the file names nobody
        }
    }
}
