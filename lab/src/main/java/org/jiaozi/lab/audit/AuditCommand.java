package org.jiaozi.lab.audit;

import java.nio.file.Path;
import java.sql.SQLException;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jiaozi.cli.CommandFailure;
import org.jiaozi.cli.ExitCode;
import org.jiaozi.cli.output.JsonOption;
import org.jiaozi.cli.output.Printer;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code jiaozi audit}: recomputes the money and the convictions of a whole from its databases. */
@Command(
        name = "audit",
        description = {
            "Recomputes from the databases, with code of its own, what must hold of money, netting and convictions.",
            "Prints one line for each breach and exits non-zero if there is one. Servers may run meanwhile."
        },
        mixinStandardHelpOptions = true)
public final class AuditCommand implements Callable<Integer> {
    @Option(
            names = "--data",
            defaultValue = "${env:JIAOZI_DATA:-jiaozi-data}",
            paramLabel = "DIR",
            description = "The folder of jiaozi up, default ${DEFAULT-VALUE}.")
    private Path data = Path.of("");

    @Option(
            names = "--database-url",
            paramLabel = "JDBC-URL",
            description = "Where up was told of a PostgreSQL that ran already: the same address, with %%s in it.")
    private @Nullable String databaseUrl;

    @Mixin
    private JsonOption output = new JsonOption();

    @Override
    public Integer call() {
        Printer printer = output.printer();
        Map<String, Object> report;
        try {
            report = Audit.run(data, Optional.ofNullable(databaseUrl));
        } catch (SQLException e) {
            throw new CommandFailure("a database cannot be read: " + e.getMessage(), e);
        }
        AuditLines.of(report).forEach(printer::human);
        boolean ok = Boolean.TRUE.equals(report.get("ok"));
        printer.human(ok ? "The books balance and the record holds." : "The record does not hold.");
        printer.json(report);
        return ok ? ExitCode.OK : ExitCode.FAILED;
    }
}
