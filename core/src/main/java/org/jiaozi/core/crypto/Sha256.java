package org.jiaozi.core.crypto;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import org.jiaozi.core.value.Bytes;
import org.jiaozi.core.value.Hash;

/** SHA-256 (FIPS 180-4). */
public final class Sha256 {
    /** Never fed: copying it is cheaper than having one looked up. */
    private static final MessageDigest EMPTY = lookedUp();

    private Sha256() {}

    private static MessageDigest lookedUp() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    public static Hash hash(byte[] message) {
        return hash(Bytes.of(message));
    }

    /** The hash of all {@code parts} one after another. */
    public static Hash hash(Bytes... parts) {
        try {
            MessageDigest digest = (MessageDigest) EMPTY.clone();
            for (Bytes part : parts) {
                part.feed(digest);
            }
            return Hash.of(digest.digest());
        } catch (CloneNotSupportedException e) {
            throw new IllegalStateException("a digest in memory can be copied", e);
        }
    }
}
