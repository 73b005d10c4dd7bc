package org.jiaozi.lab;

import org.jiaozi.lab.fuzz.FuzzCommand;
import org.jiaozi.lab.world.WorldCommand;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code jiaozi lab}: what judges the platform from outside. */
@Command(
        name = "lab",
        description = "Judges the platform by seeded random worlds and by hostile bytes.",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {FuzzCommand.class, WorldCommand.class})
public final class LabCommand implements Runnable {
    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it before it runs the command
    private CommandSpec spec;

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "say which command");
    }
}
