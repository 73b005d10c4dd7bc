package org.jiaozi.lab.judge;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.jiaozi.lab.audit.Cover;
import org.jiaozi.lab.audit.Raw;
import org.jiaozi.lab.audit.RawTransfer;

/**
 * Works out by itself what each culprit cost, who bears how much of it, and what clearing, withheld sums and the guarantee
 * fund stand at (spec 07, clauses 9, 11, 12 and 13). Not thread-safe.
 */
final class LossJudge {
    private static final long REDEEMED = 1;
    private static final long MADE_WHOLE = 2;
    private static final long WITHHELD = 3;
    private static final long ALREADY_REDEEMED = 709;

    private final Statements statements;
    private final Map<String, RecordJudge.Conviction> convictions;
    private final List<String> breaches;
    private final Map<String, List<Row>> rows = new HashMap<>();
    private final Map<String, Cover> moved = new HashMap<>();
    private final Map<String, Long> owed = new TreeMap<>();
    private final Map<String, Long> due = new TreeMap<>();
    private final Map<String, Long> withheld = new HashMap<>();
    private final Map<String, Long> reported = new HashMap<>();
    private final Set<String> unreported = new HashSet<>();

    /** A part of a note that is outstanding no more, and the output it was settled at. */
    private record Row(long lo, long hi, String kind, int paidTo, Place at) {}

    /** An output of a note or transfer. */
    private record Place(String parent, long index) {}

    /** Whose doing it is that a part comes twice: a key's, a claimant's, or its holder's own where both are absent. */
    private record Cause(Optional<String> culprit, Optional<Integer> debtor) {
        static final Cause OWN = new Cause(Optional.empty(), Optional.empty());
    }

    LossJudge(Statements statements, Map<String, RecordJudge.Conviction> convictions, List<String> breaches) {
        this.statements = statements;
        this.convictions = convictions;
        this.breaches = breaches;
    }

    private void expect(boolean holds, String otherwise) {
        if (!holds) {
            breaches.add(otherwise);
        }
    }

    private void enters(String account, long amount) {
        due.merge(account, amount, Math::addExact);
    }

    void settled(String note, long lo, long hi, String kind, int paidTo, String parent, long index) {
        rows.computeIfAbsent(note, n -> new ArrayList<>()).add(new Row(lo, hi, kind, paidTo, new Place(parent, index)));
        enters("clearing:" + paidTo, Math.subtractExact(hi, lo));
    }

    /**
     * What a deposit was first answered.
     *
     * @param outcomes as they were signed: input, from, to, kind, code
     * @param flagged whether its institution flags the holder
     */
    void answered(Seen deposit, int institution, List<Raw> outcomes, boolean flagged) {
        String holder = deposit.transfer().signer();
        long made = 0;
        long kept = 0;
        for (Raw outcome : outcomes) {
            List<Raw> o = outcome.list();
            long kind = o.get(3).integer();
            long lo = o.get(1).integer();
            long hi = o.get(2).integer();
            boolean paid = kind == MADE_WHOLE || kind == WITHHELD;
            if (kind == REDEEMED || (!paid && o.get(4).integer() != ALREADY_REDEEMED)) {
                continue;
            }
            int input = (int) o.get(0).integer();
            Place mine = new Place(deposit.transfer().hash(), input);
            long twice = 0;
            for (Row row : rowsOf(deposit.outputs().get(input).note())) {
                long part = common(row, lo, hi);
                if (part > 0) {
                    twice = Math.addExact(twice, part);
                    Cause cause = cause(mine, row);
                    expect(
                            own(cause, holder) != paid,
                            "a part of a deposit is " + (paid ? "made whole" : "refused") + " by whose doing it is");
                    if (paid) {
                        charge(cause, part);
                    }
                }
            }
            expect(twice == hi - lo, "a part of a deposit is made whole or refused that was not settled before");
            made += kind == MADE_WHOLE ? hi - lo : 0;
            kept += kind == WITHHELD ? hi - lo : 0;
        }
        boolean waits =
                flagged && Math.addExact(made, kept) > statements.listed().reviewAbove();
        expect(waits ? made == 0 : kept == 0, "of a deposit " + made + " is made whole and " + kept + " withheld");
        enters("clearing:" + institution, made);
        enters("held:" + institution, kept);
        if (kept > 0) {
            withheld.put(deposit.transfer().hash(), kept);
        }
    }

    /** What came back of a denied transfer: all of it that is not by the payer's own doing. */
    void refunded(Seen denied, int institution, long amount) {
        RawTransfer t = denied.transfer();
        long sum = 0;
        for (int i = 0; i < denied.outputs().size(); i++) {
            Seen.Output output = denied.outputs().get(i);
            Place mine = new Place(t.hash(), i);
            for (Row row : rowsOf(output.note())) {
                long part = common(row, output.lo(), output.hi());
                if (part > 0 && row.at().equals(mine) && row.kind().equals("REFUNDED")) {
                    sum = Math.addExact(sum, part);
                } else if (part > 0) {
                    Cause cause = cause(mine, row);
                    if (!own(cause, t.signer())) {
                        charge(cause, part);
                        enters("clearing:" + institution, part);
                        sum = Math.addExact(sum, part);
                    }
                }
            }
        }
        expect(sum == amount, "of a denied payment " + amount + " comes back where " + sum + " is due");
    }

    /** What was withheld of a deposit is on record, or paid out. */
    void kept(String deposit, int institution, long amount, boolean released) {
        if (released) {
            Long kept = withheld.remove(deposit);
            expect(kept != null && kept == amount, "what is released was not withheld: " + amount);
            enters("held:" + institution, -amount);
            enters("clearing:" + institution, amount);
        }
    }

    /** A part that one claimant was paid goes to a later holder. */
    void claimMoved(String note, long lo, long hi, int to) {
        expect(
                moved.computeIfAbsent(note, n -> new Cover()).add(new Cover.Span(lo, hi)),
                "a part of note " + note + " goes from a claimant twice");
        long sum = 0;
        for (Row row : rowsOf(note)) {
            long part = row.kind().equals("CLAIMED") ? common(row, lo, hi) : 0;
            sum = Math.addExact(sum, part);
            enters("clearing:" + row.paidTo(), -part);
            enters("clearing:" + to, part);
        }
        expect(sum == hi - lo, "a claimant owes what no claim paid");
    }

    /** Money that neither a loss nor a settlement moves. */
    void posted(String debit, String credit, long amount, String reason) {
        if (reason.equals("netting")) {
            enters(debit, -amount);
            enters(credit, amount);
        } else if (reason.equals("contribute")) {
            enters(credit, amount);
        }
    }

    /** What fund, culprit and institution bear of a conviction changes. */
    void shared(String culprit, RecordJudge.Conviction before, RecordJudge.Conviction now) {
        long fund = now.fromFund() - before.fromFund();
        long others = now.recovered() + now.fromInstitution() - before.recovered() - before.fromInstitution();
        enters("guarantee", -fund);
        enters("clearing:" + now.certifier(), -others);
        if (fund != 0 || others != 0 || now.recovered() != before.recovered()) {
            unreported.add(culprit);
        }
    }

    /** The certifier reported what it took from a culprit in all, and was told what fund and institution bear. */
    void reported(String culprit, int institution, long recovered, long fund, long ownLoss) {
        RecordJudge.Conviction c = convictions.get(culprit);
        if (c == null || c.certifier() != institution) {
            breaches.add("a report of another than the certifier counts");
            return;
        }
        unreported.remove(culprit);
        long taken = Math.min(c.owed(), reported.merge(culprit, recovered, Math::max));
        long inFund = Math.addExact(due.getOrDefault("guarantee", 0L), c.fromFund());
        long fundDue = Math.min(Math.min(c.owed() - taken, statements.listed().cap()), inFund);
        long lossDue = c.owed() - taken - fundDue;
        String told = "of " + c.owed() + " that " + culprit + " cost, culprit, fund and institution bear ";
        String bears = c.recovered() + ", " + c.fromFund() + ", " + c.fromInstitution();
        expect(
                bears.equals(taken + ", " + fundDue + ", " + lossDue),
                told + bears + " where policy says " + taken + ", " + fundDue + ", " + lossDue);
        expect(fund == fundDue && ownLoss == lossDue, told + "and its institution is told " + fund + ", " + ownLoss);
    }

    /** What must hold between any two decisions. */
    void endOfStep(Map<String, Long> balances) {
        convictions.forEach((culprit, c) -> expect(
                c.owed() == owed.getOrDefault(culprit, 0L),
                culprit + " owes " + c.owed() + " where it cost " + owed.getOrDefault(culprit, 0L)));
        expect(unreported.isEmpty(), "others bear what " + unreported + " cost without a report");
        Set<String> accounts = new HashSet<>(due.keySet());
        balances.keySet().stream()
                .filter(a -> a.startsWith("clearing") || a.startsWith("held") || a.equals("guarantee"))
                .forEach(accounts::add);
        for (String account : accounts) {
            if (!account.startsWith("reserve")) {
                long stands = balances.getOrDefault(account, 0L);
                long is = due.getOrDefault(account, 0L);
                expect(stands == is, account + " stands at " + stands + " where " + is + " entered it");
            }
        }
    }

    private void charge(Cause cause, long part) {
        cause.culprit().ifPresent(culprit -> owed.merge(culprit, part, Math::addExact));
        cause.debtor().ifPresent(debtor -> enters("clearing:" + debtor, -part));
    }

    private boolean own(Cause cause, String holder) {
        return convictions.containsKey(holder)
                || cause.equals(Cause.OWN)
                || cause.culprit().equals(Optional.of(holder));
    }

    private List<Row> rowsOf(String note) {
        return rows.getOrDefault(note, List.of());
    }

    private static long common(Row row, long lo, long hi) {
        return Math.max(0, Math.min(row.hi(), hi) - Math.max(row.lo(), lo));
    }

    /** Where the two ways from the note part: there somebody signed both, or denied what it passed on. */
    private Cause cause(Place at, Row before) {
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
            case "CLAIMED" -> here ? Cause.OWN : new Cause(Optional.empty(), Optional.of(before.paidTo()));
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
