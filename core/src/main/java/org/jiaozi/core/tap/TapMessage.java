package org.jiaozi.core.tap;

import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.jiaozi.core.codec.DecodeException;
import org.jiaozi.core.lineage.Lineage;
import org.jiaozi.core.refusal.Refusal;
import org.jiaozi.core.statement.NonReceipt;
import org.jiaozi.core.statement.PurseCertificate;
import org.jiaozi.core.statement.Receipt;
import org.jiaozi.core.statement.Request;
import org.jiaozi.core.statement.Signed;
import org.jiaozi.core.value.Bytes;
import org.jiaozi.core.value.Limit;
import org.jiaozi.core.value.Nonce;

/**
 * What two wallets say to each other, the same bytes on every transport (spec 06, clause 1): a deterministic CBOR array
 * that begins with the type. At most 65,535 bytes each.
 */
public sealed interface TapMessage {

    /** Payee to payer: please pay. The certificate is of the key that signed the request. */
    record RequestMessage(Signed<PurseCertificate> certificate, Signed<Request> request) implements TapMessage {}

    /**
     * Payer to payee: a {@link PaymentMessage} sealed to the request's key.
     *
     * @param nonce which request it answers
     * @param sealed HPKE with info {@code jiaozi/1/payment} and the request's hash as associated data
     */
    record SealedPayment(Nonce nonce, Bytes sealed) implements TapMessage {}

    /** Payee to payer: credited. */
    record ReceiptMessage(Signed<Receipt> receipt) implements TapMessage {}

    /**
     * Either to the other: no. The payee's refusal of an authentic payment carries the non-receipt, with which the
     * payer's institution returns the value.
     *
     * @param refusal why; its detail is cut to 128 bytes
     * @param nonce the request in question
     * @param nonReceipt signed by the key that signed the request
     */
    record RefusalMessage(Refusal refusal, Nonce nonce, Optional<Signed<NonReceipt>> nonReceipt) implements TapMessage {
        public static final int MAX_DETAIL = 128;

        public RefusalMessage {
            refusal = new Refusal(refusal.code(), cut(refusal.detail()));
        }

        private static String cut(String detail) {
            int end = detail.length();
            while (detail.substring(0, end).getBytes(StandardCharsets.UTF_8).length > MAX_DETAIL) {
                // never between the halves of a surrogate pair
                end = detail.offsetByCodePoints(end, -1);
            }
            return detail.substring(0, end);
        }
    }

    /** The fresher side hands over a signed bulletin, or the delta that leads to it. */
    record BulletinMessage(Bytes bulletin) implements TapMessage {
        public BulletinMessage {
            Limit.check("bulletin bytes", bulletin.size(), MAX_BULLETIN);
        }
    }

    /**
     * Payer to payee: the transfer with all that proves it. Travels in the clear only where the channel is the card's
     * own contacts.
     *
     * @param lineage its head is the payment
     * @param bulletin a bulletin or delta for a payee that is behind
     */
    record PaymentMessage(Lineage lineage, Optional<Bytes> bulletin) implements TapMessage {}

    /**
     * Payer to payee, before paying: hand me what came after this epoch.
     *
     * @param epoch the bulletin epoch the payer has, below 2^32
     */
    record BulletinWanted(long epoch) implements TapMessage {
        public BulletinWanted {
            Limit.check("epoch", epoch, Limit.UINT32);
        }
    }

    /** The longest bulletin or delta that fits a tap. */
    int MAX_BULLETIN = 48 * 1024;

    /** The bytes on every transport. */
    default Bytes encode() {
        return TapCodec.encode(this);
    }

    /**
     * Reads a message.
     *
     * @throws DecodeException with the refusal
     */
    static TapMessage decode(Bytes bytes) {
        return TapCodec.decode(bytes);
    }
}
