package org.jiaozi.server.institution;

import java.util.Optional;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * The newest of something that others make, read by everybody and renewed by one at a time.
 *
 * @param <T> a bulletin; a small value in tests
 */
final class Newest<T> {
    private volatile @Nullable T value;

    Newest(Optional<T> first) {
        this.value = first.orElse(null);
    }

    Optional<T> get() {
        return Optional.ofNullable(value);
    }

    /** Asks for a newer one: {@code next} is given the one in hand, and returns a newer one or nothing. */
    synchronized void renew(UnaryOperator<Optional<T>> next) {
        next.apply(get()).ifPresent(newer -> value = newer);
    }
}
