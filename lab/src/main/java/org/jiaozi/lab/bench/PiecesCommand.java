package org.jiaozi.lab.bench;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jiaozi.cli.CommandFailure;
import org.jiaozi.cli.ExitCode;
import org.jiaozi.cli.output.JsonOption;
import org.jiaozi.cli.output.Printer;
import org.jiaozi.crypto.Providers;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code jiaozi bench pieces}: how long each piece of a payment and a deposit takes, as a multiple of one verification. */
@Command(
        name = "pieces",
        description = "Times decoding, checking a lineage, verifying, choosing slices and paying, one at a time (JMH).",
        mixinStandardHelpOptions = true)
public final class PiecesCommand implements Callable<Integer> {
    /** The limit comes first, and everything else is told by it. */
    private static final List<String> PIECES =
            List.of("verifyTransfer", "decode", "checkLineage", "chooseSlices", "pay");

    @Option(
            names = "--seconds",
            paramLabel = "NUMBER",
            defaultValue = "5",
            description =
                    "How long each is measured, after more than half as long to warm up (${DEFAULT-VALUE}); 0 only"
                            + " shows that all of them run.")
    private int seconds;

    @Mixin
    private JsonOption output;

    /** One figure. */
    private record Figure(String piece, Map<String, String> of, double micros, double error) {}

    @Override
    public Integer call() {
        if (seconds < 0 || seconds > 3_600) {
            throw CommandFailure.usage("--seconds is 0 to 3600");
        }
        Printer printer = output.printer();
        Providers.loadNative();
        String provider = Providers.describe();
        printer.human("Microseconds each, on one core; " + provider + ", Java " + Runtime.version());
        List<Map<String, Object>> told = new ArrayList<>();
        double verification = 0;
        for (String piece : PIECES) {
            for (Figure figure : measure(piece)) {
                verification = verification == 0 ? figure.micros() : verification;
                told.add(json(figure, verification));
                printer.human(line(figure, verification));
            }
        }
        Map<String, Object> answer = new LinkedHashMap<>();
        answer.put("ok", true);
        answer.put("provider", provider);
        answer.put("java", Runtime.version().toString());
        answer.put("cores", Runtime.getRuntime().availableProcessors());
        answer.put("seconds", seconds);
        answer.put("pieces", told);
        printer.json(answer);
        return ExitCode.OK;
    }

    private List<Figure> measure(String piece) {
        boolean shown = seconds == 0;
        if (shown) {
            // nothing is measured: another bench beside it does no harm
            System.setProperty("jmh.ignoreLock", "true");
        }
        TimeValue each = shown ? TimeValue.milliseconds(1) : TimeValue.seconds(1);
        ChainedOptionsBuilder options = new OptionsBuilder()
                .include(PiecesBenchmark.class.getName() + "[.]" + piece + "$")
                .warmupIterations(shown ? 1 : seconds / 2 + 1)
                .warmupTime(each)
                .measurementIterations(Math.max(1, seconds))
                .measurementTime(each)
                // a process of its own, so that no piece runs on what another taught the compiler
                .forks(shown ? 0 : 1)
                // the library's own way to its counters, of which the virtual machine would warn
                .jvmArgsAppend("--sun-misc-unsafe-memory-access=allow")
                .shouldFailOnError(true)
                .verbosity(VerboseMode.SILENT);
        try {
            Collection<RunResult> results = new Runner(options.build()).run();
            return results.stream().map(r -> figure(piece, r)).toList();
        } catch (RunnerException e) {
            throw new CommandFailure(piece + " cannot be measured: " + e.getMessage(), e);
        }
    }

    private static Figure figure(String piece, RunResult result) {
        Map<String, String> of = new LinkedHashMap<>();
        result.getParams()
                .getParamsKeys()
                .forEach(key -> of.put(key, result.getParams().getParam(key)));
        double error = result.getPrimaryResult().getScoreError();
        return new Figure(piece, of, result.getPrimaryResult().getScore(), Double.isNaN(error) ? 0 : error);
    }

    private static double rounded(double value) {
        return Math.round(value * 100) / 100.0;
    }

    private static Map<String, Object> json(Figure figure, double verification) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("piece", figure.piece());
        figure.of().forEach((name, value) -> json.put(name, Integer.valueOf(value)));
        json.put("micros", rounded(figure.micros()));
        json.put("error", rounded(figure.error()));
        json.put("verifications", rounded(figure.micros() / verification));
        return json;
    }

    private static String line(Figure figure, double verification) {
        String of = figure.of().isEmpty() ? "" : " " + figure.of();
        return String.format(
                Locale.ROOT,
                "%-26s %9.2f ± %.2f   %.2f verifications",
                figure.piece() + of,
                figure.micros(),
                figure.error(),
                figure.micros() / verification);
    }
}
