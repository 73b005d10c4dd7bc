package org.jiaozi.crypto;

import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.bouncycastle.crypto.generators.Argon2BytesGenerator;
import org.bouncycastle.crypto.params.Argon2Parameters;
import org.jiaozi.core.value.Bytes;

/**
 * Keeps bytes under a PIN: Argon2id makes an AES-256-GCM key of it. The vault counts no tries; its owner does, before
 * it opens.
 *
 * <p>Format, version 1: version (1 byte), memory in KiB (4, big endian), passes (1), lanes (1), salt (16), nonce (12),
 * ciphertext and tag (16). Everything before the ciphertext, then the caller's associated data, is authenticated.
 */
public final class PinVault {
    /** Bytes that a sealed vault has beyond its content. */
    public static final int OVERHEAD = 51;
    /** The most content, in bytes. */
    public static final int MAX_CONTENT = 1 << 20;

    private static final int VERSION = 1;
    private static final int SALT = 16;
    private static final int NONCE = 12;
    private static final int TAG = 16;
    private static final int HEADER = 1 + 4 + 1 + 1 + SALT + NONCE;

    private final Argon2Cost cost;
    private final Entropy entropy;

    /**
     * @param cost of vaults it seals; vaults it opens carry their own
     * @param entropy for salts and nonces
     */
    public PinVault(Argon2Cost cost, Entropy entropy) {
        this.cost = cost;
        this.entropy = entropy;
    }

    /** What opening a vault came to. */
    public sealed interface Opened {}

    /** It opened. Has no text form, for the content is secret. */
    public static final class Content implements Opened {
        private final Bytes bytes;

        private Content(Bytes bytes) {
            this.bytes = bytes;
        }

        public Bytes bytes() {
            return bytes;
        }

        @Override
        public String toString() {
            return "Content[" + bytes.size() + " bytes]";
        }
    }

    /** Another PIN, other associated data or altered bytes: which of them cannot be told. */
    public record Refused() implements Opened {}

    /**
     * No vault, or one with parameters out of bounds; no PIN was tried.
     *
     * @param reason one line for people
     */
    public record Unreadable(String reason) implements Opened {}

    /** Seals {@code content}, at most {@link #MAX_CONTENT} bytes, under a fresh salt. */
    public Bytes seal(char[] pin, Bytes associatedData, Bytes content) {
        if (content.size() > MAX_CONTENT) {
            throw new IllegalArgumentException("content of " + content.size() + " bytes, allowed " + MAX_CONTENT);
        }
        byte[] header = ByteBuffer.allocate(HEADER)
                .put((byte) VERSION)
                .putInt(cost.memoryKib())
                .put((byte) cost.passes())
                .put((byte) cost.lanes())
                .put(entropy.next(SALT).toArray())
                .put(entropy.next(NONCE).toArray())
                .array();
        try {
            byte[] text = cipher(Cipher.ENCRYPT_MODE, pin, cost, header, associatedData)
                    .doFinal(content.toArray());
            return Bytes.of(header).concat(Bytes.of(text));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java platform has AES-GCM", e);
        }
    }

    /** Opens what {@link #seal} made with the same PIN and associated data. */
    public Opened open(char[] pin, Bytes associatedData, Bytes sealed) {
        if (sealed.size() < OVERHEAD || sealed.size() > OVERHEAD + MAX_CONTENT) {
            return new Unreadable("vault of " + sealed.size() + " bytes");
        }
        if (sealed.at(0) != VERSION) {
            return new Unreadable("vault of version " + sealed.at(0) + ", known is " + VERSION);
        }
        byte[] header = sealed.slice(0, HEADER).toArray();
        Argon2Cost stored;
        try {
            stored = new Argon2Cost(ByteBuffer.wrap(header).getInt(1), sealed.at(5), sealed.at(6));
        } catch (IllegalArgumentException outOfBounds) {
            return new Unreadable(String.valueOf(outOfBounds.getMessage()));
        }
        try {
            byte[] content = cipher(Cipher.DECRYPT_MODE, pin, stored, header, associatedData)
                    .doFinal(sealed.slice(HEADER, sealed.size()).toArray());
            return new Content(Bytes.of(content));
        } catch (AEADBadTagException wrong) {
            return new Refused();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java platform has AES-GCM", e);
        }
    }

    private static Cipher cipher(int mode, char[] pin, Argon2Cost cost, byte[] header, Bytes associatedData)
            throws GeneralSecurityException {
        byte[] salt = Arrays.copyOfRange(header, HEADER - NONCE - SALT, HEADER - NONCE);
        byte[] key = derive(pin, cost, salt);
        try {
            Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
            cipher.init(
                    mode, new SecretKeySpec(key, "AES"), new GCMParameterSpec(8 * TAG, header, HEADER - NONCE, NONCE));
            cipher.updateAAD(header);
            cipher.updateAAD(associatedData.toArray());
            return cipher;
        } finally {
            Arrays.fill(key, (byte) 0);
        }
    }

    /** Argon2id version 1.3 over the PIN in UTF-8; 32 bytes. */
    static byte[] derive(char[] pin, Argon2Cost cost, byte[] salt) {
        Argon2BytesGenerator generator = new Argon2BytesGenerator();
        generator.init(new Argon2Parameters.Builder(Argon2Parameters.ARGON2_id)
                .withVersion(Argon2Parameters.ARGON2_VERSION_13)
                .withMemoryAsKB(cost.memoryKib())
                .withIterations(cost.passes())
                .withParallelism(cost.lanes())
                .withSalt(salt)
                .build());
        byte[] key = new byte[32];
        generator.generateBytes(pin, key);
        return key;
    }
}
