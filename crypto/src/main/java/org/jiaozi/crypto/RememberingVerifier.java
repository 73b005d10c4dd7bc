package org.jiaozi.crypto;

import org.jiaozi.core.crypto.PublicKey;
import org.jiaozi.core.crypto.Sha256;
import org.jiaozi.core.crypto.Signature;
import org.jiaozi.core.crypto.SignatureVerifier;
import org.jiaozi.core.value.Bytes;
import org.jiaozi.core.value.Hash;

/**
 * Verifies a signature once and remembers that it holds: notes, certificates and the transfers that several lineages share come
 * again and again. What it remembers is the hash of key, signature and message together, so that a hit is a proof as good as
 * the first; what does not hold is never remembered, so that nobody fills it for nothing. Thread-safe, bounded.
 */
public final class RememberingVerifier implements SignatureVerifier {
    private final SignatureVerifier verifier;
    private final BoundedCache<Hash, Boolean> held;

    /**
     * @param verifier is asked the first time
     * @param capacity signatures remembered at most; the least lately asked for go first
     */
    public RememberingVerifier(SignatureVerifier verifier, int capacity) {
        this.verifier = verifier;
        this.held = new BoundedCache<>(capacity);
    }

    @Override
    public boolean verify(PublicKey key, Bytes message, Signature signature) {
        // key and signature are of fixed length, so that no two questions make the same bytes
        Hash question = Sha256.hash(key.compressed(), signature.bytes(), message);
        if (held.get(question) != null) {
            return true;
        }
        boolean holds = verifier.verify(key, message, signature);
        if (holds) {
            held.put(question, true);
        }
        return holds;
    }
}
