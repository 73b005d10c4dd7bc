package org.jiaozi.crypto;

import java.util.Optional;
import org.bouncycastle.crypto.AsymmetricCipherKeyPair;
import org.bouncycastle.crypto.InvalidCipherTextException;
import org.bouncycastle.crypto.hpke.HPKE;
import org.bouncycastle.crypto.hpke.HPKEContextWithEncapsulation;
import org.bouncycastle.crypto.params.X25519PrivateKeyParameters;
import org.bouncycastle.crypto.params.X25519PublicKeyParameters;
import org.jiaozi.core.crypto.Sealer;
import org.jiaozi.core.value.Bytes;

/**
 * HPKE (RFC 9180) on BouncyCastle: base mode, DHKEM(X25519, HKDF-SHA256), HKDF-SHA256, AES-128-GCM. All randomness,
 * ephemeral keys included, comes from the entropy it is given. Thread-safe.
 */
public final class HpkeSealer implements Sealer {
    private final Entropy entropy;

    public HpkeSealer(Entropy entropy) {
        this.entropy = entropy;
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
    static Bytes seal(X25519PrivateKeyParameters ephemeral, Bytes recipient, Bytes info, Bytes aad, Bytes plaintext) {
        if (recipient.size() != PUBLIC_KEY_SIZE) {
            throw new IllegalArgumentException("sealing key of " + recipient.size() + " bytes");
        }
        try {
            HPKEContextWithEncapsulation context = suite().setupBaseS(
                            new X25519PublicKeyParameters(recipient.toArray()),
                            info.toArray(),
                            new AsymmetricCipherKeyPair(ephemeral.generatePublicKey(), ephemeral));
            Bytes text = Bytes.of(context.seal(aad.toArray(), plaintext.toArray()));
            return Bytes.of(context.getEncapsulation()).concat(text);
        } catch (IllegalStateException lowOrder) {
            throw new IllegalArgumentException("sealing key is a point of low order", lowOrder);
        } catch (InvalidCipherTextException e) {
            throw new IllegalStateException("sealing cannot meet a bad ciphertext", e);
        }
    }

    @Override
    public Optional<Bytes> open(KeyPair recipient, Bytes info, Bytes aad, Bytes sealed) {
        if (sealed.size() < OVERHEAD) {
            return Optional.empty();
        }
        AsymmetricCipherKeyPair pair = new AsymmetricCipherKeyPair(
                new X25519PublicKeyParameters(recipient.publicKey().toArray()),
                new X25519PrivateKeyParameters(recipient.privateKey().toArray()));
        byte[] encapsulation = sealed.slice(0, PUBLIC_KEY_SIZE).toArray();
        byte[] text = sealed.slice(PUBLIC_KEY_SIZE, sealed.size()).toArray();
        try {
            return Optional.of(Bytes.of(
                    suite().setupBaseR(encapsulation, pair, info.toArray()).open(aad.toArray(), text)));
        } catch (InvalidCipherTextException | IllegalStateException | IllegalArgumentException altered) {
            // the last two: an encapsulated key of low order
            return Optional.empty();
        }
    }

    private X25519PrivateKeyParameters draw() {
        return new X25519PrivateKeyParameters(
                entropy.next(X25519PrivateKeyParameters.KEY_SIZE).toArray());
    }

    static HPKE suite() {
        // its parts hold state between calls, so each call has its own
        return new HPKE(HPKE.mode_base, HPKE.kem_X25519_SHA256, HPKE.kdf_HKDF_SHA256, HPKE.aead_AES_GCM128);
    }
}
