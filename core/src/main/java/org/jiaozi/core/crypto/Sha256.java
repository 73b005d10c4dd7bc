package org.jiaozi.core.crypto;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import org.jiaozi.core.value.Bytes;
import org.jiaozi.core.value.Hash;

/** SHA-256 (FIPS 180-4). */
public final class Sha256 {
    private Sha256() {}

    public static Hash hash(Bytes message) {
        return hash(message.toArray());
    }

    public static Hash hash(byte[] message) {
        try {
            return Hash.of(MessageDigest.getInstance("SHA-256").digest(message));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
