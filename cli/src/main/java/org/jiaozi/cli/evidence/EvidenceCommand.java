package org.jiaozi.cli.evidence;

import org.jiaozi.cli.NeedsSubcommand;
import picocli.CommandLine.Command;

/** Two signed statements that convict a purse key. */
@Command(
        name = "evidence",
        description = "Judges two statements that may convict a purse key.",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "COMMAND",
        subcommands = VerifyCommand.class)
public final class EvidenceCommand extends NeedsSubcommand {}
