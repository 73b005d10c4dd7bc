package org.jiaozi.server.postgres;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.jiaozi.server.StartFailure;

/** Finds and stops the PostgreSQL that a killed run left behind in a cluster folder. */
final class Orphan {
    /** A fast shutdown ends with a checkpoint; on a slow disk that takes a while. */
    private static final long STOP_SECONDS = 60;

    private Orphan() {}

    /**
     * Stops the server that still runs in the cluster, if one does, and says so in one line. A process id in
     * {@code postmaster.pid} may since belong to another program, so only a process whose command line names this very
     * cluster is touched.
     */
    static void stopIn(Path cluster, Consumer<String> report) throws IOException, InterruptedException {
        Optional<ProcessHandle> found = find(cluster);
        if (found.isEmpty()) {
            return;
        }
        ProcessHandle orphan = found.get();
        report.accept("Stopping PostgreSQL (process " + orphan.pid() + ") that an earlier run left behind.");
        stop(orphan);
    }

    static Optional<ProcessHandle> find(Path cluster) throws IOException {
        long pid;
        try {
            List<String> lines = Files.readAllLines(cluster.resolve("postmaster.pid"));
            pid = Long.parseLong(lines.getFirst().strip());
        } catch (NoSuchFileException | NumberFormatException e) {
            return Optional.empty();
        }
        return ProcessHandle.of(pid).filter(process -> serves(process, cluster));
    }

    private static boolean serves(ProcessHandle process, Path cluster) {
        String line = process.info().commandLine().orElse("");
        return line.contains("postgres") && line.contains(cluster.toString());
    }

    /**
     * Ends a PostgreSQL server: a fast shutdown (rolls back what is open, writes a checkpoint), and where that does not
     * end in time an immediate one, which loses nothing either, since the next start recovers from the log.
     */
    static void stop(ProcessHandle server) throws IOException, InterruptedException {
        signal(server, "INT");
        if (!ends(server, STOP_SECONDS)) {
            signal(server, "QUIT");
            if (!ends(server, STOP_SECONDS)) {
                throw new StartFailure("PostgreSQL (process " + server.pid() + ") does not stop; end it by hand.");
            }
        }
    }

    private static boolean ends(ProcessHandle server, long seconds) throws InterruptedException {
        try {
            server.onExit().get(seconds, TimeUnit.SECONDS);
            return true;
        } catch (TimeoutException e) {
            return false;
        } catch (ExecutionException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The JDK sends TERM and KILL only, which to PostgreSQL mean "wait for every client" and "do not clean up". */
    private static void signal(ProcessHandle server, String name) throws IOException, InterruptedException {
        new ProcessBuilder("/bin/sh", "-c", "kill -" + name + " " + server.pid())
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start()
                .waitFor();
    }
}
