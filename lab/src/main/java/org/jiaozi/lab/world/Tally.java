package org.jiaozi.lab.world;

import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/** What happened in a world, so that a quiet one cannot pass for a sound one. Not thread-safe. */
final class Tally {
    /** What is counted. */
    enum Event {
        PURSE_OPERATION,
        PAYMENT,
        CREDIT,
        DEPOSIT,
        RETURN,
        LOAD,
        RENEWAL,
        TEAR,
        DUPLICATE,
        ALTERED,
        LOST_MESSAGE,
        SERVER_CRASH,
        POWER_CUT,
        ROLLED_BACK,
        FULL_DISK,
        COPY,
        FORGERY,
        TWO_FACED,
        HOSTILE_HOST,
        ROGUE_INSTITUTION,
        LOST_DEVICE,
        CLAIM,
        NETTING
    }

    private final Map<Event, Long> counts = new EnumMap<>(Event.class);

    void count(Event event) {
        counts.merge(event, 1L, Math::addExact);
    }

    long of(Event event) {
        return counts.getOrDefault(event, 0L);
    }

    /** By name, in lower case. */
    Map<String, Object> figures() {
        Map<String, Object> figures = new LinkedHashMap<>();
        for (Event event : Event.values()) {
            figures.put(event.name().toLowerCase(Locale.ROOT).replace('_', ' '), of(event));
        }
        return figures;
    }
}
