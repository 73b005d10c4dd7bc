package org.jiaozi.crypto;

import java.security.SecureRandom;
import org.jiaozi.core.value.Bytes;

/** Entropy of a {@link SecureRandom}, by default the operating system's. */
public final class SystemEntropy implements Entropy {
    private final SecureRandom random;

    public SystemEntropy() {
        this(new SecureRandom());
    }

    public SystemEntropy(SecureRandom random) {
        this.random = random;
    }

    @Override
    public Bytes next(int n) {
        byte[] drawn = new byte[n];
        random.nextBytes(drawn);
        return Bytes.of(drawn);
    }
}
