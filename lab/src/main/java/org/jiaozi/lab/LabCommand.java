package org.jiaozi.lab;

import org.jiaozi.cli.NeedsSubcommand;
import org.jiaozi.lab.fuzz.FuzzCommand;
import org.jiaozi.lab.world.WorldCommand;
import picocli.CommandLine.Command;

/** {@code jiaozi lab}: what judges the platform from outside. */
@Command(
        name = "lab",
        description = "Judges the platform by seeded random worlds and by hostile bytes.",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {FuzzCommand.class, WorldCommand.class})
public final class LabCommand extends NeedsSubcommand {}
