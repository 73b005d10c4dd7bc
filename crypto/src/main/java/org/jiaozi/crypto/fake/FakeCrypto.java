package org.jiaozi.crypto.fake;

import java.nio.charset.StandardCharsets;
import org.jiaozi.core.crypto.PublicKey;
import org.jiaozi.core.crypto.Sha256;
import org.jiaozi.core.crypto.Signature;
import org.jiaozi.core.crypto.SignatureVerifier;
import org.jiaozi.core.crypto.Signer;
import org.jiaozi.core.value.Bytes;

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

    /** The signer of this name; the same name always gets the same key. */
    public Signer signer(String name) {
        Bytes digest = hash(KEY, label(name));
        PublicKey key = new PublicKey(MARK.concat(digest.slice(0, PublicKey.SIZE - MARK.size())));
        return new Signer() {
            @Override
            public PublicKey publicKey() {
                return key;
            }

            @Override
            public Signature sign(Bytes message) {
                return signature(key, message);
            }
        };
    }

    @Override
    public boolean verify(PublicKey key, Bytes message, Signature signature) {
        return isFake(key) && signature(key, message).equals(signature);
    }

    private Signature signature(PublicKey key, Bytes message) {
        Bytes subject = key.compressed().concat(message);
        return new Signature(normal(hash(R, subject)).concat(normal(hash(S, subject))));
    }

    /** Two bits off the top and one set at the bottom: never zero, always below half the order. */
    private static Bytes normal(Bytes digest) {
        byte[] raw = digest.toArray();
        raw[0] &= 0x3f;
        raw[raw.length - 1] |= 1;
        return Bytes.of(raw);
    }

    private Bytes hash(Bytes purpose, Bytes subject) {
        return Sha256.hash(purpose.concat(world).concat(subject)).bytes();
    }

    private static Bytes label(String text) {
        return Bytes.of(text.getBytes(StandardCharsets.UTF_8));
    }
}
