package org.jiaozi.crypto;

import java.util.Optional;
import org.bouncycastle.crypto.params.X25519PrivateKeyParameters;
import org.bouncycastle.crypto.params.X25519PublicKeyParameters;
import org.jiaozi.core.crypto.Sealer;
import org.jiaozi.core.value.Bytes;

/**
 * HPKE (RFC 9180): base mode, DHKEM(X25519, HKDF-SHA256), HKDF-SHA256, AES-128-GCM. Keys are agreed on BouncyCastle, and what is
 * long, the message, is ciphered by the code that {@link Providers} has. All randomness, ephemeral keys included, comes from the
 * entropy it is given. Thread-safe.
 */
public final class HpkeSealer implements Sealer {
    private final Entropy entropy;
    private final Es256Choice choice;

    public HpkeSealer(Entropy entropy) {
        this(entropy, Providers.es256());
    }

    HpkeSealer(Entropy entropy, Es256Choice choice) {
        this.entropy = entropy;
        this.choice = choice;
    }

    @Override
    public KeyPair newKeyPair() {
        X25519PrivateKeyParameters secret = draw();
        return new KeyPair(Bytes.of(secret.generatePublicKey().getEncoded()), Bytes.of(secret.getEncoded()));
    }

    /**
     * {@inheritDoc}
     *
     * @throws IllegalArgumentException when {@code recipient} has another length than {@link #PUBLIC_KEY_SIZE} or is a
     *     point of low order, to which nothing can be sealed
     */
    @Override
    public Bytes seal(Bytes recipient, Bytes info, Bytes aad, Bytes plaintext) {
        return seal(draw(), recipient, info, aad, plaintext);
    }

    /** Seals with a given ephemeral key, as the published vectors do. */
    Bytes seal(X25519PrivateKeyParameters ephemeral, Bytes recipient, Bytes info, Bytes aad, Bytes plaintext) {
        if (recipient.size() != PUBLIC_KEY_SIZE) {
            throw new IllegalArgumentException("sealing key of " + recipient.size() + " bytes");
        }
        Bytes encapsulated = Bytes.of(ephemeral.generatePublicKey().getEncoded());
        HpkeKeys keys;
        try {
            keys = HpkeKeys.agree(
                    ephemeral, new X25519PublicKeyParameters(recipient.toArray()), encapsulated, recipient, info);
        } catch (IllegalStateException lowOrder) {
            throw new IllegalArgumentException("sealing key is a point of low order", lowOrder);
        }
        return encapsulated.concat(Bytes.of(choice.engine()
                .aesGcm()
                .seal(keys.key().toArray(), keys.nonce().toArray(), aad.toArray(), plaintext.toArray())));
    }

    @Override
    public Optional<Bytes> open(KeyPair recipient, Bytes info, Bytes aad, Bytes sealed) {
        if (sealed.size() < OVERHEAD) {
            return Optional.empty();
        }
        Bytes encapsulated = sealed.slice(0, PUBLIC_KEY_SIZE);
        byte[] text = sealed.slice(PUBLIC_KEY_SIZE, sealed.size()).toArray();
        HpkeKeys keys;
        try {
            keys = HpkeKeys.agree(
                    new X25519PrivateKeyParameters(recipient.privateKey().toArray()),
                    new X25519PublicKeyParameters(encapsulated.toArray()),
                    encapsulated,
                    recipient.publicKey(),
                    info);
        } catch (IllegalStateException lowOrder) {
            return Optional.empty();
        }
        return choice.engine()
                .aesGcm()
                .open(keys.key().toArray(), keys.nonce().toArray(), aad.toArray(), text)
                .map(Bytes::of);
    }

    private X25519PrivateKeyParameters draw() {
        return new X25519PrivateKeyParameters(
                entropy.next(X25519PrivateKeyParameters.KEY_SIZE).toArray());
    }
}
