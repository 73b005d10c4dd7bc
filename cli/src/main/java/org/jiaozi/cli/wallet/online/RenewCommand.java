package org.jiaozi.cli.wallet.online;

import java.util.Map;
import java.util.Optional;
import org.jiaozi.cli.CommandFailure;
import org.jiaozi.cli.output.Printer;
import org.jiaozi.cli.wallet.session.Session;
import org.jiaozi.cli.wallet.session.WalletAction;
import org.jiaozi.cli.wallet.store.Act;
import org.jiaozi.wallet.sync.SyncRun;
import picocli.CommandLine.Command;

/** Renews certificates and counters: a sync that deposits nothing the owner could still spend. */
@Command(name = "renew", description = "Renews certificates and counters.", mixinStandardHelpOptions = true)
public final class RenewCommand extends WalletAction.OnWallet {
    @Override
    protected void run(Printer printer) {
        try (Session session = Session.withPin(options());
                BankClient bank = Errand.bankOf(session, printer)) {
            SyncRunner runner = new SyncRunner(session, bank, printer, Optional.empty());
            SyncRun run = runner.run(
                    Act.RENEW,
                    runner.options(Optional.of(session.state().purse().holding()), false, runner.spareKeys(Act.RENEW)));
            Map<String, Object> result = runner.result(run);
            if (!run.refusals().isEmpty() && !run.renewed()) {
                throw CommandFailure.refused(run.refusals().getFirst()).with(result);
            }
            printer.json(result);
        }
    }
}
