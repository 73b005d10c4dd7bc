package org.jiaozi.lab.audit;

import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.function.Function;

/**
 * In how many parts deposits were settled. Of more than an answer names it says how much of an input became what, and not where
 * (spec 07, clause 8). Not thread-safe.
 */
final class Parts {
    private static final int MOST_NAMED = 4096;

    private final List<CentralRecord.SettledRow> settled;
    /** By note and by where they begin; made once it is asked for, which is hardly ever. */
    private final Map<String, NavigableMap<Long, CentralRecord.SettledRow>> begin = new HashMap<>();

    Parts(List<CentralRecord.SettledRow> settled) {
        this.settled = settled;
    }

    /** Whether {@code deposit} may be answered by sums. What a claim was paid may have gone on in more parts. */
    boolean areTooMany(RawTransfer deposit, Function<RawTransfer.Input, String> noteOf) {
        if (begin.isEmpty()) {
            settled.forEach(row ->
                    begin.computeIfAbsent(row.note(), n -> new TreeMap<>()).put(row.lo(), row));
        }
        long parts = 0;
        for (RawTransfer.Input input : deposit.inputs()) {
            Collection<CentralRecord.SettledRow> rows = meeting(noteOf.apply(input), input);
            if (rows.stream().anyMatch(row -> row.kind().equals("CLAIMED"))) {
                return true;
            }
            // what came too late is one part, of which nothing need be settled
            parts += Math.max(1, rows.size());
        }
        return parts > MOST_NAMED;
    }

    private Collection<CentralRecord.SettledRow> meeting(String note, RawTransfer.Input input) {
        NavigableMap<Long, CentralRecord.SettledRow> rows = begin.getOrDefault(note, new TreeMap<>());
        Map.Entry<Long, CentralRecord.SettledRow> before = rows.floorEntry(input.lo());
        long from = before != null && before.getValue().hi() > input.lo() ? before.getKey() : input.lo();
        return rows.subMap(from, true, input.hi(), false).values();
    }
}
