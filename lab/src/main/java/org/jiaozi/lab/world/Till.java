package org.jiaozi.lab.world;

import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;

/** An institution's books: every movement has a reference and acts once for it. Not thread-safe. */
final class Till {
    private final Map<String, Long> balances = new TreeMap<>();
    private final Map<String, Long> done = new HashMap<>();

    /** Whether it moves now, for the first time. */
    boolean move(String reference, String debit, String credit, long amount) {
        if (done.putIfAbsent(reference, amount) != null) {
            return false;
        }
        if (amount < 0) {
            throw new IllegalStateException("a movement of " + amount);
        }
        balances.merge(debit, -amount, Math::addExact);
        balances.merge(credit, amount, Math::addExact);
        return true;
    }

    boolean did(String reference) {
        return done.containsKey(reference);
    }

    /** What moved in all under references that begin so. */
    long moved(String beginning) {
        return done.entrySet().stream()
                .filter(e -> e.getKey().startsWith(beginning))
                .mapToLong(Map.Entry::getValue)
                .reduce(0, Math::addExact);
    }

    long balance(String account) {
        return balances.getOrDefault(account, 0L);
    }
}
