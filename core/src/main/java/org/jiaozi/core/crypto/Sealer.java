package org.jiaozi.core.crypto;

import java.util.Optional;
import org.jiaozi.core.value.Bytes;

/**
 * The port for HPKE (RFC 9180), base mode, DHKEM(X25519, HKDF-SHA256), HKDF-SHA256, AES-128-GCM, single shot. A sealed
 * message is the encapsulated key (32 bytes) followed by the ciphertext with its tag (16 bytes longer than the text).
 */
public interface Sealer {
    int PUBLIC_KEY_SIZE = 32;
    int OVERHEAD = 48;

    /**
     * Whether something can be sealed to {@code key}: 32 bytes that are no point of low order (spec 02, clause 8). To
     * such a point everybody has the same shared secret, zero, and HPKE refuses it.
     */
    static boolean isUsable(Bytes key) {
        return key.size() == PUBLIC_KEY_SIZE && !LowOrder.POINTS.contains(LowOrder.masked(key));
    }

    /** A key pair; the private half stays with its maker. */
    record KeyPair(Bytes publicKey, Bytes privateKey) {
        @Override
        public String toString() {
            return "KeyPair[" + publicKey.hex() + "]";
        }
    }

    /** Draws a fresh key pair. */
    KeyPair newKeyPair();

    /** Seals {@code plaintext} to {@code recipient}; {@code info} binds the purpose, {@code aad} the context. */
    Bytes seal(Bytes recipient, Bytes info, Bytes aad, Bytes plaintext);

    /** Opens; empty when anything was altered or it was sealed to another key. */
    Optional<Bytes> open(KeyPair recipient, Bytes info, Bytes aad, Bytes sealed);
}
