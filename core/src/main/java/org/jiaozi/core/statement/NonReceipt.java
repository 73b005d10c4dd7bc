package org.jiaozi.core.statement;

import java.util.Optional;
import org.jiaozi.core.codec.Cbor;
import org.jiaozi.core.codec.Fields;
import org.jiaozi.core.value.Bytes;
import org.jiaozi.core.value.Hash;
import org.jiaozi.core.value.Nonce;

/**
 * The payee's purse says which transfer it credited for a request, or that it credited none and never will: with it the
 * payer's institution returns the value of any other transfer that answered the request.
 *
 * @param nonce the request
 * @param accepted the one credited transfer, or empty
 */
public record NonReceipt(Nonce nonce, Optional<Hash> accepted) implements Statement {
    @Override
    public StatementType type() {
        return StatementType.NON_RECEIPT;
    }

    @Override
    public Bytes payload() {
        return Cbor.map()
                .put(1, Cbor.of(nonce.bytes()))
                .put(2, accepted.<Cbor>map(h -> Cbor.of(h.bytes())).orElse(Cbor.nil()))
                .build()
                .encode();
    }

    /** Whether it denies having credited {@code transfer}. */
    public boolean denies(Hash transfer) {
        return accepted.isEmpty() || !accepted.get().equals(transfer);
    }

    /** Reads a payload. */
    public static NonReceipt read(Bytes header, Bytes payload) {
        Fields f = Fields.decode(payload, 128);
        Nonce nonce = f.nonce(1);
        Cbor accepted = f.item(2);
        f.end();
        return new NonReceipt(
                nonce,
                accepted instanceof Cbor.Null
                        ? Optional.empty()
                        : Optional.of(new Hash(Fields.exactly(accepted, Hash.SIZE))));
    }
}
