package org.jiaozi.lab.world;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jiaozi.cli.ExitCode;
import org.jiaozi.cli.output.JsonOption;
import org.jiaozi.cli.output.Printer;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code jiaozi lab world}: lives seeded worlds, and says which of them broke a promise. */
@Command(
        name = "world",
        description = "Lives seeded random worlds and judges every step; a failure prints its seed and its story.",
        mixinStandardHelpOptions = true)
public final class WorldCommand implements Callable<Integer> {
    private static final long MINIMISING_SECONDS = 120;
    private static final int HUNTED_STEPS = 1_500;

    private final LongSupplier nanos;

    @Spec
    private CommandSpec spec;

    @Option(
            names = "--seed",
            paramLabel = "NUMBER",
            defaultValue = "1",
            description = "The first world's seed (${DEFAULT-VALUE}).")
    private long seed;

    @Option(
            names = "--worlds",
            paramLabel = "NUMBER",
            defaultValue = "1",
            description = "How many, with rising seeds (${DEFAULT-VALUE}).")
    private int worlds;

    @Option(
            names = "--hours",
            paramLabel = "HOURS",
            description = "Hunt for so long instead, such as 0.5, and stop at the first that breaks.")
    private double hours;

    @Option(names = "--steps", paramLabel = "NUMBER", description = "How long each is (" + HUNTED_STEPS + ").")
    private int steps = HUNTED_STEPS;

    @Option(names = "--purses", paramLabel = "NUMBER", description = "How many purses; the seed says if left out.")
    private int purses;

    @Option(
            names = "--profile",
            paramLabel = "NAME",
            completionCandidates = Policies.class,
            description = "One of ${COMPLETION-CANDIDATES}; the seed says if left out.")
    private String profile;

    @Option(
            names = "--only",
            paramLabel = "STEPS",
            description = "Leave out all steps but these, such as 3,17,20-24 or none, as a failure prints them.")
    private String only;

    @Option(names = "--real-crypto", description = "Sign with ES256 and seal with HPKE; slower.")
    private boolean realCrypto;

    @Option(names = "--story", description = "Tell what happens, step by step.")
    private boolean story;

    @Mixin
    private JsonOption output;

    /** The command by the clock. */
    public WorldCommand() {
        this(System::nanoTime);
    }

    /**
     * The command by a clock that it is given, so that how far it gets does not depend on how fast it is.
     *
     * @param nanos the time, in nanoseconds since whenever
     */
    public WorldCommand(LongSupplier nanos) {
        this.nanos = nanos;
    }

    @Override
    public Integer call() {
        check();
        Printer printer = output.printer();
        List<Map<String, Object>> reports = new ArrayList<>();
        long end = nanos.getAsLong() + (long) (hours * TimeUnit.HOURS.toNanos(1));
        long operations = 0;
        long spent = 0;
        long busy = 0;
        ThreadMXBean threads = ManagementFactory.getThreadMXBean();
        int unsound = 0;
        int lived = 0;
        for (int i = 0; hours > 0 ? nanos.getAsLong() < end && unsound == 0 : i < worlds; i++) {
            WorldOptions options = options(seed + i);
            long began = nanos.getAsLong();
            long used = threads.getCurrentThreadCpuTime();
            WorldReport report = new World(options, story).run();
            long took = nanos.getAsLong() - began;
            operations += report.operations();
            spent += took;
            busy += threads.getCurrentThreadCpuTime() - used;
            Map<String, Object> figures = report.figures();
            figures.put("operationsPerSecond", perSecond(report.operations(), took));
            figures.put("breaches", report.breaches());
            if (hours <= 0 || !report.sound()) {
                reports.add(figures);
                printer.human((report.sound() ? "sound  " : "BROKEN ") + line(figures));
            } else if (i % 20 == 19) {
                printer.human("seed " + options.seed() + ": " + (i + 1) + " worlds sound, " + operations
                        + " purse operations, " + perSecond(operations, spent) + " a second");
            }
            report.story().lines().forEach(printer::human);
            if (!report.sound()) {
                unsound++;
                explain(printer, figures, report);
            }
            lived++;
        }
        Map<String, Object> answer = new LinkedHashMap<>();
        answer.put("ok", unsound == 0);
        answer.put("lived", lived);
        answer.put("purseOperations", operations);
        answer.put("operationsPerSecond", perSecond(operations, spent));
        answer.put("operationsPerCpuSecond", perSecond(operations, busy));
        answer.put("worlds", reports);
        printer.human(operations + " purse operations, " + perSecond(operations, spent) + " a second on one core, "
                + perSecond(operations, busy) + " a second of its time");
        printer.json(answer);
        return unsound == 0 ? ExitCode.OK : ExitCode.FAILED;
    }

    private void check() {
        if (steps < 1 || worlds < 1 || purses < 0 || hours < 0 || !Double.isFinite(hours)) {
            throw new ParameterException(spec.commandLine(), "steps, worlds, purses and hours are above zero");
        }
        if (hours > 0 && spec.commandLine().getParseResult().hasMatchedOption("--worlds")) {
            throw new ParameterException(
                    spec.commandLine(), "--worlds says how many and --hours how long: give one of them");
        }
        if (profile != null && !World.PROFILES.contains(profile)) {
            throw new ParameterException(
                    spec.commandLine(), "no world lives under " + profile + ": one of " + World.PROFILES);
        }
    }

    private WorldOptions options(long which) {
        try {
            Set<Integer> leftOut = only == null ? Set.of() : Steps.allBut(only, steps);
            return new WorldOptions(which, steps, purses, Optional.ofNullable(profile), realCrypto, leftOut);
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), String.valueOf(e.getMessage()), e);
        }
    }

    /** The shortest story that breaks in the same way, and how to live it again. */
    private void explain(Printer printer, Map<String, Object> figures, WorldReport report) {
        report.breaches().forEach(breach -> printer.human("  " + breach));
        printer.human("looking for the shortest story, for " + MINIMISING_SECONDS + " seconds at most");
        long end = nanos.getAsLong() + TimeUnit.SECONDS.toNanos(MINIMISING_SECONDS);
        WorldOptions shortest = new Minimiser(() -> nanos.getAsLong() < end).minimise(report);
        WorldReport told = new World(shortest, true).run();
        told.story().lines().forEach(line -> printer.human("  " + line));
        told.breaches().forEach(breach -> printer.human("  " + breach));
        String again = "jiaozi lab world --seed " + shortest.seed() + " --steps " + shortest.steps()
                + (purses > 0 ? " --purses " + purses : "")
                + (profile == null ? "" : " --profile " + profile)
                + (realCrypto ? " --real-crypto" : "")
                + (shortest.leftOut().isEmpty() ? "" : " --only " + Steps.text(Minimiser.steps(shortest)))
                + " --story";
        printer.human("again: " + again);
        printer.human("found by version " + Commit.name());
        figures.put("again", again);
        figures.put("foundBy", Commit.name());
        figures.put("story", told.story().lines());
        figures.put("storyBreaches", told.breaches());
    }

    private static long perSecond(long operations, long nanos) {
        return nanos == 0 ? 0 : Math.round(operations * 1e9 / nanos);
    }

    private static String line(Map<String, Object> figures) {
        return String.join(
                ", ",
                figures.entrySet().stream()
                        .map(e -> e.getKey() + " "
                                + (e.getValue() instanceof List<?> l && l.isEmpty() ? "none" : e.getValue()))
                        .toList());
    }
}
