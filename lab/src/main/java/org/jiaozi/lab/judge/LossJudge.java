package org.jiaozi.lab.judge;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.jiaozi.lab.audit.Raw;
import org.jiaozi.lab.audit.RawTransfer;
import org.jiaozi.lab.judge.Ways.Cause;
import org.jiaozi.lab.judge.Ways.Place;
import org.jiaozi.lab.judge.Ways.Row;

/**
 * Works out by itself what each culprit cost, who bears how much of it and in which order, and what reserves, clearing, withheld
 * sums and the guarantee fund stand at (spec 07, clauses 9, 11, 12, 13 and 16). Not thread-safe.
 */
final class LossJudge {
    private static final long REDEEMED = 1;
    private static final long MADE_WHOLE = 2;
    private static final long WITHHELD = 3;
    private static final long ALREADY_REDEEMED = 709;

    private final Statements statements;
    private final Map<String, RecordJudge.Conviction> convictions;
    private final List<String> breaches;
    private final Ways ways;
    private final Map<String, Long> owed = new TreeMap<>();
    private final Map<String, Long> due = new TreeMap<>();
    private final Map<String, Long> withheld = new HashMap<>();
    private final Map<String, Long> reported = new HashMap<>();
    private final Set<String> unreported = new HashSet<>();
    private final Map<String, Long> told = new HashMap<>();
    private final Set<String> collected = new HashSet<>();

    LossJudge(
            Statements statements, Ways ways, Map<String, RecordJudge.Conviction> convictions, List<String> breaches) {
        this.statements = statements;
        this.ways = ways;
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

    void settled(String note, Row row) {
        ways.settled(note, row);
        enters("clearing:" + row.paidTo(), Math.subtractExact(row.hi(), row.lo()));
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
            for (Row row : ways.of(deposit.outputs().get(input).note())) {
                long part = row.common(lo, hi);
                if (part > 0) {
                    twice = Math.addExact(twice, part);
                    Cause cause = ways.cause(mine, row);
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
            for (Row row : ways.of(output.note())) {
                long part = row.common(output.lo(), output.hi());
                if (part > 0 && row.at().equals(mine) && row.kind().equals("REFUNDED")) {
                    sum = Math.addExact(sum, part);
                } else if (part > 0) {
                    Cause cause = ways.cause(mine, row);
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

    /** A part that claimants were paid goes to a later holder's institution. */
    void claimMoved(List<Row> before, int to) {
        for (Row row : before) {
            enters("clearing:" + row.paidTo(), -(row.hi() - row.lo()));
            enters("clearing:" + to, row.hi() - row.lo());
        }
    }

    /** A note takes its backing from its issuer's reserve. */
    void issued(int issuer, long value) {
        enters("reserve:" + issuer, -value);
    }

    /** Money that neither a loss nor a settlement moves. */
    void posted(String debit, String credit, long amount, String reason) {
        switch (reason) {
            case "netting" -> {
                netted(debit, credit, amount);
                enters(debit, -amount);
                enters(credit, amount);
            }
            case "contribute" -> {
                expect(debit.startsWith("reserve:"), "a contribution comes from " + debit);
                enters(debit, -amount);
                enters(credit, amount);
            }
            case "fund" -> {
                expect(debit.equals("issue"), debit + " is funded from");
                enters(credit, amount);
            }
            default -> {
                // follows from what is settled, lost or issued
            }
        }
    }

    /** A cycle moves what an institution's clearing stands at, to or from that institution's own reserve. */
    private void netted(String debit, String credit, long amount) {
        boolean gains = debit.startsWith("clearing:");
        String clearing = gains ? debit : credit;
        String reserve = gains ? credit : debit;
        expect(
                reserve.equals("reserve:" + clearing.substring(clearing.indexOf(':') + 1)),
                "netting moves money from " + debit + " to " + credit);
        long stands = due.getOrDefault(clearing, 0L);
        expect(
                amount == (gains ? stands : -stands),
                "netting moves " + amount + " from " + debit + " to " + credit + " where " + clearing + " stands at "
                        + stands);
    }

    /** The certifier is told what a culprit cost in all. */
    void told(String culprit, int institution, long cost) {
        RecordJudge.Conviction c = convictions.get(culprit);
        expect(c != null && c.certifier() == institution, "another than its certifier is told of a conviction");
        told.put(culprit, cost);
    }

    /**
     * What an institution did about a culprit's debt, at the end.
     *
     * @param debt what it has on its books
     * @param taken what its books moved from the culprit's account
     * @param left what the account still has
     */
    void collected(String culprit, long debt, long taken, long left) {
        collected.add(culprit);
        long is = owed.getOrDefault(culprit, 0L);
        long said = reported.getOrDefault(culprit, 0L);
        expect(debt == is, "a culprit is booked to owe " + debt + " where it cost " + is);
        expect(said == taken, "of a culprit's account " + taken + " was taken where " + said + " was reported");
        expect(taken == is || left == 0, "a culprit keeps " + left + " while it owes " + (is - taken));
    }

    void close() {
        expect(collected.equals(convictions.keySet()), "nobody collects what some culprits cost");
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
        convictions.forEach((culprit, c) -> expect(
                c.owed() == told.getOrDefault(culprit, -1L),
                "its institution is told that " + culprit + " cost " + told.get(culprit) + " where it cost "
                        + c.owed()));
        expect(unreported.isEmpty(), "others bear what " + unreported + " cost without a report");
        Set<String> accounts = new HashSet<>(due.keySet());
        balances.keySet().stream()
                .filter(a -> a.startsWith("clearing") || a.startsWith("held") || a.startsWith("reserve"))
                .forEach(accounts::add);
        for (String account : accounts) {
            long stands = balances.getOrDefault(account, 0L);
            long is = due.getOrDefault(account, 0L);
            expect(stands == is, account + " stands at " + stands + " where " + is + " entered it");
        }
    }

    private void charge(Cause cause, long part) {
        cause.culprit().ifPresent(culprit -> owed.merge(culprit, part, Math::addExact));
        cause.claimant().ifPresent(row -> enters("clearing:" + row.paidTo(), -part));
    }

    private boolean own(Cause cause, String holder) {
        return convictions.containsKey(holder)
                || cause.equals(Cause.OWN)
                || cause.culprit().equals(Optional.of(holder));
    }
}
