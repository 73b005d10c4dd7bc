package org.jiaozi.cli.output;

import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import picocli.CommandLine.Spec.Target;

/** The {@code --json} of every command: {@code @Mixin JsonOption output}, then {@code output.printer()}. */
public final class JsonOption {
    @Option(
            names = "--json",
            description = "Answer with one JSON object; amounts are whole numbers of minor units (fen, cents).")
    private boolean json;

    @Spec(Target.MIXEE)
    private CommandSpec command;

    /** The printer for the command this is mixed into, on the streams that command was given. */
    public Printer printer() {
        return new Printer(
                json,
                Printer.onTerminal(),
                command.commandLine().getOut(),
                command.commandLine().getErr());
    }
}
