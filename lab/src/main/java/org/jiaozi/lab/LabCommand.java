package org.jiaozi.lab;

import org.jiaozi.lab.world.WorldCommand;
import picocli.CommandLine.Command;

/** {@code jiaozi lab}: what judges the platform from outside. */
@Command(
        name = "lab",
        description = "Judge the platform: seeded worlds.",
        subcommands = {WorldCommand.class})
public final class LabCommand {}
