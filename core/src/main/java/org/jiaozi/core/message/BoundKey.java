package org.jiaozi.core.message;

import java.util.List;
import org.jiaozi.core.codec.Cbor;
import org.jiaozi.core.codec.Fields;
import org.jiaozi.core.crypto.PublicKey;
import org.jiaozi.core.crypto.Signature;
import org.jiaozi.core.crypto.SignatureVerifier;
import org.jiaozi.core.value.InstitutionId;
import org.jiaozi.core.value.Nonce;
import org.jiaozi.core.value.Thumbprint;

/**
 * A purse key with its own word on who may certify it: what it signed when it was bound to an institution. An institution
 * can certify any key it has heard of; this it cannot make up.
 *
 * @param proof as it came with the wallet's message
 * @param message the id of that message
 */
public record BoundKey(KeyProof proof, Nonce message) {
    public PublicKey key() {
        return proof.key();
    }

    /** The name under which this key holds value. */
    public Thumbprint thumbprint() {
        return proof.key().thumbprint();
    }

    /** Whether the key asked {@code institution} to certify it. */
    public boolean verifies(SignatureVerifier verifier, InstitutionId institution) {
        return proof.verifies(verifier, institution, message);
    }

    Cbor cbor() {
        return Cbor.array(
                Cbor.of(proof.key().compressed()), Cbor.of(proof.proof().bytes()), Cbor.of(message.bytes()));
    }

    static BoundKey read(Cbor item) {
        List<Cbor> parts = Items.exactly(item, 3);
        return Fields.valid(() -> new BoundKey(
                new KeyProof(
                        new PublicKey(Fields.exactly(parts.get(0), PublicKey.SIZE)),
                        Fields.asSignature(Fields.exactly(parts.get(1), Signature.SIZE))),
                new Nonce(Fields.exactly(parts.get(2), Nonce.SIZE))));
    }
}
