package org.jiaozi.cli.wallet;

import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jiaozi.cli.output.Printer;
import org.jiaozi.cli.wallet.session.Session;
import org.jiaozi.cli.wallet.session.WalletAction;
import org.jiaozi.cli.wallet.store.Change;
import org.jiaozi.core.value.Amount;
import picocli.CommandLine.Command;

/** What the wallet did, newest first. */
@Command(name = "history", description = "Lists what the wallet did, newest first.", mixinStandardHelpOptions = true)
public final class HistoryCommand extends WalletAction.OnWallet {
    @Override
    protected void run(Printer printer) {
        try (Session session = Session.withoutPin(options())) {
            List<Change.Line> lines = session.store().history();
            Map<String, Object> json = ok();
            json.put("entries", lines.stream().map(HistoryCommand::entry).toList());
            printer.json(json);
            for (Change.Line line : lines) {
                String amount = line.minor() == 0 ? "" : session.shown(new Amount(line.minor())) + "  ";
                printer.human(Instant.ofEpochSecond(line.at()) + "  " + line.what() + "  " + amount + line.text());
            }
        }
    }

    private static Map<String, Object> entry(Change.Line line) {
        Map<String, Object> entry = new LinkedHashMap<>();
        entry.put("at", line.at());
        entry.put("what", line.what());
        entry.put("amount", line.minor());
        entry.put("text", line.text());
        return entry;
    }
}
