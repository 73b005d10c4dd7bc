package org.jiaozi.lab.bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jiaozi.cli.CommandFailure;
import org.jiaozi.cli.Launch;

/** {@code jiaozi bench workload} as a process of its own, so that what making costs is nothing of what is measured. */
final class WorkProcess {
    private static final String CPU = "cpuSeconds ";

    private WorkProcess() {}

    /**
     * Runs it to its end; what it says goes on.
     *
     * @param scratch an existing folder for what it says if it fails
     * @return what it took of all cores, in seconds
     */
    static double run(Path scratch, List<String> arguments, Consumer<String> report) throws InterruptedException {
        List<String> line = new ArrayList<>(List.of("bench", "workload"));
        line.addAll(arguments);
        Path errors = scratch.resolve("workload.err");
        try {
            Process maker = new ProcessBuilder(Launch.command(line))
                    .redirectError(errors.toFile())
                    .start();
            // whoever stops the bench stops what it waits for
            Thread stop = Thread.ofPlatform().unstarted(maker::destroy);
            Runtime.getRuntime().addShutdownHook(stop);
            double cpu = 0;
            try (BufferedReader said = maker.inputReader(StandardCharsets.UTF_8)) {
                for (String each = said.readLine(); each != null; each = said.readLine()) {
                    if (each.startsWith(CPU)) {
                        cpu = Double.parseDouble(each.substring(CPU.length()));
                    } else {
                        report.accept(each);
                    }
                }
            }
            int status = maker.waitFor();
            Runtime.getRuntime().removeShutdownHook(stop);
            if (status != 0) {
                List<String> why = Files.readAllLines(errors);
                throw new CommandFailure("the workload is not made: " + (why.isEmpty() ? "no word" : why.getLast()));
            }
            return cpu;
        } catch (IOException e) {
            throw new CommandFailure("the workload cannot be made: " + e.getMessage(), e);
        }
    }
}
