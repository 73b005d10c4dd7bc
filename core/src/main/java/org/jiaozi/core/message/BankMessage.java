package org.jiaozi.core.message;

import java.util.function.Consumer;
import org.jiaozi.core.codec.Cbor;
import org.jiaozi.core.codec.DecodeException;
import org.jiaozi.core.codec.Fields;
import org.jiaozi.core.crypto.Signer;
import org.jiaozi.core.statement.Headers;
import org.jiaozi.core.statement.Signed;
import org.jiaozi.core.statement.Statement;
import org.jiaozi.core.statement.StatementType;
import org.jiaozi.core.value.Bytes;
import org.jiaozi.core.value.IssuerKeyId;
import org.jiaozi.core.value.Limit;
import org.jiaozi.core.value.Nonce;
import org.jiaozi.core.value.Timestamp;

/**
 * What an institution or the central bank says under its own key: requests between them, and answers to wallets (spec
 * 07, clause 3).
 *
 * @param signer the signing key
 * @param id drawn by the sender for a request; the request's id in an answer
 * @param at the signer's clock
 * @param body a {@link BankRequest}, {@link BankAnswer} or {@link WalletAnswer} in CBOR
 */
public record BankMessage(IssuerKeyId signer, Nonce id, Timestamp at, Cbor body) implements Statement {
    /**
     * Signs what its reader can read. An answer that nobody can would be given again and again, once it is durable (spec 07,
     * clause 8).
     *
     * @param reader of the body
     * @throws IllegalStateException where it cannot be read
     */
    public Signed<BankMessage> signed(Signer signer, Consumer<Cbor> reader) {
        Signed<BankMessage> signed = Signed.by(signer, this);
        try {
            reader.accept(Signed.decode(signed.encode(), Limit.SERVICE_MESSAGE_BYTES, BankMessage::read)
                    .statement()
                    .body());
        } catch (DecodeException e) {
            throw new IllegalStateException("an answer that nobody can read: " + e.refusal(), e);
        }
        return signed;
    }

    @Override
    public StatementType type() {
        return StatementType.BANK_MESSAGE;
    }

    @Override
    public Bytes protectedHeader() {
        return Statement.headerFor(signer);
    }

    @Override
    public Bytes payload() {
        return Cbor.map()
                .put(1, Cbor.of(id.bytes()))
                .put(2, Cbor.of(at.seconds()))
                .put(3, body)
                .build()
                .encode();
    }

    /** Reads header and payload. */
    public static BankMessage read(Bytes header, Bytes payload) {
        Fields f = Fields.decode(payload, Limit.SERVICE_MESSAGE_BYTES);
        BankMessage message = new BankMessage(Headers.issuer(header), f.nonce(1), f.time(2), f.item(3));
        f.end();
        return message;
    }
}
