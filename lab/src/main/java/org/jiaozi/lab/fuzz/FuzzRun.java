package org.jiaozi.lab.fuzz;

import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jiaozi.lab.fuzz.Target.Family;

/**
 * Runs Jazzer over targets, some at a time. Under the folder it is given lie {@code corpus/TARGET}, which starts as what
 * is committed and grows, {@code findings/TARGET} and {@code logs}.
 */
public final class FuzzRun {
    /** What Jazzer may take beyond its time: to start, to run the corpus first, to end. */
    private static final long GRACE_SECONDS = 180;

    private final Path folder;
    private final long seconds;
    private final Consumer<String> progress;

    /**
     * @param folder where everything lies
     * @param seconds how long each run of Jazzer takes
     * @param progress told how far a run is
     */
    public FuzzRun(Path folder, long seconds, Consumer<String> progress) {
        this.folder = folder.toAbsolutePath();
        this.seconds = seconds;
        this.progress = progress;
    }

    /** Each of these by itself. */
    public List<Outcome> each(List<Target> targets, int atOnce) {
        return all(targets.stream().map(t -> new Unit(t.name(), List.of(t))).toList(), atOnce);
    }

    /** Every family in one run, in which the first byte of an input says whose it is. */
    public List<Outcome> families(int atOnce) {
        return all(
                Arrays.stream(Family.values())
                        .map(f -> new Unit(f.name().toLowerCase(Locale.ROOT), Targets.of(f)))
                        .toList(),
                atOnce);
    }

    private record Unit(String name, List<Target> targets) {}

    private List<Outcome> all(List<Unit> units, int atOnce) {
        List<Outcome> outcomes = new ArrayList<>();
        try (ExecutorService pool = Executors.newFixedThreadPool(atOnce)) {
            List<Future<Outcome>> running =
                    units.stream().map(u -> pool.submit(() -> run(u))).toList();
            for (Future<Outcome> each : running) {
                outcomes.add(each.get());
            }
        } catch (ExecutionException e) {
            throw new IllegalStateException("a run could not be prepared", e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while fuzzing", e);
        }
        return outcomes;
    }

    private Outcome run(Unit unit) throws IOException, InterruptedException {
        boolean one = unit.targets().size() == 1;
        Path corpus =
                one ? corpus(unit.targets().getFirst()) : folder.resolve("runs").resolve(unit.name());
        Path artifacts = Files.createDirectories(folder.resolve("logs").resolve(unit.name()));
        Files.createDirectories(corpus);
        for (int i = 0; i < unit.targets().size(); i++) {
            seed(unit.targets().get(i), one ? Optional.empty() : Optional.of((byte) i), corpus);
        }
        List<Path> before = artifacts(artifacts);
        JazzerLog log = new JazzerLog();
        Process process = new ProcessBuilder(Jazzer.command(unit.targets(), seconds, corpus, artifacts))
                .redirectErrorStream(true)
                .start();
        process.getOutputStream().close();
        Thread watch = Thread.ofVirtual().start(() -> follow(process, unit, log, artifacts));
        boolean ended = process.waitFor(seconds + GRACE_SECONDS, TimeUnit.SECONDS);
        if (!ended) {
            process.destroyForcibly();
        }
        watch.join();
        if (!one) {
            Corpus.in(corpus).forEach(input -> keep(unit, input));
        }
        List<Outcome.Found> found = artifacts(artifacts).stream()
                .filter(file -> !before.contains(file))
                .map(file -> found(unit, file, log))
                .toList();
        return new Outcome(
                unit.name(),
                log.executions(),
                log.seconds() == 0 ? seconds : log.seconds(),
                log.edges(),
                log.features(),
                log.fresh(),
                found,
                failure(ended, ended ? process.exitValue() : 0, found, log, artifacts));
    }

    static Optional<String> failure(boolean ended, int exit, List<Outcome.Found> found, JazzerLog log, Path logs) {
        if (!ended) {
            return Optional.of("Jazzer did not end and was killed; see " + logs);
        }
        if (exit != 0 && found.isEmpty()) {
            return Optional.of("Jazzer ended with " + exit + " (" + log.last() + "); see " + logs);
        }
        return exit == 0 && (log.executions() == 0 || log.edges() == 0)
                ? Optional.of("Jazzer tried nothing, or nothing was instrumented; see " + logs)
                : Optional.empty();
    }

    /** Puts what is committed, and what earlier runs found, where the run reads it. */
    private void seed(Target target, Optional<Byte> selector, Path corpus) {
        List<byte[]> inputs = new ArrayList<>(Corpus.committed(target.name()));
        if (selector.isPresent()) {
            inputs.addAll(Corpus.in(corpus(target)));
        }
        inputs.forEach(input ->
                Corpus.put(corpus, selector.map(b -> prefixed(b, input)).orElse(input)));
    }

    private static byte[] prefixed(byte selector, byte[] input) {
        byte[] whole = new byte[input.length + 1];
        whole[0] = selector;
        System.arraycopy(input, 0, whole, 1, input.length);
        return whole;
    }

    private void keep(Unit unit, byte[] input) {
        if (input.length > 0) {
            Corpus.put(corpus(Entry.chosen(unit.targets(), input)), Arrays.copyOfRange(input, 1, input.length));
        }
    }

    private Path corpus(Target target) {
        return folder.resolve("corpus").resolve(target.name());
    }

    private Outcome.Found found(Unit unit, Path artifact, JazzerLog log) {
        byte[] input = Corpus.read(artifact);
        boolean one = unit.targets().size() == 1;
        Target target = one || input.length == 0 ? unit.targets().getFirst() : Entry.chosen(unit.targets(), input);
        byte[] own = one || input.length == 0 ? input : Arrays.copyOfRange(input, 1, input.length);
        Path kept = Corpus.put(folder.resolve("findings").resolve(target.name()), own);
        return new Outcome.Found(target.name(), kept, log.what().isEmpty() ? log.last() : log.what());
    }

    /** What Jazzer leaves for a fault; a slow unit is none. */
    private static List<Path> artifacts(Path folder) throws IOException {
        try (var files = Files.list(folder)) {
            return files.filter(f -> f.getFileName().toString().matches("(crash|timeout|oom|leak)-.*"))
                    .sorted()
                    .toList();
        }
    }

    private void follow(Process process, Unit unit, JazzerLog log, Path logs) {
        try (BufferedReader lines = process.inputReader(StandardCharsets.UTF_8);
                BufferedWriter copy = Files.newBufferedWriter(logs.resolve("jazzer.log"))) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                log.line(line);
                copy.write(line);
                copy.newLine();
                if (line.startsWith("#")) {
                    progress.accept(unit.name() + ": " + log.executions() + " inputs, " + log.edges() + " edges, "
                            + log.fresh() + " new inputs");
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
