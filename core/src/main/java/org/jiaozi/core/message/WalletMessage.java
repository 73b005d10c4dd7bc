package org.jiaozi.core.message;

import org.jiaozi.core.codec.Cbor;
import org.jiaozi.core.codec.Fields;
import org.jiaozi.core.statement.Statement;
import org.jiaozi.core.statement.StatementType;
import org.jiaozi.core.value.Bytes;
import org.jiaozi.core.value.InstitutionId;
import org.jiaozi.core.value.Limit;
import org.jiaozi.core.value.Nonce;
import org.jiaozi.core.value.Thumbprint;
import org.jiaozi.core.value.Timestamp;

/**
 * What a purse key, or an account key, tells its institution, signed by that key (spec 07, clause 2). The institution
 * answers the same id of the same sender with the stored answer, and refuses it for another body.
 *
 * @param institution whom it is meant for
 * @param sender the signing key
 * @param id drawn by the sender, once per message
 * @param at the sender's clock
 * @param body the request
 */
public record WalletMessage(InstitutionId institution, Thumbprint sender, Nonce id, Timestamp at, WalletRequest body)
        implements Statement {
    @Override
    public StatementType type() {
        return StatementType.WALLET_MESSAGE;
    }

    @Override
    public Bytes payload() {
        return Cbor.map()
                .put(1, Cbor.of(institution.number()))
                .put(2, Cbor.of(sender.bytes()))
                .put(3, Cbor.of(id.bytes()))
                .put(4, Cbor.of(at.seconds()))
                .put(5, body.cbor())
                .build()
                .encode();
    }

    /** Reads a payload. */
    public static WalletMessage read(Bytes header, Bytes payload) {
        Fields f = Fields.decode(payload, Limit.SERVICE_MESSAGE_BYTES);
        WalletMessage message = new WalletMessage(
                f.institution(1), f.thumbprint(2), f.nonce(3), f.time(4), WalletRequest.read(f.item(5)));
        f.end();
        return message;
    }
}
