package org.jiaozi.core.crypto;

import org.jiaozi.core.codec.Cbor;
import org.jiaozi.core.value.Bytes;
import org.jiaozi.core.value.Thumbprint;
import org.jspecify.annotations.Nullable;

/**
 * A P-256 public key as a compressed point (SEC 1): 02 or 03, then x. Whether x lies on the curve is the verifier's
 * business; a key that does not verifies nothing. Immutable, and compared by content.
 */
public final class PublicKey {
    public static final int SIZE = 33;

    private final Bytes compressed;
    /** Worked out when it is first asked for; whoever works it out twice gets the same. */
    private @Nullable Thumbprint thumbprint;

    /**
     * A key.
     *
     * @param compressed exactly 33 bytes
     */
    public PublicKey(Bytes compressed) {
        if (compressed.size() != SIZE || (compressed.at(0) != 2 && compressed.at(0) != 3)) {
            throw new IllegalArgumentException("not a compressed P-256 point");
        }
        this.compressed = compressed;
    }

    /** The point, 33 bytes. */
    public Bytes compressed() {
        return compressed;
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
        Thumbprint known = thumbprint;
        if (known == null) {
            known = new Thumbprint(Sha256.hash(coseKey().encode()).bytes());
            thumbprint = known;
        }
        return known;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof PublicKey that && compressed.equals(that.compressed);
    }

    @Override
    public int hashCode() {
        return compressed.hashCode();
    }

    @Override
    public String toString() {
        return "PublicKey[" + compressed + "]";
    }
}
