package org.jiaozi.lab.audit;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** What an audit found. Not thread-safe. */
final class Findings {
    /** One currency's supply. */
    static final class Supply {
        long issued;
        long redeemed;
        long refunded;
        long outstanding;
        long withheld;
    }

    private final List<String> breaches = new ArrayList<>();
    private final Map<String, Supply> supplies = new TreeMap<>();
    private final Map<String, Long> counted = new TreeMap<>();

    void breach(String line) {
        breaches.add(line);
    }

    void expect(boolean holds, String otherwise) {
        if (!holds) {
            breaches.add(otherwise);
        }
    }

    /** Unreadable bytes are a breach of their own. */
    void readable(String what, Runnable reading) {
        try {
            reading.run();
        } catch (AuditException | ArithmeticException e) {
            breaches.add(what + ": " + e.getMessage());
        }
    }

    Supply supply(String currency) {
        return supplies.computeIfAbsent(currency, c -> new Supply());
    }

    /** How many of something were looked at. */
    void counted(String what, long number) {
        counted.merge(what, number, Math::addExact);
    }

    List<String> breaches() {
        return List.copyOf(breaches);
    }

    Map<String, Supply> supplies() {
        return supplies;
    }

    Map<String, Long> counts() {
        return counted;
    }
}
