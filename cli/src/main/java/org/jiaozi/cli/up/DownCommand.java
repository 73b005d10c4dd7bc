package org.jiaozi.cli.up;

import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jiaozi.cli.ExitCode;
import org.jiaozi.cli.output.JsonOption;
import org.jiaozi.cli.output.Printer;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Ends what {@code jiaozi up} runs in a folder, whoever started it. */
@Command(name = "down", description = "Ends the servers of a data folder.", mixinStandardHelpOptions = true)
final class DownCommand implements Callable<Integer> {
    @Option(
            names = "--data",
            defaultValue = "${env:JIAOZI_DATA:-jiaozi-data}",
            paramLabel = "DIR",
            description = "The data folder, default ${DEFAULT-VALUE}.")
    private Path data = Path.of("");

    @Mixin
    private JsonOption output = new JsonOption();

    @Override
    public Integer call() {
        Printer printer = output.printer();
        DataFolder folder = DataFolder.existing(data);
        Optional<ProcessHandle> supervisor = ChildProcess.find(folder.root().resolve("up.pid"));
        // the supervisor ends its servers and PostgreSQL in order; this waits for it
        supervisor.ifPresent(ChildProcess::stopPatiently);
        ChildProcess.stopOrphans(folder, printer::human);
        org.jiaozi.server.postgres.EmbeddedPostgres.stopLeftBehind(folder.postgres(), printer::human);
        printer.human(supervisor.isPresent() ? "Ended." : "Nothing was running.");
        printer.json(Map.of("ok", true, "running", supervisor.isPresent()));
        return ExitCode.OK;
    }
}
