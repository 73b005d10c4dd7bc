package org.jiaozi.bank.registry;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.jiaozi.bank.registry.Effect.ClaimMoved;
import org.jiaozi.bank.registry.Effect.RangeSettled;
import org.jiaozi.core.value.Hash;
import org.jiaozi.core.value.Range;

/**
 * A settled part as it stands: what a claimant was paid goes on to later holders, as often as transfers surface that lead to
 * one (spec 07, clause 12).
 *
 * @param row who has it, and where that one held it
 * @param moves how often it went on
 */
record Settled(RangeSettled row, int moves) {
    /** Settled parts that overlap {@code range}, by rising range; one that went on in parts comes in parts. */
    static List<Settled> now(RegistryView record, Hash note, Range range) {
        List<RangeSettled> rows = record.settled(note, range);
        if (rows.isEmpty()) {
            return List.of();
        }
        List<Settled> parts = rows.stream().map(r -> new Settled(r, 0)).toList();
        if (parts.stream().noneMatch(p -> p.row.kind() == RangeSettled.Kind.CLAIMED)) {
            return parts;
        }
        for (ClaimMoved move : record.claimsMoved(note, range)) {
            parts = parts.stream().flatMap(p -> p.after(move)).toList();
        }
        return parts.stream()
                .filter(p -> p.range().overlaps(range))
                .sorted(Comparator.comparing(Settled::range))
                .toList();
    }

    Range range() {
        return row.range();
    }

    private Stream<Settled> after(ClaimMoved move) {
        Range whole = row.range();
        if (!whole.overlaps(move.now().range())) {
            return Stream.of(this);
        }
        List<Settled> parts = new ArrayList<>();
        for (Range rest : Settling.free(whole, List.of(move.now().range()))) {
            parts.add(new Settled(row.over(rest), moves));
        }
        Range moved = whole.intersection(move.now().range()).orElseThrow();
        parts.add(new Settled(move.now().over(moved), move.number()));
        return parts.stream();
    }
}
