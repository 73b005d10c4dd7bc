package org.jiaozi.cli.wallet.tap;

import java.io.Console;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jiaozi.cli.CommandFailure;
import org.jiaozi.cli.output.Printer;
import org.jiaozi.cli.wallet.session.Session;
import org.jiaozi.cli.wallet.session.WalletAction;
import org.jiaozi.core.refusal.Refusal;
import org.jiaozi.core.refusal.RefusalCode;
import org.jiaozi.core.statement.Request;
import org.jiaozi.core.tap.PayerTap;
import org.jiaozi.core.value.Bytes;
import org.jiaozi.core.value.Nonce;
import org.jiaozi.wallet.host.WalletState;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Pays a request. Run again for the same request it hands out the identical bytes. */
@Command(name = "pay", description = "Pays a request.", mixinStandardHelpOptions = true)
public final class PayCommand extends WalletAction.OnWallet {
    @Option(names = "--yes", description = "Pay without asking.")
    private boolean yes;

    @Option(
            names = "--again",
            paramLabel = "NONCE",
            description = "Send an earlier payment again, unchanged; 'last' for the latest.")
    private Optional<String> again = Optional.empty();

    @Mixin
    private Carrier carrier = new Carrier();

    @Override
    protected void run(Printer printer) {
        carrier.check(again.isEmpty(), true);
        try (Session session = Session.withPin(options())) {
            PayerRun run = new PayerRun(session, printer, request -> confirmed(session, printer, request));
            if (!carrier.isStream()) {
                PayerRun.Said said =
                        again.isPresent() ? run.repeat(earlier(session)) : run.message(carrier.read(), false);
                // a refusal is for this payer alone: no file that could be taken for a payment
                Map<String, Object> json = run.result();
                said.send().forEach(m -> carrier.write(printer, m));
                printer.json(json);
                return;
            }
            Optional<Bytes> request = carrier.hasInput() ? Optional.of(carrier.read()) : Optional.empty();
            try (Carrier.Line line = carrier.open(printer)) {
                PayerRun.Said said;
                if (again.isPresent()) {
                    said = run.repeat(earlier(session));
                } else if (request.isPresent()) {
                    said = run.message(request.get(), false);
                } else {
                    said = run.message(Bytes.of(line.transport().receive(carrier.patience())), true);
                }
                said.send().forEach(m -> line.transport().send(m.toArray()));
                while (run.waits()) {
                    run.message(Bytes.of(line.transport().receive(carrier.patience())), true)
                            .send()
                            .forEach(m -> line.transport().send(m.toArray()));
                }
                printer.json(run.result());
            }
        }
    }

    private PayerTap.SentPayment earlier(Session session) {
        WalletState state = session.state();
        String which = again.orElseThrow();
        Optional<Nonce> nonce = which.equals("last")
                ? session.store().text(PayerRun.LAST).map(Nonce::fromHex)
                : Optional.of(RequestCommand.nonce(which));
        return nonce.flatMap(n -> Optional.ofNullable(state.payments().get(n)))
                .map(WalletState.Payment::sent)
                .orElseThrow(() -> CommandFailure.refused(
                        new Refusal(RefusalCode.WRONG_REQUEST, "no payment of this wallet: " + which)));
    }

    private boolean confirmed(Session session, Printer printer, Request request) {
        String asks = "Pay " + session.shown(request.amount())
                + (request.reference().isEmpty() ? "" : " for \"" + request.reference() + "\"");
        if (yes) {
            printer.human(asks);
            return true;
        }
        Console console = Printer.onTerminal() ? System.console() : null;
        if (console == null) {
            throw CommandFailure.usage("say --yes to pay where nobody can be asked");
        }
        String answer = console.readLine("%s? [y/N] ", asks);
        return answer != null && answer.strip().toLowerCase(Locale.ROOT).startsWith("y");
    }
}
