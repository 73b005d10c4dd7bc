package org.jiaozi.cli.wallet.tap;

import java.util.Map;
import org.jiaozi.cli.CommandFailure;
import org.jiaozi.cli.output.Printer;
import org.jiaozi.cli.wallet.session.Session;
import org.jiaozi.cli.wallet.session.WalletAction;
import org.jiaozi.cli.wallet.store.Act;
import org.jiaozi.cli.wallet.store.Change;
import org.jiaozi.core.refusal.Refusal;
import org.jiaozi.core.refusal.RefusalCode;
import org.jiaozi.core.tap.PayerTap;
import org.jiaozi.core.tap.TapMessage;
import org.jiaozi.core.value.Bytes;
import org.jiaozi.core.value.Nonce;
import org.jiaozi.wallet.host.PayerSession;
import org.jiaozi.wallet.host.WalletState;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Takes the payee's receipt, or its refusal with the non-receipt, for an earlier payment. */
@Command(name = "receipt", description = "Takes the receipt for an earlier payment.", mixinStandardHelpOptions = true)
public final class ReceiptCommand extends WalletAction.OnWallet {
    @Mixin
    private Carrier carrier = new Carrier();

    @Override
    protected void run(Printer printer) {
        carrier.check(true, false);
        try (Session session = Session.withoutPin(options())) {
            Bytes message = read(printer);
            Nonce nonce = nonce(TapMessage.decode(message));
            WalletState before = session.state();
            PayerTap.State sent = PayerSession.resume(before, nonce)
                    .orElseThrow(() -> CommandFailure.refused(
                            new Refusal(RefusalCode.WRONG_REQUEST, "no payment of this wallet: " + nonce)));
            PayerSession.Turn turn = PayerSession.received(before, sent, message, false, session.context());
            if (!turn.reports().isEmpty()) {
                throw CommandFailure.refused(turn.reports().getFirst());
            }
            if (!turn.wallet().equals(before)) {
                session.commit(Act.RECEIPT, Change.to(turn.wallet()));
            }
            WalletState.Payment payment = session.state().payments().get(nonce);
            Map<String, Object> json = ok();
            json.put("nonce", nonce.hex());
            json.put("transfer", payment.sent().transfer().hex());
            json.put("receipt", payment.receipt().isPresent());
            json.put("nonReceipt", payment.nonReceipt().isPresent());
            printer.json(json);
            if (payment.receipt().isPresent()) {
                printer.human("Receipt in hand for payment " + nonce);
            } else if (payment.nonReceipt().isPresent()) {
                printer.human("The payee did not take payment " + nonce + ": the value comes back at the next sync");
            } else {
                printer.human("The payee said no to payment " + nonce + " without proof: it stays final");
            }
        }
    }

    private Bytes read(Printer printer) {
        if (!carrier.isStream()) {
            return carrier.read();
        }
        try (Carrier.Line line = carrier.open(printer)) {
            return Bytes.of(line.transport().receive(carrier.patience()));
        }
    }

    private static Nonce nonce(TapMessage message) {
        return switch (message) {
            case TapMessage.ReceiptMessage m -> m.receipt().statement().nonce();
            case TapMessage.RefusalMessage m -> m.nonce();
            default -> throw new CommandFailure("that message is no receipt: read the payee's answer");
        };
    }
}
