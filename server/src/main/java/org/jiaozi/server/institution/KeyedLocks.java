package org.jiaozi.server.institution;

import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import java.util.stream.IntStream;

/** Work under one key is done by one thread at a time; other keys, but for few that share a lock, do not wait for it. */
final class KeyedLocks {
    private final List<ReentrantLock> locks;

    /**
     * @param count how many locks the keys share, at least 1
     */
    KeyedLocks(int count) {
        locks = IntStream.range(0, count).mapToObj(i -> new ReentrantLock()).toList();
    }

    <R> R alone(String key, Supplier<R> work) {
        ReentrantLock lock = locks.get(Math.floorMod(key.hashCode(), locks.size()));
        lock.lock();
        try {
            return work.get();
        } finally {
            lock.unlock();
        }
    }
}
