package org.jiaozi.cli.wallet.tap;

import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jiaozi.cli.CommandFailure;
import org.jiaozi.cli.output.Printer;
import org.jiaozi.cli.wallet.session.Session;
import org.jiaozi.cli.wallet.session.WalletAction;
import org.jiaozi.cli.wallet.store.Act;
import org.jiaozi.cli.wallet.store.Change;
import org.jiaozi.core.crypto.Sha256;
import org.jiaozi.core.refusal.Refusal;
import org.jiaozi.core.statement.Request;
import org.jiaozi.core.tap.PayeeTap;
import org.jiaozi.core.tap.TapMessage;
import org.jiaozi.core.value.Amount;
import org.jiaozi.core.value.Bytes;
import org.jiaozi.core.value.Nonce;
import org.jiaozi.core.value.Thumbprint;
import org.jiaozi.wallet.host.PayeeSession;
import org.jiaozi.wallet.host.WalletState;

/** The payee's side: takes messages until one is answered. What a message changed is durable before the answer goes. */
final class PayeeRun {
    private final Session session;
    private final Printer printer;

    PayeeRun(Session session, Printer printer) {
        this.session = session;
        this.printer = printer;
    }

    /**
     * Runs to the answer.
     *
     * @param next the other side's next message
     * @param send takes what goes to it
     * @param once whether there is but one message: a file
     * @return the answer for programs; refuses where the payment was refused
     */
    Map<String, Object> run(Supplier<Bytes> next, Consumer<Bytes> send, boolean once) {
        PayeeTap.State tap = PayeeTap.start();
        while (true) {
            WalletState before = session.state();
            PayeeSession.Turn turn = PayeeSession.received(before, tap, next.get(), session.context());
            tap = turn.tap();
            if (!turn.wallet().equals(before)) {
                session.commit(Act.RECEIVE, change(before, turn.wallet()));
            }
            turn.send().forEach(send);
            for (Refusal report : turn.reports()) {
                if (once) {
                    throw CommandFailure.refused(report);
                }
                printer.human("Ignored what the other side sent: " + report);
            }
            switch (tap) {
                case PayeeTap.State.Answered answered -> {
                    return answer(before, answered.answer());
                }
                case PayeeTap.State.Ended ended -> throw CommandFailure.refused(ended.refusal());
                case PayeeTap.State.Waiting ignored -> {
                    if (once) {
                        throw new CommandFailure("that message asks for nothing: read the payer's payment");
                    }
                }
                case PayeeTap.State.Crediting ignored -> throw new IllegalStateException("a session stops half-way");
                case PayeeTap.State.Closing ignored -> throw new IllegalStateException("a session stops half-way");
            }
        }
    }

    private Change change(WalletState before, WalletState after) {
        Change change = Change.to(after);
        after.requests().forEach((nonce, request) -> {
            Optional<PayeeTap.Answer> was = Optional.ofNullable(
                            before.requests().get(nonce))
                    .flatMap(r -> r.own().answer());
            Optional<PayeeTap.Answer> is = request.own().answer();
            if (was.isEmpty() && is.isPresent()) {
                boolean credited = is.get().accepted().isPresent();
                Request asked = request.own().message().request().statement();
                change.line(session.line(
                        credited ? "received" : "refused", asked.amount(), about(asked, Optional.empty())));
            }
        });
        return change;
    }

    /** What a line of history says of a payment: what it was for, to whom, and the nonce by which it is asked for again. */
    static String about(Request request, Optional<Thumbprint> payee) {
        String reference = request.reference().isEmpty() ? "" : request.reference() + ", ";
        String whom = payee.map(p -> "to " + p.hex().substring(0, 8) + ", ").orElse("");
        return reference + whom + "request " + request.nonce().hex();
    }

    private Map<String, Object> answer(WalletState before, PayeeTap.Answer answer) {
        return switch (TapMessage.decode(answer.message())) {
            case TapMessage.ReceiptMessage m -> {
                Nonce nonce = m.receipt().statement().nonce();
                WalletState.Received was = before.requests().get(nonce);
                Amount amount = session.state()
                        .requests()
                        .get(nonce)
                        .own()
                        .message()
                        .request()
                        .statement()
                        .amount();
                Map<String, Object> json = WalletAction.ok();
                json.put("nonce", nonce.hex());
                json.put("credited", amount.minor());
                json.put("transfer", m.receipt().statement().transfer().hex());
                json.put("bytes", answer.message().size());
                json.put("sha256", Sha256.hash(answer.message()).hex());
                json.put("repeated", was != null && was.own().answer().isPresent());
                json.put("holding", session.state().purse().holding().minor());
                printer.human("Received " + session.shown(amount) + "; now holding "
                        + session.shown(session.state().purse().holding()));
                yield json;
            }
            case TapMessage.RefusalMessage m -> throw CommandFailure.refused(m.refusal());
            default -> throw new IllegalStateException("an answer that is neither receipt nor refusal");
        };
    }
}
