package org.jiaozi.cli.wallet.tap;

import java.util.Map;
import org.jiaozi.cli.output.Printer;
import org.jiaozi.cli.wallet.session.Session;
import org.jiaozi.cli.wallet.session.WalletAction;
import org.jiaozi.core.value.Bytes;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Takes a payment for an earlier request and hands out the receipt. */
@Command(
        name = "receive",
        description = "Takes a payment for an earlier request; answers with the receipt.",
        mixinStandardHelpOptions = true)
public final class ReceiveCommand extends WalletAction.OnWallet {
    @Mixin
    private Carrier carrier = new Carrier();

    @Override
    protected void run(Printer printer) {
        carrier.check(true, true);
        try (Session session = Session.withPin(options())) {
            PayeeRun run = new PayeeRun(session, printer);
            if (carrier.isStream() && !carrier.hasInput()) {
                try (Carrier.Line line = carrier.open(printer)) {
                    Map<String, Object> json = run.run(
                            () -> Bytes.of(line.transport().receive(carrier.patience())),
                            m -> line.transport().send(m.toArray()),
                            false);
                    printer.json(json);
                }
                return;
            }
            printer.json(run.run(carrier::read, m -> carrier.write(printer, m), true));
        }
    }
}
