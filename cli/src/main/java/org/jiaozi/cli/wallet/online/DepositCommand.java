package org.jiaozi.cli.wallet.online;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jiaozi.cli.CommandFailure;
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
                BankClient bank = Errand.bankOf(session, printer)) {
            SyncRunner runner = new SyncRunner(session, bank, printer, Optional.empty());
            boolean all = amount.equals("all");
            Amount due = all ? session.state().purse().holding() : session.amount(amount);
            SyncRun run = all
                    ? runner.run(Act.DEPOSIT, runner.options(Optional.of(Amount.ZERO), false, List.of()))
                    : runner.deposit(due);
            Map<String, Object> result = runner.result(run);
            // what was asked for is one thing; if it was refused, the command failed
            if (!run.refusals().isEmpty() && runner.credited() < due.minor()) {
                DepositGoal.told(session.store());
                throw CommandFailure.refused(run.refusals().getFirst()).with(result);
            }
            printer.json(result);
            DepositGoal.told(session.store());
        }
    }
}
