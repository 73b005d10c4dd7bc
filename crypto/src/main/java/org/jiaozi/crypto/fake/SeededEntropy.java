package org.jiaozi.crypto.fake;

import java.nio.ByteBuffer;
import org.jiaozi.core.crypto.Sha256;
import org.jiaozi.core.value.Bytes;
import org.jiaozi.crypto.Entropy;

/** The same bytes for the same seed, each time: SHA-256 of seed and counter. Predictable, for simulations only. */
public final class SeededEntropy implements Entropy {
    private final long seed;
    private long counter;

    public SeededEntropy(long seed) {
        this.seed = seed;
    }

    @Override
    public synchronized Bytes next(int n) {
        Bytes drawn = Bytes.EMPTY;
        while (drawn.size() < n) {
            byte[] block =
                    ByteBuffer.allocate(16).putLong(seed).putLong(counter++).array();
            drawn = drawn.concat(Sha256.hash(block).bytes());
        }
        return drawn.slice(0, n);
    }
}
