package org.jiaozi.lab.bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import org.jiaozi.cli.CommandFailure;
import org.jiaozi.cli.Launch;
import org.jiaozi.lab.bench.DepositorCommand.Said;
import org.jspecify.annotations.Nullable;

/** The client in its process, and what it said in all its lives. */
final class Depositor implements AutoCloseable {
    private final List<String> usual;
    private final Path errors;
    private final Map<String, Long> refused = new TreeMap<>();
    private long acknowledged;
    private long again;
    private long refusals;
    private long unanswered;
    private Optional<String> wrong = Optional.empty();
    private List<String> line = List.of();
    private @Nullable Process process;
    private Thread listener = Thread.currentThread();

    /**
     * @param arguments of {@code bench depositor} but for which deposits
     * @param errors a file for what it says when it fails
     */
    Depositor(List<String> arguments, Path errors) {
        usual = List.copyOf(arguments);
        this.errors = errors;
    }

    /** Begins with these deposits. */
    void begin(int from, int to) {
        line = new ArrayList<>(List.of("bench", "depositor"));
        line.addAll(usual);
        line.addAll(List.of("--from=" + from, "--to=" + to));
        start();
    }

    /** Begins once more with the same. */
    void start() {
        try {
            List<String> command = new ArrayList<>(Launch.command(line));
            // it does not live long enough for more
            command.add(1, "-XX:TieredStopAtLevel=1");
            Process started = new ProcessBuilder(command)
                    .redirectError(ProcessBuilder.Redirect.appendTo(errors.toFile()))
                    .start();
            process = started;
            listener = Thread.ofPlatform().daemon().start(() -> listen(started));
        } catch (IOException e) {
            throw new CommandFailure("the client cannot be started: " + e.getMessage(), e);
        }
    }

    private void listen(Process to) {
        try (BufferedReader said = to.inputReader(StandardCharsets.UTF_8)) {
            for (String each = said.readLine(); each != null; each = said.readLine()) {
                heard(each);
            }
        } catch (IOException e) {
            // killed
        }
        to.onExit().join();
        wake();
    }

    private synchronized void wake() {
        notifyAll();
    }

    private synchronized void heard(String line) {
        String[] words = line.split(" ", 2);
        for (Said said : Said.values()) {
            // a kill may leave part of a line
            if (words.length == 2 && words[0].equals(said.name())) {
                switch (said) {
                    case ACKNOWLEDGED -> acknowledged++;
                    case AGAIN -> again++;
                    case REFUSED -> {
                        refusals++;
                        refused.merge(words[1], 1L, Long::sum);
                    }
                    case UNANSWERED -> unanswered++;
                    case WRONG -> wrong = Optional.of(words[1]);
                }
            }
        }
        notifyAll();
    }

    private Process process() {
        Process now = process;
        if (now == null) {
            throw new IllegalStateException("not begun");
        }
        return now;
    }

    /** SIGKILL; if it was through already there is nobody to be killed. */
    boolean kill() {
        boolean lives = process().isAlive();
        process().destroyForcibly().onExit().join();
        return lives;
    }

    boolean hasEnded() {
        return !process().isAlive();
    }

    CompletableFuture<?> end() {
        return process().onExit();
    }

    /** Waits until so many more are acknowledged, or it is through. */
    void awaitAcknowledged(long more, Duration most) {
        await(acknowledged() + more, /* refusals= */ false, most);
    }

    /** Waits until so many more were refused for now, or it is through. */
    void awaitRefused(long more, Duration most) {
        await(refusals() + more, /* refusals= */ true, most);
    }

    private synchronized void await(long until, boolean refusals, Duration most) {
        long begin = System.nanoTime();
        try {
            while ((refusals ? this.refusals : acknowledged) < until && !hasEnded()) {
                long left = most.toNanos() - (System.nanoTime() - begin);
                if (left <= 0) {
                    return;
                }
                wait(left / 1_000_000 + 1);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CommandFailure("interrupted", e);
        }
    }

    /** Says what was wrong, in one that has ended and was not killed. */
    void check() throws InterruptedException {
        listener.join();
        int status = process().exitValue();
        synchronized (this) {
            if (wrong.isPresent() || status != 0) {
                throw new CommandFailure("the client: " + wrong.orElse("it ends, see " + errors));
            }
        }
    }

    synchronized long acknowledged() {
        return acknowledged;
    }

    /** Deposits that were asked about once more and answered the same. */
    synchronized long again() {
        return again;
    }

    synchronized long refusals() {
        return refusals;
    }

    /** How often by what. */
    synchronized Map<String, Long> refused() {
        return new TreeMap<>(refused);
    }

    synchronized long unanswered() {
        return unanswered;
    }

    @Override
    public void close() {
        if (process != null) {
            process().destroyForcibly().onExit().join();
        }
    }
}
