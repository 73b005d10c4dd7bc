package org.jiaozi.cli.wallet;

import java.nio.file.Path;
import java.util.Optional;
import org.jiaozi.cli.output.Printer;
import org.jiaozi.cli.wallet.session.Session;
import org.jiaozi.cli.wallet.session.WalletAction;
import org.jiaozi.cli.wallet.session.WalletOptions;
import org.jiaozi.cli.wallet.store.Act;
import org.jiaozi.cli.wallet.store.Change;
import org.jiaozi.cli.wallet.store.PinGuard;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Puts the keys under another PIN. */
@Command(name = "pin", description = "Changes the PIN.", mixinStandardHelpOptions = true)
public final class PinCommand extends WalletAction.OnWallet {
    @Option(names = "--new-pin-file", paramLabel = "FILE", description = "A file with the new PIN (or JIAOZI_NEW_PIN).")
    private Optional<Path> newPin = Optional.empty();

    @Override
    protected void run(Printer printer) {
        try (Session session = Session.withPin(options())) {
            char[] next = WalletOptions.secret(newPin, "JIAOZI_NEW_PIN", "New PIN: ");
            PinGuard.checkNew(next);
            Change change = PinGuard.changed(
                    session.keys().seal(next, session.store().id(), WalletOptions.argon2(), Session.entropy()));
            session.commit(Act.PIN, change);
            printer.json(ok());
            printer.human("The PIN is changed.");
            PinGuard.told(session.store());
        }
    }
}
