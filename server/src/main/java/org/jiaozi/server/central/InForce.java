package org.jiaozi.server.central;

import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.Supplier;

/**
 * What is in force, read by everybody and changed by one at a time. A change that ends without saying whether it was
 * committed leaves open what is in force; whoever asks next looks it up.
 *
 * @param <T> a bulletin; a small value in tests
 */
final class InForce<T> {
    /** Spares the database conflicts between changes; that they are serial does not rest on it. */
    private final ReentrantLock changes = new ReentrantLock();

    private final Supplier<T> stored;
    private volatile T value;
    private volatile boolean unsure;

    /**
     * @param first what is in force now
     * @param stored looks up what is in force
     */
    InForce(T first, Supplier<T> stored) {
        this.value = first;
        this.stored = stored;
    }

    /** What was in force when anybody last knew: enough within a change, which nothing overtakes. */
    T held() {
        return value;
    }

    /** What is in force. */
    T get() {
        return unsure ? alone(this::sure) : value;
    }

    private T sure() {
        if (unsure) {
            value = stored.get();
            unsure = false;
        }
        return value;
    }

    /** Does {@code work} while nobody changes anything. */
    <R> R alone(Supplier<R> work) {
        changes.lock();
        try {
            return work.get();
        } finally {
            changes.unlock();
        }
    }

    /** Makes a change; {@code next} takes from its result what is in force after it, if that is something else. */
    <R> R change(Supplier<R> work, Function<R, Optional<T>> next) {
        return alone(() -> {
            try {
                R result = work.get();
                next.apply(result).ifPresent(now -> value = now);
                return result;
            } catch (RuntimeException e) {
                // a connection that broke at the commit leaves open whether it was made
                unsure = true;
                throw e;
            }
        });
    }

    /** What is in force, replaced once by {@code work} where it is due, however many ask at that moment. */
    T renewed(Predicate<T> due, Supplier<T> work) {
        T held = get();
        return due.test(held) ? alone(() -> due.test(sure()) ? work.get() : value) : held;
    }
}
