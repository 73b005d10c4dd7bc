package org.jiaozi.wallet;

import java.util.List;
import org.jiaozi.core.refusal.RefusalCode;
import org.jiaozi.core.tap.PayeeTap;
import org.jiaozi.core.tap.PayerTap;
import org.jiaozi.core.tap.TapMessage;
import org.jiaozi.core.tap.TapMessage.RefusalMessage;
import org.jiaozi.core.value.Bytes;
import org.jiaozi.wallet.World.Device;
import org.jiaozi.wallet.host.PayeeSession;
import org.jiaozi.wallet.host.PayerSession;

/** Carries the bytes of one tap between two devices. */
final class Tap {
    private Tap() {}

    /** One whole payment. */
    static void pay(Device payer, Device payee, long amount) {
        Bytes request = payee.ask(amount);
        Bytes payment = payment(payer, request);
        Bytes receipt = deliver(payee, payment);
        if (TapMessage.decode(receipt) instanceof RefusalMessage refused) {
            throw new AssertionError(payee.name + ": " + refused.refusal());
        }
        acknowledge(payer, request, receipt);
    }

    /** What the payer answers to a request: a payment, or a refusal. */
    static Bytes payment(Device payer, Bytes request) {
        return payment(payer, request, true);
    }

    static Bytes payment(Device payer, Bytes request, boolean pin) {
        PayerSession.Turn turn =
                PayerSession.received(payer.state, PayerTap.start(), request, false, payer.context(pin));
        payer.state = turn.wallet();
        if (turn.decide().isPresent()) {
            turn = PayerSession.approve(payer.state, turn.tap(), turn.decide().get(), payer.context(pin));
            payer.state = turn.wallet();
        }
        return one(turn.send());
    }

    /** What the payee answers to a payment: a receipt, or a refusal. */
    static Bytes deliver(Device payee, Bytes payment) {
        PayeeSession.Turn turn = PayeeSession.received(payee.state, PayeeTap.start(), payment, payee.context());
        payee.state = turn.wallet();
        return one(turn.send());
    }

    static void acknowledge(Device payer, Bytes request, Bytes answer) {
        if (!(TapMessage.decode(request) instanceof TapMessage.RequestMessage m)) {
            throw new AssertionError("not a request");
        }
        PayerTap.State sent = PayerSession.resume(
                        payer.state, m.request().statement().nonce())
                .orElseThrow();
        PayerSession.Turn turn = PayerSession.received(payer.state, sent, answer, false, payer.context());
        payer.state = turn.wallet();
    }

    static RefusalCode refusal(Bytes message) {
        if (TapMessage.decode(message) instanceof RefusalMessage m) {
            return m.refusal().code();
        }
        throw new AssertionError("not a refusal: " + TapMessage.decode(message).getClass());
    }

    private static Bytes one(List<Bytes> messages) {
        if (messages.size() != 1) {
            throw new AssertionError(messages.size() + " messages");
        }
        return messages.getFirst();
    }
}
