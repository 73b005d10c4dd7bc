package org.jiaozi.crypto;

import java.util.Optional;
import org.jiaozi.core.crypto.PublicKey;
import org.jiaozi.core.crypto.Signature;
import org.jiaozi.core.crypto.SignatureVerifier;
import org.jiaozi.core.value.Bytes;
import org.jspecify.annotations.Nullable;

/**
 * Verifies ES256 on whichever engine {@link Providers} has. Keys it has decompressed are kept, at most
 * {@value #CACHED_KEYS} of them. Thread-safe; never throws for any key or signature.
 */
public final class Es256Verifier implements SignatureVerifier {
    static final int CACHED_KEYS = 32_768;

    private final Es256Choice choice;
    private volatile @Nullable Session session;

    /** Keys decoded by one engine mean nothing to another, so they are replaced together. */
    private record Session(Es256Engine engine, BoundedCache<PublicKey, Es256Engine.VerifyingKey> keys) {}

    public Es256Verifier() {
        this(Providers.es256());
    }

    Es256Verifier(Es256Choice choice) {
        this.choice = choice;
    }

    @Override
    public boolean verify(PublicKey key, Bytes message, Signature signature) {
        Session current = session();
        choice.verified();
        Es256Engine.VerifyingKey decoded = current.keys.get(key);
        if (decoded == null) {
            Optional<Es256Engine.VerifyingKey> fresh = current.engine.decode(key);
            if (fresh.isEmpty()) {
                return false;
            }
            decoded = fresh.get();
            current.keys.put(key, decoded);
        }
        return decoded.verify(message.toArray(), signature.bytes().toArray());
    }

    private Session session() {
        Es256Engine engine = choice.engine();
        Session current = session;
        if (current == null || !current.engine.equals(engine)) {
            // two threads may both make one: the loser's keys are decoded again, nothing else
            current = new Session(engine, new BoundedCache<>(CACHED_KEYS));
            session = current;
        }
        return current;
    }
}
