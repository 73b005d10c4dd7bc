package org.jiaozi.core.message;

import java.util.List;
import org.jiaozi.core.codec.Cbor;
import org.jiaozi.core.codec.Fields;
import org.jiaozi.core.crypto.PublicKey;
import org.jiaozi.core.crypto.Signature;
import org.jiaozi.core.crypto.SignatureVerifier;
import org.jiaozi.core.crypto.Signer;
import org.jiaozi.core.value.Bytes;
import org.jiaozi.core.value.InstitutionId;
import org.jiaozi.core.value.Nonce;

/**
 * A key with the proof that the sender holds it: its signature over the institution and the message id.
 *
 * @param key the public key
 * @param proof over {@link #challenge}
 */
public record KeyProof(PublicKey key, Signature proof) {
    /** What the proof signs: {@code ["jiaozi/1/key-proof", institution, id]}. */
    public static Bytes challenge(InstitutionId institution, Nonce messageId) {
        return Cbor.array(Cbor.of("jiaozi/1/key-proof"), Cbor.of(institution.number()), Cbor.of(messageId.bytes()))
                .encode();
    }

    /** Proves {@code signer}'s key. */
    public static KeyProof by(Signer signer, InstitutionId institution, Nonce messageId) {
        return new KeyProof(signer.publicKey(), signer.sign(challenge(institution, messageId)));
    }

    public boolean verifies(SignatureVerifier verifier, InstitutionId institution, Nonce messageId) {
        return verifier.verify(key, challenge(institution, messageId), proof);
    }

    Cbor cbor() {
        return Cbor.array(Cbor.of(key.compressed()), Cbor.of(proof.bytes()));
    }

    static KeyProof read(Cbor item) {
        List<Cbor> parts = Items.exactly(item, 2);
        return Fields.valid(() -> new KeyProof(
                new PublicKey(Fields.exactly(parts.get(0), PublicKey.SIZE)),
                Fields.asSignature(Fields.exactly(parts.get(1), Signature.SIZE))));
    }
}
