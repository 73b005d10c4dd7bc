package org.jiaozi.cli.wallet.online;

import java.util.Map;
import org.jiaozi.cli.output.Printer;
import org.jiaozi.cli.wallet.store.Act;
import org.jiaozi.core.message.WalletAnswer;
import org.jiaozi.core.message.WalletRequest;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Blocks the keys of a lost device. */
@Command(name = "report-lost", description = "Blocks the keys of a lost device.", mixinStandardHelpOptions = true)
public final class ReportLostCommand extends HolderAction {
    @Option(names = "--remark", paramLabel = "TEXT", description = "For people.")
    private String remark = "";

    @Override
    protected void run(Printer printer) {
        // whatever it remarked: the loss is the same
        WalletAnswer answer = ask(
                        printer,
                        Act.REPORT_LOST,
                        WalletRequest.ReportLost.class::isInstance,
                        institution -> new WalletRequest.ReportLost(remark))
                .answer();
        if (!(answer instanceof WalletAnswer.LostReported reported)) {
            throw Errand.odd(answer);
        }
        Map<String, Object> json = ok();
        json.put("epoch", reported.epoch());
        printer.json(json);
        printer.human(
                reported.epoch() == 0
                        ? "Reported: the account is blocked. But the institution cannot prove of every key that it may speak"
                                + " for it, so no bulletin revokes all of them, and what such a key held cannot be"
                                + " claimed: ask the institution."
                        : "Reported: bulletin " + reported.epoch()
                                + " revokes the device's keys. What it held can be claimed after expiry and grace.");
    }
}
