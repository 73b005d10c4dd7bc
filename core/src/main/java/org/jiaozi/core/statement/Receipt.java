package org.jiaozi.core.statement;

import org.jiaozi.core.codec.Cbor;
import org.jiaozi.core.codec.Fields;
import org.jiaozi.core.value.Bytes;
import org.jiaozi.core.value.Hash;
import org.jiaozi.core.value.Nonce;
import org.jiaozi.core.value.Timestamp;

/**
 * The payee's purse says that it credited a transfer.
 *
 * @param nonce the request that was paid
 * @param transfer the credited transfer's hash
 * @param at the payee's clock
 */
public record Receipt(Nonce nonce, Hash transfer, Timestamp at) implements Statement {
    @Override
    public StatementType type() {
        return StatementType.RECEIPT;
    }

    @Override
    public Bytes payload() {
        return Cbor.map()
                .put(1, Cbor.of(nonce.bytes()))
                .put(2, Cbor.of(transfer.bytes()))
                .put(3, Cbor.of(at.seconds()))
                .build()
                .encode();
    }

    /** Reads a payload. */
    public static Receipt read(Bytes header, Bytes payload) {
        Fields f = Fields.decode(payload, 128);
        Receipt receipt = new Receipt(f.nonce(1), f.hash(2), f.time(3));
        f.end();
        return receipt;
    }
}
