package org.jiaozi.lab.world;

import java.util.Collections;
import java.util.List;
import java.util.SplittableRandom;
import org.jiaozi.core.value.Bytes;
import org.jiaozi.core.value.Nonce;
import org.jiaozi.crypto.Entropy;

/**
 * All of a world's chance, from its seed. Every step draws from a sequence of its own, so that a world with some steps left
 * out does the same in the others. Not thread-safe.
 */
final class Dice implements Entropy {
    private final long seed;
    private SplittableRandom random;

    Dice(long seed) {
        this.seed = seed;
        random = new SplittableRandom(seed);
    }

    /** Begins the sequence of a step; below zero are the founding and what comes after the last step. */
    void turn(long step) {
        random = new SplittableRandom(seed * 0x9e3779b97f4a7c15L + (step + 1024) * 0xbf58476d1ce4e5b9L);
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

    /** Once in {@code many}. */
    boolean oneIn(int many) {
        return random.nextInt(many) == 0;
    }

    <T> T pick(List<T> list) {
        return list.get(random.nextInt(list.size()));
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
