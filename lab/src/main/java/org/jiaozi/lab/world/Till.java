package org.jiaozi.lab.world;

import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** An institution's books: every movement has a reference and acts once for it. Not thread-safe. */
final class Till {
    private final Map<String, Long> balances = new TreeMap<>();
    private final Set<String> done = new HashSet<>();

    /** Whether it moves now, for the first time. */
    boolean move(String reference, String debit, String credit, long amount) {
        if (!done.add(reference)) {
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
        return done.contains(reference);
    }

    long balance(String account) {
        return balances.getOrDefault(account, 0L);
    }
}
