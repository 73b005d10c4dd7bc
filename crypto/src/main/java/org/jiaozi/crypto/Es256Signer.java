package org.jiaozi.crypto;

import org.jiaozi.core.crypto.PublicKey;
import org.jiaozi.core.crypto.Signature;
import org.jiaozi.core.crypto.Signer;
import org.jiaozi.core.value.Bytes;

/** Signs ES256 with a key in memory, in normal form (low s). Thread-safe. */
public final class Es256Signer implements Signer {
    private final PublicKey publicKey;
    private final Es256Engine.SigningKey key;

    private Es256Signer(SecretKey secret, Es256Engine engine) {
        this.publicKey = secret.publicKey();
        // the scalar goes into the engine's own key object and nowhere else
        this.key = engine.signingKey(secret.scalar(InsecureSecretAccess.get()));
    }

    /** Signs on the engine in use now; whether its nonces are drawn or derived is the engine's business. */
    public static Es256Signer of(SecretKey secret) {
        return new Es256Signer(secret, Providers.es256().engine());
    }

    /** Signs with nonces after RFC 6979: one message, one signature. For vectors and reproducible runs. */
    public static Es256Signer deterministic(SecretKey secret) {
        return new Es256Signer(secret, BouncyCastleEs256.INSTANCE);
    }

    static Es256Signer on(SecretKey secret, Es256Engine engine) {
        return new Es256Signer(secret, engine);
    }

    @Override
    public PublicKey publicKey() {
        return publicKey;
    }

    @Override
    public Signature sign(Bytes message) {
        return Signature.normalise(Bytes.of(key.sign(message.toArray())));
    }

    @Override
    public String toString() {
        return "Es256Signer[of " + publicKey.compressed().hex() + "]";
    }
}
