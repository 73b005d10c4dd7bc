package org.jiaozi.core.tap;

import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.jiaozi.core.codec.DecodeException;
import org.jiaozi.core.crypto.Sealer;
import org.jiaozi.core.refusal.RefusalCode;
import org.jiaozi.core.statement.Request;
import org.jiaozi.core.statement.Signed;
import org.jiaozi.core.tap.TapMessage.PaymentMessage;
import org.jiaozi.core.tap.TapMessage.SealedPayment;
import org.jiaozi.core.value.Bytes;

/** Seals a payment to its request's key and opens it again (spec 06, clause 6). */
public final class PaymentSeal {
    private static final Bytes INFO = Bytes.of("jiaozi/1/payment".getBytes(StandardCharsets.US_ASCII));

    private PaymentSeal() {}

    /** Seals. Sealing draws randomness, so the result is what must be stored and sent again. */
    public static SealedPayment seal(Sealer sealer, Signed<Request> request, PaymentMessage payment) {
        return new SealedPayment(
                request.statement().nonce(),
                sealer.seal(
                        request.statement().sealingKey(), INFO, request.hash().bytes(), payment.encode()));
    }

    /**
     * Opens.
     *
     * @throws DecodeException 407 if it was altered or sealed for another request
     */
    public static PaymentMessage open(
            Sealer sealer, Sealer.KeyPair key, Signed<Request> request, SealedPayment message) {
        Optional<Bytes> plain = sealer.open(key, INFO, request.hash().bytes(), message.sealed());
        if (plain.isPresent() && TapMessage.decode(plain.get()) instanceof PaymentMessage payment) {
            return payment;
        }
        throw new DecodeException(RefusalCode.CANNOT_OPEN, "not sealed for this request");
    }
}
