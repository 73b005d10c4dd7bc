package org.jiaozi.core.crypto;

import org.jiaozi.core.codec.Cbor;
import org.jiaozi.core.value.Bytes;
import org.jiaozi.core.value.Thumbprint;

/**
 * A P-256 public key as a compressed point (SEC 1): 02 or 03, then x. Whether x lies on the curve is the verifier's
 * business; a key that does not verifies nothing.
 *
 * @param compressed exactly 33 bytes
 */
public record PublicKey(Bytes compressed) {
    public static final int SIZE = 33;

    public PublicKey {
        if (compressed.size() != SIZE || (compressed.at(0) != 2 && compressed.at(0) != 3)) {
            throw new IllegalArgumentException("not a compressed P-256 point");
        }
    }

    /** The COSE_Key (RFC 9053, 7.1.1): kty EC2, crv P-256, x, and the sign of y as a Boolean. */
    public Cbor coseKey() {
        return Cbor.map()
                .put(1, Cbor.of(2))
                .put(-1, Cbor.of(1))
                .put(-2, Cbor.of(compressed.slice(1, SIZE)))
                .put(-3, Cbor.of(compressed.at(0) == 3))
                .build();
    }

    /** SHA-256 of the COSE_Key's deterministic encoding (spec 02, clause 6). */
    public Thumbprint thumbprint() {
        return new Thumbprint(Sha256.hash(coseKey().encode()).bytes());
    }
}
