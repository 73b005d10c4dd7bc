package org.jiaozi.lab.world;

import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** An institution's books: every movement has a reference and acts once for it. Not thread-safe. */
final class Till {
    private final Map<String, Long> balances = new TreeMap<>();
    private final Map<String, Long> done = new HashMap<>();
    private final Set<String> moved = new TreeSet<>();

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
        moved.add(debit);
        moved.add(credit);
        return true;
    }

    /** The accounts that money moved from or to since this was asked last. */
    Set<String> moved() {
        Set<String> all = moved.isEmpty() ? Set.of() : new TreeSet<>(moved);
        moved.clear();
        return all;
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
