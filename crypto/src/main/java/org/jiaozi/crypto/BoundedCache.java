package org.jiaozi.crypto;

import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * A concurrent map that forgets: what was not asked for during the last half of its capacity in new entries goes. Two
 * generations instead of a list of uses, so that reading takes no lock. Thread-safe.
 */
public final class BoundedCache<K, V> {
    private final int generationSize;
    private volatile Generations<K, V> generations =
            new Generations<>(new ConcurrentHashMap<>(), new ConcurrentHashMap<>());

    private record Generations<K, V>(ConcurrentHashMap<K, V> young, ConcurrentHashMap<K, V> old) {}

    /**
     * @param capacity entries kept at most, at least 2; threads that race may briefly add one each
     */
    public BoundedCache(int capacity) {
        this.generationSize = Math.max(1, capacity / 2);
    }

    @Nullable
    public V get(K key) {
        Generations<K, V> now = generations;
        V value = now.young.get(key);
        if (value == null) {
            value = now.old.get(key);
            if (value != null) {
                promote(now, key, value);
            }
        }
        return value;
    }

    /** Never over what another thread has put meanwhile: only where the reader looked, and only where nothing is. */
    private void promote(Generations<K, V> seen, K key, V value) {
        if (seen.young.size() >= generationSize) {
            age();
        }
        seen.young.putIfAbsent(key, value);
    }

    public void put(K key, V value) {
        if (generations.young.size() >= generationSize) {
            age();
        }
        generations.young.put(key, value);
    }

    private synchronized void age() {
        Generations<K, V> now = generations;
        if (now.young.size() >= generationSize) {
            generations = new Generations<>(new ConcurrentHashMap<>(), now.young);
        }
    }

    int size() {
        Generations<K, V> now = generations;
        return now.young.size() + now.old.size();
    }
}
