package org.jiaozi.crypto.fake;

import java.nio.charset.StandardCharsets;
import java.util.function.UnaryOperator;
import org.jiaozi.core.crypto.PublicKey;
import org.jiaozi.core.crypto.Sha256;
import org.jiaozi.core.crypto.Signature;
import org.jiaozi.core.crypto.SignatureVerifier;
import org.jiaozi.core.crypto.Signer;
import org.jiaozi.core.value.Bytes;
import org.jiaozi.crypto.Entropy;

/**
 * Signatures that cost a hash, for simulated worlds: no security against whoever holds the world's seed. Same seed,
 * same key name, same message: same signature, so runs repeat.
 *
 * <p>It cannot leak into real use. Its public keys have an x above the field prime, so no real verifier accepts anything
 * under them, and its verifier refuses every other key; a world made of both pays nothing.
 */
public final class FakeCrypto implements SignatureVerifier {
    /** A compressed point whose x begins so is above the prime, which continues with 00000001. */
    private static final Bytes MARK = Bytes.fromHex("02ffffffffffffffff");

    private static final Bytes KEY = label("jiaozi fake key ");
    private static final Bytes R = label("jiaozi fake r ");
    private static final Bytes S = label("jiaozi fake s ");

    private static final int HALF = Signature.SIZE / 2;
    private static final int DRAWN = 16;

    private final Bytes world;

    private FakeCrypto(Bytes world) {
        this.world = world;
    }

    /** The crypto of one simulated world; worlds of different seeds refuse each other's signatures. */
    public static FakeCrypto forSimulation(long seed) {
        byte[] raw = new byte[Long.BYTES];
        for (int i = 0; i < raw.length; i++) {
            raw[i] = (byte) (seed >>> (8 * i));
        }
        return new FakeCrypto(Bytes.of(raw));
    }

    /** Whether {@code key} was made by any world's {@link #signer}. */
    public static boolean isFake(PublicKey key) {
        return key.compressed().slice(0, MARK.size()).equals(MARK);
    }

    /** The signer of this name; the same name always gets the same key, and the same message the same signature. */
    public Signer signer(String name) {
        return named(name, Bytes.EMPTY::concat);
    }

    /** The same key, whose signatures of one message differ as ECDSA's do. */
    public Signer signer(String name, Entropy entropy) {
        return named(name, message -> entropy.next(DRAWN));
    }

    private Signer named(String name, UnaryOperator<Bytes> drawn) {
        Bytes digest = Sha256.hash(KEY, world, label(name)).bytes();
        PublicKey key = new PublicKey(MARK.concat(digest.slice(0, PublicKey.SIZE - MARK.size())));
        return new Signer() {
            @Override
            public PublicKey publicKey() {
                return key;
            }

            @Override
            public Signature sign(Bytes message) {
                return signature(
                        key,
                        message,
                        normal(Sha256.hash(R, world, drawn.apply(message)).bytes()));
            }
        };
    }

    @Override
    public boolean verify(PublicKey key, Bytes message, Signature signature) {
        Bytes r = signature.bytes().slice(0, HALF);
        return isFake(key) && signature(key, message, r).equals(signature);
    }

    /** The first half is free, the second follows from it. */
    private Signature signature(PublicKey key, Bytes message, Bytes r) {
        return new Signature(r.concat(
                normal(Sha256.hash(S, world, key.compressed(), r, message).bytes())));
    }

    /** Two bits off the top and one set at the bottom: never zero, always below half the order. */
    private static Bytes normal(Bytes digest) {
        byte[] raw = digest.toArray();
        raw[0] &= 0x3f;
        raw[raw.length - 1] |= 1;
        return Bytes.of(raw);
    }

    private static Bytes label(String text) {
        return Bytes.of(text.getBytes(StandardCharsets.UTF_8));
    }
}
