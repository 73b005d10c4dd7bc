package org.jiaozi.cli.wallet;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jiaozi.cli.CommandFailure;
import org.jiaozi.cli.output.Printer;
import org.jiaozi.cli.wallet.session.Session;
import org.jiaozi.cli.wallet.session.Trust;
import org.jiaozi.cli.wallet.session.WalletAction;
import org.jiaozi.cli.wallet.session.WalletOptions;
import org.jiaozi.cli.wallet.store.Change;
import org.jiaozi.cli.wallet.store.CrashPoint;
import org.jiaozi.cli.wallet.store.KeyRing;
import org.jiaozi.cli.wallet.store.PinGuard;
import org.jiaozi.cli.wallet.store.WalletStore;
import org.jiaozi.core.value.Bytes;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Makes a wallet's directory; keys are drawn when it is enrolled. */
@Command(name = "create", description = "Makes a wallet: a directory under a PIN.", mixinStandardHelpOptions = true)
public final class CreateCommand extends WalletAction.OnWallet {
    @Option(
            names = "--trust",
            required = true,
            paramLabel = "FILE",
            description = "trust.json of the central bank whose money it will hold.")
    private Path trustFile = Path.of("trust.json");

    @Option(names = "--region", paramLabel = "CC", description = "ISO 3166 code of the region whose rules apply.")
    private String region = "";

    @Override
    protected void run(Printer printer) {
        Trust trust = Trust.read(trustFile);
        Path directory = options().directory();
        if (WalletStore.exists(directory)) {
            throw new CommandFailure(
                    "there is a wallet in " + directory + " already: enroll it, or choose another --dir");
        }
        char[] pin = options().pin();
        PinGuard.checkNew(pin);
        String id = Session.entropy().next(8).hex();
        Bytes vault = KeyRing.empty().seal(pin, id, WalletOptions.argon2(), Session.entropy());
        Change first = PinGuard.sealed(
                Change.only()
                        .put("root", trust.rootKey().compressed())
                        .put("ca", text(trust.caPem()))
                        .put("region", text(region)),
                vault);
        WalletStore.create(directory, options().marks(), id, first, CrashPoint.fromEnvironment())
                .close();
        Map<String, Object> json = new LinkedHashMap<>(ok());
        json.put("wallet", id);
        json.put("dir", directory.toAbsolutePath().toString());
        printer.json(json);
        printer.human("Wallet " + id + " is in " + directory + ". There is no backup of it: enroll it next.");
    }

    private static Bytes text(String text) {
        return Bytes.of(text.getBytes(StandardCharsets.UTF_8));
    }
}
