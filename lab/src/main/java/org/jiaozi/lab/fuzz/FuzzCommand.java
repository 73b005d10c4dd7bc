package org.jiaozi.lab.fuzz;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jiaozi.cli.CommandFailure;
import org.jiaozi.cli.ExitCode;
import org.jiaozi.cli.output.JsonOption;
import org.jiaozi.cli.output.Printer;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code jiaozi lab fuzz}: lets Jazzer loose on every reader of outside bytes. */
@Command(
        name = "fuzz",
        description = "Fuzzes every reader of outside bytes, guided by coverage.",
        mixinStandardHelpOptions = true)
public final class FuzzCommand implements Callable<Integer> {
    private static final long SECONDS_EACH = 60;
    private static final long SECONDS_AN_HOUR = 3_600;

    @Option(names = "--hours", paramLabel = "HOURS", description = "How long in all, shared among the targets.")
    private Optional<Double> hours = Optional.empty();

    @Option(
            names = "--seconds",
            paramLabel = "SECONDS",
            description = "How long in all, shared among the targets; a minute for each if neither is given.")
    private Optional<Long> seconds = Optional.empty();

    @Option(names = "--target", paramLabel = "NAME", description = "Only this one; may be given several times.")
    private List<String> names = List.of();

    @Option(
            names = "--corpus",
            paramLabel = "DIR",
            defaultValue = "jiaozi-fuzz",
            description = "Where corpora are read from and grow, with findings and logs, default ${DEFAULT-VALUE}.")
    private Path folder = Path.of("");

    @Option(
            names = "--at-once",
            paramLabel = "NUMBER",
            description = "How many targets run at a time; as many as there are processors if not given.")
    private Optional<Integer> atOnce = Optional.empty();

    @Option(names = "--replay", paramLabel = "FILE", description = "Run one target on this input only, without Jazzer.")
    private Optional<Path> replay = Optional.empty();

    @Option(names = "--list", description = "Say which targets there are.")
    private boolean list;

    @Mixin
    private JsonOption output;

    @Override
    public Integer call() {
        Printer printer = output.printer();
        List<Target> targets = chosen();
        if (list) {
            return list(printer, targets);
        }
        if (replay.isPresent()) {
            if (names.size() != 1) {
                throw CommandFailure.usage("--replay needs one --target");
            }
            return replay(printer, targets.getFirst(), replay.get());
        }
        Jazzer.obstacle().ifPresent(why -> {
            throw new CommandFailure(why);
        });
        int jobs = Math.clamp(atOnce.orElse(Runtime.getRuntime().availableProcessors()), 1, targets.size());
        long each = secondsEach(targets.size(), jobs);
        printer.human("Fuzzing " + targets.size() + " targets, " + each + " s each, " + jobs
                + " at a time; all is kept in " + folder.toAbsolutePath());
        List<Outcome> outcomes = new FuzzRun(folder, each, printer::progress).each(targets, jobs);
        return tell(printer, outcomes);
    }

    private List<Target> chosen() {
        try {
            return names.isEmpty()
                    ? Targets.all()
                    : names.stream().map(Targets::named).toList();
        } catch (IllegalArgumentException e) {
            throw CommandFailure.usage(String.valueOf(e.getMessage()));
        }
    }

    private long secondsEach(int targets, int jobs) {
        if (hours.isPresent() && seconds.isPresent()) {
            throw CommandFailure.usage("say --hours or --seconds, not both");
        }
        if (hours.isEmpty() && seconds.isEmpty()) {
            return SECONDS_EACH;
        }
        double all = hours.map(h -> h * SECONDS_AN_HOUR)
                .orElseGet(() -> seconds.orElse(SECONDS_EACH).doubleValue());
        if (!(all > 0)) {
            throw CommandFailure.usage("the time is more than nothing");
        }
        return Math.max(1, Math.round(all * jobs / targets));
    }

    private static int list(Printer printer, List<Target> targets) {
        Map<String, Object> answer = new LinkedHashMap<>();
        answer.put("ok", true);
        answer.put("targets", targets.stream().map(Target::name).toList());
        targets.forEach(t -> printer.human(t.name()));
        printer.json(answer);
        return ExitCode.OK;
    }

    private static int replay(Printer printer, Target target, Path file) {
        if (!java.nio.file.Files.isRegularFile(file)) {
            throw new CommandFailure("there is no file " + file);
        }
        Map<String, Object> answer = new LinkedHashMap<>();
        answer.put("ok", true);
        answer.put("target", target.name());
        try {
            boolean read = target.run(Corpus.read(file));
            answer.put("read", read);
            printer.human(
                    target.name() + (read ? " reads it, and writes it again as it should" : " refuses it in order"));
        } catch (Finding found) {
            answer.put("ok", false);
            answer.put("finding", String.valueOf(found.getMessage()));
            printer.human("FINDING " + found.getMessage());
            for (Throwable cause = found.getCause(); cause != null; cause = cause.getCause()) {
                printer.human("  " + cause);
                for (StackTraceElement at : cause.getStackTrace()) {
                    if (at.getClassName().startsWith("org.jiaozi.")) {
                        printer.human("    at " + at);
                    }
                }
            }
        }
        printer.json(answer);
        return Boolean.TRUE.equals(answer.get("ok")) ? ExitCode.OK : ExitCode.FAILED;
    }

    private static int tell(Printer printer, List<Outcome> outcomes) {
        List<Map<String, Object>> figures = new ArrayList<>();
        boolean sound = true;
        for (Outcome outcome : outcomes) {
            figures.add(outcome.figures());
            printer.human(outcome.line());
            for (Outcome.Found found : outcome.findings()) {
                printer.human("FINDING in " + found.target() + ": " + found.what());
                printer.human("  the input  " + found.input());
                printer.human("  again      " + found.replay());
            }
            outcome.failure().ifPresent(why -> printer.human("FAILED " + outcome.name() + ": " + why));
            sound &= outcome.sound();
        }
        Map<String, Object> answer = new LinkedHashMap<>();
        answer.put("ok", sound);
        answer.put("targets", figures);
        printer.json(answer);
        return sound ? ExitCode.OK : ExitCode.FAILED;
    }
}
