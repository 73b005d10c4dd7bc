package org.jiaozi.wallet;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.jiaozi.core.statement.PurseCertificate.Limits;
import org.jiaozi.core.tap.TapMessage;
import org.jiaozi.core.tap.TapMessage.ReceiptMessage;
import org.jiaozi.core.value.Bytes;
import org.jiaozi.core.value.Currency;
import org.jiaozi.core.value.Limit;
import org.junit.jupiter.api.Test;

/** What one payment weighs on the wire, sealed, for a payee that holds the root and the current bulletin. */
final class PaymentSizeTest {
    @Test
    void oneHopFitsIn640BytesAndEachFurtherHopIn260() {
        World world = new World(5);
        // every field at its full width: the packed form has fixed widths, and the currency is the longest there is
        world.currency = new Currency("x-abcdefghijklmn.8");
        world.limits = new Limits(Limit.UINT48, Limit.UINT48, Limit.UINT32, Limit.UINT48);
        long value = Limit.UINT48;
        List<Integer> sizes = new ArrayList<>();
        World.Device payer = world.device("hop-0", 1);
        payer.load(value);
        for (int hop = 1; hop <= 5; hop++) {
            World.Device payee = world.device("hop-" + hop, 1);
            value -= 1;
            Bytes payment = Tap.payment(payer, payee.ask(value));
            sizes.add(payment.size());
            assertThat(TapMessage.decode(Tap.deliver(payee, payment))).isInstanceOf(ReceiptMessage.class);
            payer = payee;
        }
        System.out.println("payment bytes by hops: " + sizes);
        assertThat(sizes.getFirst()).isLessThanOrEqualTo(640);
        for (int i = 1; i < sizes.size(); i++) {
            assertThat(sizes.get(i) - sizes.get(i - 1)).isLessThanOrEqualTo(260);
        }
    }
}
