package org.jiaozi.lab.bench;

import org.jiaozi.cli.NeedsSubcommand;
import picocli.CommandLine.Command;

/** {@code jiaozi bench}: figures with their conditions. */
@Command(
        name = "bench",
        description = "Measures, beside a limit measured in the same run.",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {
            DepositorCommand.class,
            FaultsCommand.class,
            PiecesCommand.class,
            SettleCommand.class,
            WorkloadCommand.class
        })
public final class BenchCommand extends NeedsSubcommand {}
