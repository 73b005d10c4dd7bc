package org.jiaozi.lab.world;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What is on its way and comes late, in no order; so much at once, then the oldest is lost. Not thread-safe. */
final class Late<T> {
    private static final int MOST = 24;

    private final List<T> onTheWay = new ArrayList<>();

    void add(T message) {
        if (onTheWay.size() >= MOST) {
            onTheWay.removeFirst();
        }
        onTheWay.add(message);
    }

    /** Whichever comes now. */
    Optional<T> any(Dice dice) {
        return onTheWay.isEmpty() ? Optional.empty() : Optional.of(onTheWay.remove(dice.below(onTheWay.size())));
    }
}
