package org.jiaozi.lab.judge;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jiaozi.lab.audit.Cover;
import org.jiaozi.lab.judge.Ways.Place;
import org.jiaozi.lab.judge.Ways.Row;

/**
 * Judges claims on what lost keys held: who is paid, to whom it goes on when transfers surface, who owes it then, and that
 * nothing is left (spec 07, clause 12). Not thread-safe.
 */
final class ClaimJudge {
    private final Statements statements;
    private final Ways ways;
    private final Set<String> noted;
    private final Conflicts recorded;
    private final List<String> breaches;
    private final Map<String, Known> claims = new HashMap<>();
    private final Map<String, Long> owed = new HashMap<>();
    private final Set<String> booked = new HashSet<>();
    private final List<Debt> untold = new ArrayList<>();

    private record Known(int institution, List<String> keys) {}

    private record Debt(int institution, String claim, long amount) {}

    /** An output that some keys have, and what of it they did not move on. */
    private record Held(Place at, String note, List<Cover.Span> open) {}

    ClaimJudge(Statements statements, Ways ways, Set<String> noted, Conflicts recorded, List<String> breaches) {
        this.statements = statements;
        this.ways = ways;
        this.noted = noted;
        this.recorded = recorded;
        this.breaches = breaches;
    }

    private void expect(boolean holds, String otherwise) {
        if (!holds) {
            breaches.add(otherwise);
        }
    }

    /** A claim is on record, for these keys. */
    void kept(String claim, int institution, List<String> keys) {
        Known before = claims.put(claim, new Known(institution, List.copyOf(keys)));
        expect(
                before == null || (before.institution() == institution && keys.containsAll(before.keys())),
                "a claim forgets whose it was");
    }

    /** Whoever is paid claimed for the key that has it. */
    void paid(String note, Row row) {
        Known known = claims.get(row.claim());
        Optional<Seen.Output> held =
                statements.output(row.at().parent(), row.at().index());
        expect(
                held.filter(o -> o.note().equals(note) && o.lo() <= row.lo() && o.hi() >= row.hi())
                        .isPresent(),
                "a part of note " + note + " is claimed that its holder never had");
        expect(
                known != null
                        && known.institution() == row.paidTo()
                        && held.filter(o -> known.keys().contains(o.holder())).isPresent(),
                "a claimant is paid for a key that it does not claim for");
        expect(
                held.isEmpty() || open(held.get(), row.at()).common(spans(row)) == row.hi() - row.lo(),
                "a claimant is paid for what its key moved on");
    }

    private static Cover spans(Row row) {
        return Cover.of(List.of(new Cover.Span(row.lo(), row.hi())));
    }

    /** A part that one claimant was paid goes to a later holder; who had it, part by part. */
    List<Row> moved(String from, String note, Row now) {
        List<Row> before = ways.moved(note, now);
        expect(now.isClaimed(), "a deposit or refund is made whole by a claimant, although no grace grew");
        paid(note, now);
        long sum = 0;
        for (Row row : before) {
            sum = Math.addExact(sum, row.hi() - row.lo());
            expect(
                    row.isClaimed() && row.claim().equals(from),
                    "a claimant owes what another has, or what no claim paid");
            expect(
                    ways.cause(now.at(), row).claimant().isPresent(),
                    "what a claimant was paid goes to somebody to whom it was not passed on");
        }
        expect(sum == now.hi() - now.lo(), "a claimant owes what no claim paid");
        Known debtor = claims.get(from);
        if (debtor != null) {
            untold.add(new Debt(debtor.institution(), from, sum));
            owed.merge(from, sum, Math::addExact);
        }
        return before;
    }

    /** An institution is told that a claimant owes. */
    void told(int institution, String claim, long amount) {
        expect(
                untold.remove(new Debt(institution, claim, amount)),
                "institution " + institution + " is told that a claimant owes " + amount + " which that one does not");
    }

    void endOfStep() {
        expect(untold.isEmpty(), "no institution is told what a claimant owes: " + untold);
        untold.clear();
    }

    /** A claim was answered: nothing is left that its keys held last and that is due. */
    void answered(String claim, List<String> keys, long now) {
        for (Held held : held(keys)) {
            long end = statements.note(held.note()).orElseThrow().expiry()
                    + statements.listed().grace();
            if (now <= end) {
                continue;
            }
            Cover open = Cover.of(held.open());
            long left = open.size();
            for (Row row : ways.of(held.note())) {
                long part = open.common(spans(row));
                boolean elsewhere = part > 0
                        && row.isClaimed()
                        && !row.claim().equals(claim)
                        && ways.cause(held.at(), row).claimant().isPresent();
                expect(!elsewhere, "a claim leaves " + part + " with a claimant who had passed it on");
                left -= part;
            }
            expect(left == 0, "a claim leaves " + left + " unpaid that its key held last");
        }
    }

    /** What these keys hold by what is on record and no claim pays, because a culprit spent it another way. */
    long forked(List<String> keys) {
        long sum = 0;
        for (Held held : held(keys)) {
            Cover open = Cover.of(held.open());
            for (Row row : ways.of(held.note())) {
                long part = open.common(spans(row));
                if (part > 0
                        && !row.at().equals(held.at())
                        && ways.cause(held.at(), row).culprit().isPresent()) {
                    sum = Math.addExact(sum, part);
                }
            }
        }
        return sum;
    }

    /** How many units of a part of an output its holder's claim has. */
    long has(Place at, long lo, long hi) {
        return statements
                .output(at.parent(), at.index())
                .map(o -> ways.of(o.note()).stream()
                        .filter(r -> r.isClaimed() && r.at().equals(at))
                        .mapToLong(r -> r.common(lo, hi))
                        .reduce(0, Math::addExact))
                .orElse(0L);
    }

    private List<Held> held(List<String> keys) {
        List<Held> all = new ArrayList<>();
        for (Statements.KnownNote note : statements.notes()) {
            String name = note.note().hash();
            if (noted.contains(name) && keys.contains(note.note().holder())) {
                hold(all, new Place(name, 0));
            }
        }
        for (Seen seen : statements.transfers()) {
            String name = seen.transfer().hash();
            if (recorded.has(name) && keys.contains(seen.transfer().payee())) {
                for (int i = 0; i < seen.outputs().size(); i++) {
                    hold(all, new Place(name, i));
                }
            }
        }
        return all;
    }

    private void hold(List<Held> all, Place at) {
        statements
                .output(at.parent(), at.index())
                .ifPresent(o -> all.add(new Held(at, o.note(), open(o, at).spans())));
    }

    /** What of an output nobody moved on, by what is on record. */
    private Cover open(Seen.Output output, Place at) {
        Cover spent = new Cover();
        recorded.taking(at.parent(), at.index()).stream()
                .flatMap(t -> t.inputs().stream())
                .filter(i -> i.parent().equals(at.parent()) && i.index() == at.index())
                .forEach(i -> spent.add(new Cover.Span(i.lo(), i.hi())));
        List<Cover.Span> open = new ArrayList<>();
        long from = output.lo();
        for (Cover.Span span : spent.spans()) {
            if (span.lo() > from) {
                open.add(new Cover.Span(from, Math.min(span.lo(), output.hi())));
            }
            from = Math.max(from, span.hi());
        }
        if (from < output.hi()) {
            open.add(new Cover.Span(from, output.hi()));
        }
        return Cover.of(open);
    }

    /** What an institution has on its books for a claim, whose customer's keys these are. */
    void booked(String claim, List<String> customersKeys, long debt) {
        booked.add(claim);
        long is = owed.getOrDefault(claim, 0L);
        expect(debt == is, "a claimant is booked to owe " + debt + " where it owes " + is);
        Known known = claims.get(claim);
        expect(
                known != null && customersKeys.containsAll(known.keys()),
                "a claimant's debt is booked to another customer");
    }

    void close() {
        expect(booked.containsAll(owed.keySet()), "nobody is booked to owe for some claims");
    }
}
