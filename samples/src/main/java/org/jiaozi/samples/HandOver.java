package org.jiaozi.samples;

import java.io.PrintStream;
import org.jiaozi.core.tap.PayeeTap;
import org.jiaozi.core.tap.PayerTap;
import org.jiaozi.core.value.Amount;
import org.jiaozi.core.value.Bytes;
import org.jiaozi.wallet.host.PayeeSession;
import org.jiaozi.wallet.host.PayerSession;
import org.jiaozi.wallet.host.Wallet;

/** Alice loads 10.00 and hands 2.50 to Bob; neither has a network, and the three messages are bytes in memory. */
public final class HandOver {
    private HandOver() {}

    public static void main(String[] args) {
        run(System.out);
    }

    static void run(PrintStream out) {
        ToyBank bank = new ToyBank();
        Pocket alice = new Pocket(bank);
        Pocket bob = new Pocket(bank);
        alice.load(10_00);

        // Bob asks. The nonce and the sealing key are drawn for this request and never used again.
        Bytes request = bob.keep(Wallet.ask(
                        bob.state, new Amount(2_50), "tea", bank.nonce(), bank.sealer.newKeyPair(), bob.context()))
                .encode();

        // Alice checks it and pays. What she signs is kept before it is sent.
        PayerSession.Turn asked = PayerSession.received(alice.state, PayerTap.start(), request, false, alice.context());
        PayerSession.Turn paid =
                PayerSession.approve(asked.wallet(), asked.tap(), asked.decide().orElseThrow(), alice.context());
        alice.state = paid.wallet();
        Bytes payment = paid.send().getFirst();

        // Bob checks everything up to the issuer's signature, credits it, and answers with a receipt.
        PayeeSession.Turn credited = PayeeSession.received(bob.state, PayeeTap.start(), payment, bob.context());
        bob.state = credited.wallet();
        Bytes receipt = credited.send().getFirst();

        // Alice checks the receipt.
        PayerSession.Turn settled = PayerSession.received(alice.state, paid.tap(), receipt, false, alice.context());
        alice.state = settled.wallet();
        if (!(settled.tap() instanceof PayerTap.State.Settled done)) {
            throw new IllegalStateException("not settled: " + settled.tap());
        }
        out.println(
                "request " + request.size() + ", payment " + payment.size() + ", receipt " + receipt.size() + " bytes");
        out.println("Alice holds " + alice.state.purse().holding().minor());
        out.println("Bob holds " + bob.state.purse().holding().minor());
        out.println("receipt for transfer " + done.receipt().statement().transfer());
    }
}
