package org.jiaozi.crypto;

import java.util.Optional;
import org.jiaozi.core.crypto.PublicKey;
import org.jiaozi.core.value.Bytes;

/** What carries out P-256 with SHA-256, and the AES-GCM that comes with it. Thread-safe, as are the keys it makes. */
interface Es256Engine {
    /** For people. */
    String name();

    /** Decompresses a key; empty when x is not that of a point. */
    Optional<VerifyingKey> decode(PublicKey key);

    /** Prepares the key with this scalar, which must lie in [1, n-1]. */
    SigningKey signingKey(Bytes scalar);

    /** What it ciphers with. */
    AesGcm aesGcm();

    /** A decoded public key. */
    interface VerifyingKey {
        /** Whether the 64 bytes r||s sign {@code message}; never throws. */
        boolean verify(byte[] message, byte[] rs);
    }

    /** A prepared private key. */
    interface SigningKey {
        /** r||s, 64 bytes; s as it came. */
        byte[] sign(byte[] message);
    }
}
