package org.jiaozi.lab.world;

import java.util.LinkedHashMap;
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

    private final long[] counts = new long[Event.values().length];

    void count(Event event) {
        counts[event.ordinal()]++;
    }

    long of(Event event) {
        return counts[event.ordinal()];
    }

    /** By name, in camel case and the plural. */
    Map<String, Object> figures() {
        Map<String, Object> figures = new LinkedHashMap<>();
        for (Event event : Event.values()) {
            StringBuilder name = new StringBuilder();
            for (String word : event.name().toLowerCase(java.util.Locale.ROOT).split("_")) {
                name.append(name.isEmpty() ? word : Character.toUpperCase(word.charAt(0)) + word.substring(1));
            }
            figures.put(name + (name.toString().endsWith("sh") ? "es" : "s"), of(event));
        }
        return figures;
    }
}
