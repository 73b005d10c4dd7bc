package org.jiaozi.core.crypto;

import org.jiaozi.core.value.Bytes;

/** The port through which core checks ES256 signatures. Implementations are thread-safe. */
@FunctionalInterface
public interface SignatureVerifier {
    /** Whether {@code signature} is {@code key}'s over {@code message}; false for a key off the curve, never throws. */
    boolean verify(PublicKey key, Bytes message, Signature signature);
}
