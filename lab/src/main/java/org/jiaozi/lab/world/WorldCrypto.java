package org.jiaozi.lab.world;

import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jiaozi.core.crypto.PublicKey;
import org.jiaozi.core.crypto.Sealer;
import org.jiaozi.core.crypto.Sha256;
import org.jiaozi.core.crypto.SignatureVerifier;
import org.jiaozi.core.crypto.Signer;
import org.jiaozi.core.value.Bytes;
import org.jiaozi.crypto.Es256Signer;
import org.jiaozi.crypto.Es256Verifier;
import org.jiaozi.crypto.HpkeSealer;
import org.jiaozi.crypto.SecretKey;
import org.jiaozi.crypto.fake.FakeCrypto;
import org.jiaozi.crypto.fake.SeededEntropy;

/** The keys of one world: real ones, or such as cost a hash. Not thread-safe. */
final class WorldCrypto {
    private final Map<PublicKey, Signer> signers = new HashMap<>();
    private final Optional<FakeCrypto> fake;
    private final Dice dice;
    private final SignatureVerifier verifier;
    private final Sealer sealer;

    WorldCrypto(long seed, boolean real, Dice dice) {
        this.dice = dice;
        fake = real ? Optional.empty() : Optional.of(FakeCrypto.forSimulation(seed));
        verifier = fake.<SignatureVerifier>map(f -> f).orElseGet(Es256Verifier::new);
        sealer = real ? new HpkeSealer(new SeededEntropy(seed)) : new Envelopes(dice);
    }

    /** A new key; in a fake world the name alone decides it. */
    Signer newKey(String name) {
        Signer signer =
                fake.isPresent() ? fake.get().signer(name, dice) : Es256Signer.deterministic(SecretKey.generate(dice));
        signers.put(signer.publicKey(), signer);
        return signer;
    }

    Signer signer(PublicKey key) {
        return Objects.requireNonNull(signers.get(key));
    }

    SignatureVerifier verifier() {
        return verifier;
    }

    Sealer sealer() {
        return sealer;
    }

    /** Closed but not secret: opens for the named recipient only, and shows every alteration. */
    private record Envelopes(Dice dice) implements Sealer {
        private static final int TAG = OVERHEAD - PUBLIC_KEY_SIZE;

        @Override
        public KeyPair newKeyPair() {
            Bytes key = dice.next(PUBLIC_KEY_SIZE);
            return new KeyPair(key, key);
        }

        @Override
        public Bytes seal(Bytes recipient, Bytes info, Bytes aad, Bytes plaintext) {
            return recipient.concat(tag(recipient, info, aad, plaintext)).concat(plaintext);
        }

        @Override
        public Optional<Bytes> open(KeyPair recipient, Bytes info, Bytes aad, Bytes sealed) {
            if (sealed.size() < OVERHEAD) {
                return Optional.empty();
            }
            Bytes plaintext = sealed.slice(OVERHEAD, sealed.size());
            Bytes tag = tag(recipient.publicKey(), info, aad, plaintext);
            return sealed.slice(0, OVERHEAD).equals(recipient.publicKey().concat(tag))
                    ? Optional.of(plaintext)
                    : Optional.empty();
        }

        private static Bytes tag(Bytes recipient, Bytes info, Bytes aad, Bytes plaintext) {
            Bytes purpose = Bytes.of("envelope".getBytes(StandardCharsets.US_ASCII));
            return Sha256.hash(
                            purpose.concat(recipient).concat(info).concat(aad).concat(plaintext))
                    .bytes()
                    .slice(0, TAG);
        }
    }
}
