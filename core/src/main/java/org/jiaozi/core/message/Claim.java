package org.jiaozi.core.message;

import org.jiaozi.core.codec.Cbor;
import org.jiaozi.core.codec.Fields;
import org.jiaozi.core.crypto.PublicKey;
import org.jiaozi.core.crypto.Sha256;
import org.jiaozi.core.statement.Statement;
import org.jiaozi.core.statement.StatementType;
import org.jiaozi.core.value.Bytes;
import org.jiaozi.core.value.InstitutionId;
import org.jiaozi.core.value.Nonce;
import org.jiaozi.core.value.Timestamp;

/**
 * An account claims what its lost devices held; signed by the account key. After expiry and grace the payee of the last
 * known transfer is paid; a transfer that surfaces later is the claimant's debt (spec 07, clause 12).
 *
 * @param institution where the account is
 * @param account its name, at most 64 bytes
 * @param id of the claim; the same one may be asked again and pays what has become due
 * @param at the claimant's clock
 */
public record Claim(InstitutionId institution, String account, Nonce id, Timestamp at) implements Statement {
    /**
     * The one claim that a wallet makes under an account key. Its id follows from what it claims for: asked again after an
     * answer was lost it is the same claim, whose value the registry has paid to the institution already.
     */
    public static Claim of(PublicKey accountKey, InstitutionId institution, String account, Timestamp at) {
        Bytes name = Cbor.array(
                        Cbor.of("jiaozi/1/claim"),
                        Cbor.of(institution.number()),
                        Cbor.of(account),
                        Cbor.of(accountKey.thumbprint().bytes()))
                .encode();
        return new Claim(
                institution, account, new Nonce(Sha256.hash(name).bytes().slice(0, Nonce.SIZE)), at);
    }

    @Override
    public StatementType type() {
        return StatementType.CLAIM;
    }

    @Override
    public Bytes payload() {
        return Cbor.map()
                .put(1, Cbor.of(institution.number()))
                .put(2, Cbor.of(account))
                .put(3, Cbor.of(id.bytes()))
                .put(4, Cbor.of(at.seconds()))
                .build()
                .encode();
    }

    /** Reads a payload. */
    public static Claim read(Bytes header, Bytes payload) {
        Fields f = Fields.decode(payload, 256);
        Claim claim = new Claim(f.institution(1), f.text(2, 64), f.nonce(3), f.time(4));
        f.end();
        return claim;
    }
}
