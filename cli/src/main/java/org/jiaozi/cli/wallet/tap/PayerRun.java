package org.jiaozi.cli.wallet.tap;

import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import org.jiaozi.cli.CommandFailure;
import org.jiaozi.cli.output.Printer;
import org.jiaozi.cli.wallet.session.Session;
import org.jiaozi.cli.wallet.session.WalletAction;
import org.jiaozi.cli.wallet.store.Act;
import org.jiaozi.cli.wallet.store.Change;
import org.jiaozi.core.crypto.Sha256;
import org.jiaozi.core.lineage.Lineage;
import org.jiaozi.core.lineage.LineageBounds;
import org.jiaozi.core.lineage.LineageCodec;
import org.jiaozi.core.refusal.Refusal;
import org.jiaozi.core.refusal.RefusalCode;
import org.jiaozi.core.statement.Request;
import org.jiaozi.core.tap.PayerTap;
import org.jiaozi.core.tap.TapMessage.RequestMessage;
import org.jiaozi.core.value.Bytes;
import org.jiaozi.core.value.Hash;
import org.jiaozi.core.value.Nonce;
import org.jiaozi.core.value.Thumbprint;
import org.jiaozi.wallet.host.PayerSession;
import org.jiaozi.wallet.host.WalletState;

/** The payer's side: message by message, each change durable before anything it made is handed back to be sent. */
final class PayerRun {
    /** Under this name the store keeps the nonce of the latest payment. */
    static final String LAST = "last-payment";

    private final Session session;
    private final Printer printer;
    private final Predicate<Request> confirm;
    private PayerTap.State tap = PayerTap.start();
    private boolean signedNow;

    /** What to send. */
    record Said(List<Bytes> send) {}

    PayerRun(Session session, Printer printer, Predicate<Request> confirm) {
        this.session = session;
        this.printer = printer;
        this.confirm = confirm;
    }

    /** One message of the payee's. */
    Said message(Bytes message, boolean interactive) {
        WalletState before = session.state();
        PayerSession.Turn turn = PayerSession.received(before, tap, message, interactive, session.context());
        Said said = take(before, turn, Act.RECEIPT);
        if (turn.decide().isEmpty()) {
            return said;
        }
        RequestMessage request = turn.decide().get();
        if (!confirm.test(request.request().statement())) {
            PayerSession.Turn no = PayerSession.decline(
                    session.state(), tap, new Refusal(RefusalCode.WRONG_STATE, "the owner said no"), session.context());
            return take(session.state(), no, Act.PAY);
        }
        WalletState agreed = session.state();
        PayerSession.Turn paid = PayerSession.approve(agreed, tap, request, session.context());
        signedNow = !paid.wallet().equals(agreed);
        return take(agreed, paid, Act.PAY);
    }

    /** Sends an earlier payment again. */
    Said repeat(PayerTap.SentPayment payment) {
        tap = new PayerTap.State.Sent(payment);
        return new Said(List.of(payment.message()));
    }

    private Said take(WalletState before, PayerSession.Turn turn, Act act) {
        tap = turn.tap();
        if (!turn.wallet().equals(before)) {
            Change change = Change.to(turn.wallet());
            if (act == Act.PAY && tap instanceof PayerTap.State.Sent sent) {
                Request request = sent.payment().request().request().statement();
                change.put(LAST, Bytes.of(request.nonce().hex().getBytes(StandardCharsets.US_ASCII)));
                Thumbprint payee =
                        sent.payment().request().certificate().statement().thumbprint();
                change.line(session.line("paid", request.amount(), PayeeRun.about(request, Optional.of(payee))));
            }
            session.commit(act, change);
        }
        if (turn.send().isEmpty() && turn.decide().isEmpty() && !turn.reports().isEmpty() && !waits()) {
            throw CommandFailure.refused(turn.reports().getFirst());
        }
        turn.reports().forEach(r -> printer.human("Ignored what the other side sent: " + r));
        return new Said(turn.send());
    }

    /** Whether the payee's answer is still to come. */
    boolean waits() {
        return tap instanceof PayerTap.State.Sent || tap instanceof PayerTap.State.Fetching;
    }

    /** What it came to, for programs; refuses where nothing was paid or the payee said no. */
    Map<String, Object> result() {
        return switch (tap) {
            case PayerTap.State.Sent sent -> paid(nonce(sent.payment()));
            case PayerTap.State.Settled settled ->
                paid(settled.receipt().statement().nonce());
            case PayerTap.State.Ended ended -> throw CommandFailure.refused(ended.refusal());
            case PayerTap.State.Waiting ignored -> throw nothing();
            case PayerTap.State.Fetching ignored -> throw nothing();
            case PayerTap.State.Deciding ignored -> throw nothing();
        };
    }

    private static CommandFailure nothing() {
        return new CommandFailure("that message asks for no payment: read the payee's request");
    }

    private static Nonce nonce(PayerTap.SentPayment payment) {
        return payment.request().request().statement().nonce();
    }

    private Map<String, Object> paid(Nonce nonce) {
        WalletState.Payment payment = session.state().payments().get(nonce);
        RequestMessage request = payment.sent().request();
        Lineage lineage = LineageCodec.decode(payment.lineage(), LineageBounds.TAP);
        Map<String, Object> json = WalletAction.ok();
        json.put("nonce", nonce.hex());
        json.put("amount", request.request().statement().amount().minor());
        json.put("currency", session.state().settings().currency().code());
        json.put("payee", request.certificate().statement().thumbprint().hex());
        json.put("reference", request.request().statement().reference());
        json.put("transfer", payment.sent().transfer().hex());
        json.put("hops", hops(lineage));
        json.put("inputs", lineage.head().transfer().statement().inputs().size());
        json.put("bytes", payment.sent().message().size());
        json.put("sha256", Sha256.hash(payment.sent().message()).hex());
        json.put("repeated", !signedNow);
        json.put("receipt", payment.receipt().isPresent());
        json.put("nonReceipt", payment.nonReceipt().isPresent());
        json.put("holding", session.state().purse().holding().minor());
        printer.human("Paid " + session.shown(request.request().statement().amount())
                + (payment.receipt().isPresent() ? ", receipt in hand" : ", final")
                + "; left " + session.shown(session.state().purse().holding()));
        return json;
    }

    private static int hops(Lineage lineage) {
        Map<Hash, Integer> depth = new HashMap<>();
        int last = 0;
        for (Lineage.Link link : lineage.links()) {
            int below = link.transfer().statement().inputs().stream()
                    .mapToInt(i -> depth.getOrDefault(i.source().parent(), 0))
                    .max()
                    .orElse(0);
            last = below + 1;
            depth.put(link.transfer().hash(), last);
        }
        return last;
    }
}
