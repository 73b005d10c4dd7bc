package org.jiaozi.cli.wallet.online;

import java.util.List;
import java.util.Optional;
import org.jiaozi.cli.output.Printer;
import org.jiaozi.cli.wallet.session.Session;
import org.jiaozi.cli.wallet.session.WalletAction;
import org.jiaozi.cli.wallet.store.Act;
import org.jiaozi.core.value.Amount;
import org.jiaozi.wallet.sync.SyncRun;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Pays offline cash into the account: a sync that keeps the rest. */
@Command(name = "deposit", description = "Pays offline cash into the account.", mixinStandardHelpOptions = true)
public final class DepositCommand extends WalletAction.OnWallet {
    @Parameters(paramLabel = "AMOUNT|all", description = "As people write it: 12.50, or all")
    private String amount = "all";

    @Override
    protected void run(Printer printer) {
        try (Session session = Session.withPin(options());
                BankClient bank = Errand.bankOf(session)) {
            SyncRunner runner = new SyncRunner(session, bank, printer, Optional.empty());
            SyncRun run = amount.equals("all")
                    ? runner.run(Act.DEPOSIT, runner.options(Optional.of(Amount.ZERO), false, List.of()))
                    : runner.deposit(session.amount(amount));
            printer.json(runner.result(run));
            DepositGoal.told(session.store());
        }
    }
}
