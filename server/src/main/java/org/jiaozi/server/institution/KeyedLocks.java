package org.jiaozi.server.institution;

import java.util.Collections;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;

/** Work under one key is done by one thread at a time, and work under several when none of them is worked under. */
final class KeyedLocks {
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition released = lock.newCondition();
    private final Set<String> held = new HashSet<>();

    /** Whether somebody works under it at this moment. */
    boolean held(String key) {
        lock.lock();
        try {
            return held.contains(key);
        } finally {
            lock.unlock();
        }
    }

    /** Not from within work under the same key. */
    <R> R alone(String key, Supplier<R> work) {
        return alone(Set.of(key), work);
    }

    /** Takes all of the keys at once, so that nobody holds some while it waits for others. */
    <R> R alone(Set<String> keys, Supplier<R> work) {
        lock.lock();
        try {
            while (!Collections.disjoint(held, keys)) {
                released.awaitUninterruptibly();
            }
            held.addAll(keys);
        } finally {
            lock.unlock();
        }
        try {
            return work.get();
        } finally {
            lock.lock();
            try {
                held.removeAll(keys);
                released.signalAll();
            } finally {
                lock.unlock();
            }
        }
    }
}
