package org.jiaozi.lab.bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jiaozi.cli.CommandFailure;

/** strace at processes, which has each call that makes something durable take longer until it lets go of them. */
final class SlowDisk implements AutoCloseable {
    private static final String CALLS = "fsync,fdatasync,sync_file_range";

    private final Process tracer;

    private SlowDisk(Process tracer) {
        this.tracer = tracer;
    }

    /** Whether a process here may be traced by one that did not start it. */
    static boolean isPossible() throws InterruptedException {
        Process anything;
        try {
            anything = new ProcessBuilder("sleep", "60").start();
        } catch (IOException e) {
            return false;
        }
        try {
            Optional<SlowDisk> slow = attach(List.of(anything.toHandle()), Duration.ofMillis(1));
            slow.ifPresent(SlowDisk::close);
            return slow.isPresent();
        } finally {
            anything.destroyForcibly().waitFor();
        }
    }

    /** Slows these down, and whatever they start; none where that is not permitted. */
    static Optional<SlowDisk> attach(List<ProcessHandle> all, Duration delay) {
        List<String> line = new ArrayList<>(List.of(
                "strace",
                "-f",
                "-e",
                "signal=none",
                "-e",
                "trace=" + CALLS,
                "-e",
                "inject=" + CALLS + ":delay_exit=" + delay.toNanos() / 1_000,
                "-o",
                "/dev/null"));
        all.forEach(p -> line.addAll(List.of("-p", Long.toString(p.pid()))));
        try {
            Process tracer = new ProcessBuilder(line).redirectErrorStream(true).start();
            BufferedReader said = tracer.inputReader();
            // a line for each process, whether it is attached to or has gone meanwhile
            for (int i = 0; i < all.size(); i++) {
                if (said.readLine() == null) {
                    return Optional.empty();
                }
            }
            Thread.ofPlatform().daemon().start(() -> drain(said));
            return tracer.isAlive() ? Optional.of(new SlowDisk(tracer)) : Optional.empty();
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    /** So that it never waits for a reader. */
    private static void drain(BufferedReader said) {
        try {
            while (said.readLine() != null) {
                // nobody asks what it says
            }
        } catch (IOException e) {
            // it has ended
        }
    }

    @Override
    public void close() {
        tracer.destroy();
        try {
            tracer.waitFor();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CommandFailure("interrupted while strace lets go", e);
        }
    }
}
