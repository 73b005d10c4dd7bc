package org.jiaozi.crypto;

import java.math.BigInteger;
import java.util.Objects;
import org.jiaozi.core.crypto.PublicKey;
import org.jiaozi.core.value.Bytes;

/**
 * A P-256 private key. It has no text form and no equality, and its scalar is read only with
 * {@link InsecureSecretAccess}.
 */
public final class SecretKey {
    /** Bytes of the scalar, big endian. */
    public static final int SIZE = 32;

    private final Bytes scalar;
    private final PublicKey publicKey;

    private SecretKey(Bytes scalar) {
        this.scalar = scalar;
        this.publicKey = BouncyCastleEs256.publicKey(scalar);
    }

    /** Draws a key: uniform in [1, n-1] (FIPS 186-5, A.2.2, rejection). */
    public static SecretKey generate(Entropy entropy) {
        while (true) {
            Bytes candidate = entropy.next(SIZE);
            if (inRange(candidate)) {
                return new SecretKey(candidate);
            }
        }
    }

    /** The key with this scalar; throws unless it has {@value #SIZE} bytes and lies in [1, n-1]. */
    public static SecretKey fromScalar(Bytes scalar, InsecureSecretAccess access) {
        Objects.requireNonNull(access);
        if (!inRange(scalar)) {
            throw new IllegalArgumentException("not the scalar of a P-256 key");
        }
        return new SecretKey(scalar);
    }

    private static boolean inRange(Bytes scalar) {
        BigInteger value = new BigInteger(1, scalar.toArray());
        return scalar.size() == SIZE && value.signum() > 0 && value.compareTo(BouncyCastleEs256.ORDER) < 0;
    }

    /** The public half. */
    public PublicKey publicKey() {
        return publicKey;
    }

    /** The scalar, {@value #SIZE} bytes. */
    public Bytes scalar(InsecureSecretAccess access) {
        Objects.requireNonNull(access);
        return scalar;
    }

    @Override
    public String toString() {
        return "SecretKey[of " + publicKey.compressed().hex() + "]";
    }
}
