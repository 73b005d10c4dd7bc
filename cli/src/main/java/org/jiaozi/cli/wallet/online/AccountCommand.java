package org.jiaozi.cli.wallet.online;

import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jiaozi.cli.output.Printer;
import org.jiaozi.cli.wallet.session.Session;
import org.jiaozi.cli.wallet.session.WalletAction;
import org.jiaozi.core.message.StatementEntry;
import org.jiaozi.core.message.WalletAnswer;
import org.jiaozi.core.message.WalletRequest;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Balance and statement of the account behind the wallet. */
@Command(name = "account", description = "Shows the account's balance and statement.", mixinStandardHelpOptions = true)
public final class AccountCommand extends WalletAction.OnWallet {
    @Option(names = "--entries", paramLabel = "N", description = "How many lines of the statement, at most 1000.")
    private int entries = 20;

    @Override
    protected void run(Printer printer) {
        try (Session session = Session.withPin(options());
                BankClient bank = Errand.bankOf(session, printer)) {
            WalletAnswer answer =
                    new Errand(session, bank).askOnly(new WalletRequest.ReadAccount(Math.clamp(entries, 0, 1000)));
            if (!(answer instanceof WalletAnswer.Account account)) {
                throw Errand.odd(answer);
            }
            Map<String, Object> json = ok();
            json.put("account", account.account());
            json.put("currency", account.currency().code());
            json.put("balance", account.balance().minor());
            json.put("owed", account.owed().minor());
            json.put("blocked", account.blocked());
            json.put(
                    "entries",
                    account.entries().stream().map(AccountCommand::line).toList());
            printer.json(json);
            printer.human("Account " + account.account() + ": " + session.shown(account.balance())
                    + (account.owed().isZero() ? "" : ", owes " + session.shown(account.owed()))
                    + (account.blocked() ? ", blocked" : ""));
            for (StatementEntry e : account.entries()) {
                printer.human("  " + Instant.ofEpochSecond(e.at().seconds()) + "  " + (e.credit() ? "+" : "-")
                        + session.shown(e.amount()) + "  " + e.text());
            }
        }
    }

    private static Map<String, Object> line(StatementEntry e) {
        Map<String, Object> line = new LinkedHashMap<>();
        line.put("at", e.at().seconds());
        line.put("credit", e.credit());
        line.put("amount", e.amount().minor());
        line.put("text", e.text());
        return line;
    }
}
