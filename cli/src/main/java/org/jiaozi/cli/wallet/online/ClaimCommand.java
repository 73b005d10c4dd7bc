package org.jiaozi.cli.wallet.online;

import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import org.jiaozi.cli.CommandFailure;
import org.jiaozi.cli.output.AmountParser;
import org.jiaozi.cli.output.Printer;
import org.jiaozi.cli.wallet.store.Act;
import org.jiaozi.core.message.Claim;
import org.jiaozi.core.message.WalletAnswer;
import org.jiaozi.core.message.WalletRequest;
import org.jiaozi.core.statement.Signed;
import org.jiaozi.core.value.Amount;
import org.jiaozi.core.value.Currency;
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
        Said first = claim(printer, key, name);
        WalletAnswer.Claimed claimed = claimed(first.answer());
        if (first.repeated() && !claimed.pending().isZero() && now().isAfter(claimed.due())) {
            // an answer of long ago: what it calls pending has become due since
            claimed = claimed(claim(printer, key, name).answer());
        }
        Map<String, Object> json = ok();
        json.put("returned", claimed.returned().minor());
        json.put("pending", claimed.pending().minor());
        json.put("due", claimed.due().seconds());
        printer.json(json);
        printer.human("Returned " + shown(claimed.returned(), first.currency())
                + (claimed.pending().isZero()
                        ? ""
                        : "; " + shown(claimed.pending(), first.currency()) + " more from "
                                + Instant.ofEpochSecond(claimed.due().seconds())));
    }

    private static String shown(Amount amount, Currency currency) {
        return AmountParser.format(amount.minor(), currency.decimals()) + " " + currency;
    }

    private Said claim(Printer printer, AccountKey key, String account) {
        return ask(
                printer,
                Act.CLAIM,
                body -> body instanceof WalletRequest.ClaimLost c
                        && c.claim().statement().account().equals(account),
                institution -> new WalletRequest.ClaimLost(Signed.by(
                        Es256Signer.of(key.key()), Claim.of(key.key().publicKey(), institution, account, now()))));
    }

    private static WalletAnswer.Claimed claimed(WalletAnswer answer) {
        if (answer instanceof WalletAnswer.Claimed claimed) {
            return claimed;
        }
        throw Errand.odd(answer);
    }
}
