package org.jiaozi.cli.wallet.online;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jiaozi.cli.output.Printer;
import org.jiaozi.cli.wallet.session.Session;
import org.jiaozi.cli.wallet.session.WalletAction;
import org.jiaozi.cli.wallet.store.Act;
import org.jiaozi.wallet.sync.SyncNext;
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

    @Option(
            names = "--envelope-out",
            paramLabel = "FILE",
            description = "Without a network: seal the next message into a file for somebody to carry.")
    private Optional<Path> envelopeOut = Optional.empty();

    @Option(
            names = "--answer-in",
            paramLabel = "FILE",
            description = "The sealed answer that somebody brought back; with --envelope-out the next message follows.")
    private Optional<Path> answerIn = Optional.empty();

    @Override
    protected void run(Printer printer) {
        if (envelopeOut.isPresent() || answerIn.isPresent()) {
            byHand(printer);
            return;
        }
        try (Session session = Session.withPin(options());
                BankClient bank = Errand.bankOf(session, printer)) {
            SyncRunner runner = new SyncRunner(session, bank, printer, accountKey.map(AccountKey::read));
            SyncRun run = runner.run(
                    Act.SYNC, runner.options(keep.map(session::amount), refresh, runner.spareKeys(Act.SYNC)));
            printer.json(runner.result(run));
        }
    }

    private void byHand(Printer printer) {
        try (Session session = Session.withPin(options())) {
            MailBag bag = new MailBag(session);
            SyncNext next = bag.next(
                    answerIn,
                    new SyncRun.Options(
                            keep.map(session::amount),
                            refresh,
                            List.of(),
                            Optional.empty(),
                            session.store().text("account")));
            Map<String, Object> json = ok();
            boolean more = next instanceof SyncNext.Ask;
            json.put("more", more);
            answerIn.ifPresent(file -> json.put("repeated", bag.repeated()));
            json.put("holding", session.state().purse().holding().minor());
            json.put(
                    "refusals",
                    next.run().refusals().stream().map(WalletAction::json).toList());
            next.run().refusals().forEach(r -> printer.human("  not done: " + r));
            if (next instanceof SyncNext.Ask ask && envelopeOut.isPresent()) {
                bag.write(ask, envelopeOut.get());
                json.put("envelope", envelopeOut.get().toString());
                printer.human("Sealed for the institution in " + envelopeOut.get()
                        + ": have it carried, and take the answer with --answer-in");
            } else {
                printer.human(more ? "More is to be sent: write it with --envelope-out" : "Nothing is left to send");
            }
            printer.json(json);
            bag.told();
        }
    }
}
