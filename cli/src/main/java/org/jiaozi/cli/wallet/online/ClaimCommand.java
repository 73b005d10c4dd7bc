package org.jiaozi.cli.wallet.online;

import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import org.jiaozi.cli.CommandFailure;
import org.jiaozi.cli.output.Printer;
import org.jiaozi.core.message.Claim;
import org.jiaozi.core.message.WalletAnswer;
import org.jiaozi.core.message.WalletRequest;
import org.jiaozi.core.statement.Signed;
import org.jiaozi.crypto.Es256Signer;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Claims what a lost device held. */
@Command(
        name = "claim",
        description = "Claims what a lost device held, after expiry and grace.",
        mixinStandardHelpOptions = true)
public final class ClaimCommand extends HolderAction {
    @Option(names = "--account", paramLabel = "ACCOUNT", description = "The account; default: as in the key's file.")
    private Optional<String> account = Optional.empty();

    @Override
    protected void run(Printer printer) {
        AccountKey key = key();
        String name = account.orElse(key.account());
        if (name.isEmpty()) {
            throw CommandFailure.usage("the key's file names no account: say --account ACCOUNT");
        }
        WalletAnswer answer = ask(institution -> new WalletRequest.ClaimLost(
                Signed.by(Es256Signer.of(key.key()), Claim.of(key.key().publicKey(), institution, name, now()))));
        if (!(answer instanceof WalletAnswer.Claimed claimed)) {
            throw Errand.odd(answer);
        }
        Map<String, Object> json = ok();
        json.put("returned", claimed.returned().minor());
        json.put("pending", claimed.pending().minor());
        json.put("due", claimed.due().seconds());
        printer.json(json);
        printer.human("Returned " + claimed.returned() + " minor units"
                + (claimed.pending().isZero()
                        ? ""
                        : "; " + claimed.pending() + " more from "
                                + Instant.ofEpochSecond(claimed.due().seconds())));
    }
}
