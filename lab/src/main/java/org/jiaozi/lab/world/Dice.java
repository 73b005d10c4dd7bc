package org.jiaozi.lab.world;

import java.util.Collections;
import java.util.List;
import java.util.SplittableRandom;
import org.jiaozi.core.value.Bytes;
import org.jiaozi.core.value.Nonce;
import org.jiaozi.crypto.Entropy;

/** All of a world's chance, from its seed. Not thread-safe. */
final class Dice implements Entropy {
    private final SplittableRandom random;

    Dice(long seed) {
        random = new SplittableRandom(seed);
    }

    /** 0 to {@code bound} - 1. */
    int below(int bound) {
        return random.nextInt(bound);
    }

    /** {@code least} to {@code most}, both possible. */
    long between(long least, long most) {
        return random.nextLong(least, Math.addExact(most, 1));
    }

    boolean chance(int percent) {
        return random.nextInt(100) < percent;
    }

    <T> T pick(List<T> list) {
        return list.get(random.nextInt(list.size()));
    }

    /** Takes one out, whichever. */
    <T> T take(List<T> list) {
        return list.remove(random.nextInt(list.size()));
    }

    <T> void shuffle(List<T> list) {
        for (int i = list.size() - 1; i > 0; i--) {
            Collections.swap(list, i, random.nextInt(i + 1));
        }
    }

    Nonce nonce() {
        return new Nonce(next(Nonce.SIZE));
    }

    @Override
    public Bytes next(int n) {
        byte[] drawn = new byte[n];
        random.nextBytes(drawn);
        return Bytes.of(drawn);
    }
}
