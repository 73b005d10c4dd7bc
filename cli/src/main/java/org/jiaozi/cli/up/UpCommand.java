package org.jiaozi.cli.up;

import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jiaozi.cli.CommandFailure;
import org.jiaozi.cli.ExitCode;
import org.jiaozi.cli.output.JsonOption;
import org.jiaozi.cli.output.Printer;
import org.jiaozi.server.StartFailure;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** A central bank and its institutions on this machine. */
@Command(
        name = "up",
        description = {
            "Runs a central bank and its institutions on this machine until Ctrl-C.",
            "Each is a process with a PostgreSQL database of its own. Started again in the same folder they continue from"
                    + " the data."
        },
        mixinStandardHelpOptions = true)
final class UpCommand implements Callable<Integer> {
    @Option(
            names = "--data",
            defaultValue = "${env:JIAOZI_DATA:-jiaozi-data}",
            paramLabel = "DIR",
            description = "Where everything lies, default ${DEFAULT-VALUE}.")
    private Path data = Path.of("");

    @Option(
            names = "--config",
            paramLabel = "FILE",
            description =
                    "Settings of the first start, JSON: portBase, profile, reserve, quota, guarantee, institutions.")
    private @Nullable Path config;

    @Option(names = "--port-base", paramLabel = "PORT", description = "The central bank's port; institutions follow.")
    private @Nullable Integer portBase;

    @Option(
            names = "--profile",
            paramLabel = "NAME",
            description = "The policy at the first start, default circulating.")
    private @Nullable String profile;

    @Option(
            names = "--clock-offset",
            defaultValue = "0",
            paramLabel = "SECONDS",
            description = "Shifts the servers' clock.")
    private long clockOffset;

    @Option(
            names = "--database-url",
            paramLabel = "JDBC-URL",
            description = "A PostgreSQL that runs already, with %%s for the database: central, bank_a, bank_b …")
    private @Nullable String databaseUrl;

    @Mixin
    private JsonOption output = new JsonOption();

    @Override
    public Integer call() throws InterruptedException {
        Printer printer = output.printer();
        Choice choice = new Choice(
                Optional.ofNullable(config),
                Optional.ofNullable(portBase),
                Optional.ofNullable(profile),
                Optional.ofNullable(databaseUrl));
        // whatever is wrong with it is said before anything is made
        Settings settings = choice.settle(DataFolder.at(data));
        DataFolder folder = DataFolder.open(data);
        FileChannel lock = folder.lock();
        Whole whole = new Whole(folder, settings, clockOffset, Optional.ofNullable(databaseUrl), printer::human);
        // Ctrl-C during the start ends what has started by then
        Runtime.getRuntime().addShutdownHook(Thread.ofPlatform().unstarted(whole::close));
        try {
            whole.start();
            printer.human("");
            whole.describe().forEach(printer::human);
            printer.human("Ctrl-C ends all.");
            printer.json(whole.report());
            whole.watch();
        } catch (StartFailure e) {
            throw new CommandFailure(String.valueOf(e.getMessage()), e);
        } finally {
            whole.close();
            Whole.release(lock);
        }
        return ExitCode.FAILED;
    }
}
