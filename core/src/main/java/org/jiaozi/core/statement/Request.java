package org.jiaozi.core.statement;

import org.jiaozi.core.codec.Cbor;
import org.jiaozi.core.codec.Fields;
import org.jiaozi.core.crypto.Sealer;
import org.jiaozi.core.value.Amount;
import org.jiaozi.core.value.Bytes;
import org.jiaozi.core.value.Currency;
import org.jiaozi.core.value.Limit;
import org.jiaozi.core.value.Nonce;
import org.jiaozi.core.value.PlainText;
import org.jiaozi.core.value.Timestamp;

/**
 * The payee's purse asks for money (spec 06, clause 2).
 *
 * @param amount above 0
 * @param currency what is asked for
 * @param nonce from the payee's purse, open until paid or closed
 * @param at the payee's clock; the transfer carries the same instant
 * @param epoch the bulletin epoch the payee has, below 2^32
 * @param reference for people, at most 64 bytes of UTF-8, plain
 * @param sealingKey a fresh X25519 key to which the payment is sealed; never of low order
 */
public record Request(
        Amount amount, Currency currency, Nonce nonce, Timestamp at, long epoch, String reference, Bytes sealingKey)
        implements Statement {
    public static final int MAX_REFERENCE = 64;

    public Request {
        if (amount.isZero()) {
            throw new IllegalArgumentException("a request for nothing");
        }
        Limit.check("epoch", epoch, Limit.UINT32);
        if (!Sealer.isUsable(sealingKey)) {
            throw new IllegalArgumentException("a sealing key to which nothing can be sealed");
        }
        if (reference.getBytes(java.nio.charset.StandardCharsets.UTF_8).length > MAX_REFERENCE) {
            throw new IllegalArgumentException("a reference longer than " + MAX_REFERENCE + " bytes");
        }
        if (!PlainText.isPlain(reference)) {
            throw new IllegalArgumentException("a reference with a control character");
        }
    }

    @Override
    public StatementType type() {
        return StatementType.REQUEST;
    }

    @Override
    public Bytes payload() {
        return Cbor.map()
                .put(1, Cbor.of(amount.minor()))
                .put(2, Cbor.of(currency.code()))
                .put(3, Cbor.of(nonce.bytes()))
                .put(4, Cbor.of(at.seconds()))
                .put(5, Cbor.of(epoch))
                .put(6, Cbor.of(reference))
                .put(7, Cbor.of(sealingKey))
                .build()
                .encode();
    }

    /** Reads a payload. */
    public static Request read(Bytes header, Bytes payload) {
        Fields f = Fields.decode(payload, 512);
        Request request = new Request(
                f.amount(1),
                f.currency(2),
                f.nonce(3),
                f.time(4),
                f.uint(5, Limit.UINT32),
                f.text(6, MAX_REFERENCE),
                f.exactly(7, 32));
        f.end();
        return request;
    }
}
