package org.jiaozi.core.message;

import org.jiaozi.core.codec.Cbor;
import org.jiaozi.core.codec.Fields;
import org.jiaozi.core.statement.Statement;
import org.jiaozi.core.statement.StatementType;
import org.jiaozi.core.value.Bytes;
import org.jiaozi.core.value.Hash;
import org.jiaozi.core.value.InstitutionId;
import org.jiaozi.core.value.Timestamp;

/**
 * Who signed a deposit at an institution that is gone says which account elsewhere is to get it; signed by the same purse
 * key (spec 07, clause 10).
 *
 * @param institution where the account is
 * @param account its name, at most 64 bytes
 * @param deposit the deposit transfer's hash
 * @param at the depositor's clock
 */
public record Handover(InstitutionId institution, String account, Hash deposit, Timestamp at) implements Statement {
    @Override
    public StatementType type() {
        return StatementType.HANDOVER;
    }

    @Override
    public Bytes payload() {
        return Cbor.map()
                .put(1, Cbor.of(institution.number()))
                .put(2, Cbor.of(account))
                .put(3, Cbor.of(deposit.bytes()))
                .put(4, Cbor.of(at.seconds()))
                .build()
                .encode();
    }

    /** Reads a payload. */
    public static Handover read(Bytes header, Bytes payload) {
        Fields f = Fields.decode(payload, 256);
        Handover handover = new Handover(f.institution(1), f.text(2, 64), f.hash(3), f.time(4));
        f.end();
        return handover;
    }
}
