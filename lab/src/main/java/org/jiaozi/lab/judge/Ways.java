package org.jiaozi.lab.judge;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jiaozi.lab.audit.RawTransfer;

/** What is settled as it stands, and whose doing it is where somebody else is due the same part. Not thread-safe. */
final class Ways {
    private final Statements statements;
    private final Map<String, List<Row>> rows = new HashMap<>();

    /** An output of a note or transfer. */
    record Place(String parent, long index) {}

    /**
     * A part of a note that is outstanding no more, and the output at which somebody has it.
     *
     * @param claim the claim's name, empty if it is no claim's
     */
    record Row(long lo, long hi, String kind, int paidTo, Place at, String claim) {
        boolean isClaimed() {
            return kind.equals("CLAIMED");
        }

        /** How many units of a range it has. */
        long common(long from, long to) {
            return Math.max(0, Math.min(hi, to) - Math.max(lo, from));
        }
    }

    /** Whose doing it is that a part comes twice: a key's, a claimant's, or its holder's own where both are absent. */
    record Cause(Optional<String> culprit, Optional<Row> claimant) {
        static final Cause OWN = new Cause(Optional.empty(), Optional.empty());
    }

    Ways(Statements statements) {
        this.statements = statements;
    }

    List<Row> of(String note) {
        return rows.getOrDefault(note, List.of());
    }

    void settled(String note, Row row) {
        rows.computeIfAbsent(note, n -> new ArrayList<>()).add(row);
    }

    /** From now on somebody else has this part; who had it before, part by part. */
    List<Row> moved(String note, Row now) {
        List<Row> before = new ArrayList<>();
        List<Row> after = new ArrayList<>(List.of(now));
        for (Row row : of(note)) {
            if (row.common(now.lo(), now.hi()) == 0) {
                after.add(row);
                continue;
            }
            before.add(part(row, Math.max(row.lo(), now.lo()), Math.min(row.hi(), now.hi())));
            if (row.lo() < now.lo()) {
                after.add(part(row, row.lo(), now.lo()));
            }
            if (row.hi() > now.hi()) {
                after.add(part(row, now.hi(), row.hi()));
            }
        }
        rows.put(note, after);
        return before;
    }

    private static Row part(Row row, long lo, long hi) {
        return new Row(lo, hi, row.kind(), row.paidTo(), row.at(), row.claim());
    }

    /** Where the two ways from the note part: there somebody signed both, or denied what it passed on. */
    Cause cause(Place at, Row before) {
        List<Place> mine = way(at);
        List<Place> theirs = way(before.at());
        int parting = 0;
        while (parting < Math.min(mine.size(), theirs.size())
                && mine.get(parting).equals(theirs.get(parting))) {
            parting++;
        }
        boolean here = parting == mine.size();
        if (parting < theirs.size()) {
            return here ? payee(at) : signer(mine.get(parting));
        }
        return switch (before.kind()) {
            case "REFUNDED" -> here ? Cause.OWN : payee(before.at());
            case "CLAIMED" -> here ? Cause.OWN : new Cause(Optional.empty(), Optional.of(before));
            default -> Cause.OWN;
        };
    }

    private Cause payee(Place at) {
        return statements
                .transfer(at.parent())
                .map(s -> new Cause(Optional.of(s.transfer().payee()), Optional.empty()))
                .orElse(Cause.OWN);
    }

    private Cause signer(Place at) {
        return new Cause(statements.transfer(at.parent()).map(s -> s.transfer().signer()), Optional.empty());
    }

    /** From the note down to here. */
    private List<Place> way(Place to) {
        List<Place> way = new ArrayList<>(List.of(to));
        Optional<Seen> by = statements.transfer(to.parent());
        while (by.isPresent()) {
            Place last = way.getLast();
            RawTransfer.Input input = by.get().transfer().inputs().get((int) last.index());
            way.add(new Place(input.parent(), input.index()));
            by = statements.transfer(input.parent());
        }
        return way.reversed();
    }
}
