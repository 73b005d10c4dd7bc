package org.jiaozi.lab.world;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jiaozi.cli.ExitCode;
import org.jiaozi.cli.output.JsonOption;
import org.jiaozi.cli.output.Printer;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code jiaozi lab world}: lives seeded worlds, and says which of them broke a promise. */
@Command(
        name = "world",
        description = "Lives seeded random worlds and audits them; a failure prints its seed.",
        mixinStandardHelpOptions = true)
public final class WorldCommand implements Callable<Integer> {
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
            names = "--steps",
            paramLabel = "NUMBER",
            defaultValue = "300",
            description = "How long each is (${DEFAULT-VALUE}).")
    private int steps;

    @Option(names = "--real-crypto", description = "Sign with ES256 and seal with HPKE; slower.")
    private boolean realCrypto;

    @Mixin
    private JsonOption output;

    @Override
    public Integer call() {
        Printer printer = output.printer();
        Map<String, Object> answer = new LinkedHashMap<>();
        List<Map<String, Object>> reports = new ArrayList<>();
        int unsound = 0;
        for (int i = 0; i < worlds; i++) {
            WorldReport report = new World(seed + i, steps, realCrypto).run();
            Map<String, Object> figures = report.figures();
            figures.put("breaches", report.breaches());
            reports.add(figures);
            printer.human((report.breaches().isEmpty() ? "sound  " : "BROKEN ") + line(figures));
            unsound += report.breaches().isEmpty() ? 0 : 1;
        }
        answer.put("ok", unsound == 0);
        answer.put("worlds", reports);
        printer.json(answer);
        return unsound == 0 ? ExitCode.OK : ExitCode.FAILED;
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
