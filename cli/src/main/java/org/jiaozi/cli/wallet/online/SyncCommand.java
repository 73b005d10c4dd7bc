package org.jiaozi.cli.wallet.online;

import java.nio.file.Path;
import java.util.Optional;
import org.jiaozi.cli.output.Printer;
import org.jiaozi.cli.wallet.session.Session;
import org.jiaozi.cli.wallet.session.WalletAction;
import org.jiaozi.cli.wallet.store.Act;
import org.jiaozi.wallet.sync.SyncRun;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Settles everything with the institution; may be cut off anywhere and run again. */
@Command(
        name = "sync",
        description = "Settles with the institution: deposits, uploads, renews, fetches the bulletin.",
        mixinStandardHelpOptions = true)
public final class SyncCommand extends WalletAction.OnWallet {
    @Option(names = "--keep", paramLabel = "AMOUNT", description = "How much to keep in the purse; default: policy's.")
    private Optional<String> keep = Optional.empty();

    @Option(names = "--refresh", description = "Exchange everything that is kept for one fresh note.")
    private boolean refresh;

    @Option(
            names = "--account-key",
            paramLabel = "FILE",
            description = "The account's key: needed once where this directory is an old copy.")
    private Optional<Path> accountKey = Optional.empty();

    @Override
    protected void run(Printer printer) {
        try (Session session = Session.withPin(options());
                BankClient bank = Errand.bankOf(session)) {
            SyncRunner runner = new SyncRunner(session, bank, printer, accountKey.map(AccountKey::read));
            SyncRun run = runner.run(
                    Act.SYNC, runner.options(keep.map(session::amount), refresh, runner.spareKeys(Act.SYNC)));
            printer.json(runner.result(run));
        }
    }
}
