package org.jiaozi.lab.bench;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jiaozi.cli.output.Printer;
import org.jiaozi.lab.Folders;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import picocli.CommandLine.Spec.Target;

/** The {@code --json} of a bench that takes long: it may go into a file, so that one may watch meanwhile. */
final class ReportOption {
    private static final String TO_OUTPUT = "-";

    @Option(
            names = "--json",
            paramLabel = "FILE",
            arity = "0..1",
            fallbackValue = TO_OUTPUT,
            description = "Writes the report to this file; without one, answers with it.")
    private @Nullable String json;

    @Spec(Target.MIXEE)
    private CommandSpec command;

    private Optional<Path> file() {
        return Optional.ofNullable(json).filter(j -> !j.equals(TO_OUTPUT)).map(Path::of);
    }

    /** Refuses a file that cannot be written, before anything is begun. */
    void check() {
        file().ifPresent(Folders::writable);
    }

    /** The printer for the command this is mixed into. */
    Printer printer() {
        return new Printer(
                TO_OUTPUT.equals(json),
                Printer.onTerminal(),
                command.commandLine().getOut(),
                command.commandLine().getErr());
    }

    /** Gives the report to whoever wants it. */
    void tell(Map<String, Object> told, Printer printer) throws IOException {
        printer.json(told);
        told.forEach((name, value) -> printer.human(String.format(Locale.ROOT, "%-24s %s", name, value)));
        Optional<Path> file = file();
        if (file.isPresent()) {
            Files.writeString(
                    file.get(),
                    new ObjectMapper().writerWithDefaultPrettyPrinter().writeValueAsString(told) + "\n");
        }
    }
}
