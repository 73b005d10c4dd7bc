package org.jiaozi.lab.judge;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jiaozi.core.value.Bytes;
import org.jiaozi.lab.audit.AuditException;
import org.jiaozi.lab.audit.Cover;
import org.jiaozi.lab.audit.KeyCheck;
import org.jiaozi.lab.audit.Raw;
import org.jiaozi.lab.audit.RawDenial;
import org.jiaozi.lab.audit.RawEvidence;
import org.jiaozi.lab.audit.RawStatement;
import org.jiaozi.lab.audit.RawTransfer;

/** Judges the registry's record, row by row. Not thread-safe. */
final class RecordJudge {
    private final Statements statements;
    private final KeyCheck check;
    private final Bytes rootKey;
    private final List<String> breaches;
    private final Map<String, Cover> settled = new TreeMap<>();
    private final Map<String, Cover> handedIn = new TreeMap<>();
    private final Set<String> refused = new HashSet<>();
    private final Set<String> noted = new HashSet<>();
    private final Set<String> loads = new HashSet<>();
    private final Map<Integer, Long> outstanding = new TreeMap<>();
    private final Map<Integer, Long> quotas = new HashMap<>();
    private final Map<String, Long> balances = new TreeMap<>();
    private final Conflicts recorded = new Conflicts();
    private final Map<String, List<RawDenial>> denials = new HashMap<>();
    private final Set<String> due = new TreeSet<>();
    private final Map<String, Conviction> convictions = new TreeMap<>();
    private final Set<String> lost = new HashSet<>();
    private final Set<String> answered = new HashSet<>();
    private final Ways ways;
    private final LossJudge losses;
    private final ClaimJudge claims;
    private final CycleJudge cycles;
    private long advanced;
    private boolean dirty;

    /** A culprit's money, minor units. */
    record Conviction(int certifier, long owed, long recovered, long fromFund, long fromInstitution) {
        long shared() {
            return Math.addExact(recovered, Math.addExact(fromFund, fromInstitution));
        }
    }

    RecordJudge(Statements statements, KeyCheck check, Bytes rootKey, List<String> breaches) {
        this.statements = statements;
        this.check = check;
        this.rootKey = rootKey;
        this.breaches = breaches;
        this.ways = new Ways(statements);
        this.losses = new LossJudge(statements, ways, convictions, breaches);
        this.cycles = new CycleJudge(breaches);
        this.claims = new ClaimJudge(statements, ways, noted, recorded, breaches);
    }

    LossJudge losses() {
        return losses;
    }

    CycleJudge cycles() {
        return cycles;
    }

    ClaimJudge claims() {
        return claims;
    }

    private void expect(boolean holds, String otherwise) {
        if (!holds) {
            breaches.add(otherwise);
        }
    }

    void quota(int institution, long limit) {
        quotas.put(institution, limit);
    }

    void lost(String key) {
        lost.add(key);
    }

    void note(Bytes signed, boolean late) {
        dirty = true;
        Statements.KnownNote note = statements.note(signed);
        String name = note.note().hash();
        int issuer = note.note().issuer();
        expect(noted.add(name), "note " + name + " is on record twice");
        expect(note.sound(), "a note that institution " + issuer + " did not sign is on record");
        long out = outstanding.merge(issuer, note.note().value(), Math::addExact);
        losses.issued(issuer, note.note().value());
        if (!late) {
            expect(!refused.contains(name), "note " + name + " is registered that was refused to its issuer");
            expect(loads.add(issuer + ":" + note.loadNonce()), "a load made two notes at institution " + issuer);
            expect(
                    out <= quotas.getOrDefault(issuer, 0L),
                    "institution " + issuer + " has " + out + " outstanding, above its quota");
            long reserve = balances.getOrDefault("reserve:" + issuer, 0L);
            expect(
                    note.note().value() <= reserve,
                    "a note is registered where the reserve of institution " + issuer + " holds " + reserve);
        }
    }

    void noteRefused(String note) {
        expect(!noted.contains(note), "note " + note + " is refused that is on record");
        refused.add(note);
    }

    void transfer(Bytes signed, Bytes certificate) {
        dirty = true;
        Seen seen = statements.transfer(signed, certificate);
        RawTransfer t = seen.transfer();
        expect(seen.sound(), "an unsound transfer is on record: " + seen.unsound());
        if (recorded.add(t).isPresent()) {
            due.add(t.signer());
        }
        for (RawTransfer.Input input : t.inputs()) {
            statements.transfer(input.parent()).map(Seen::transfer).ifPresent(received -> deniedBefore(t, received));
        }
    }

    private void deniedBefore(RawTransfer spending, RawTransfer received) {
        for (RawDenial denial : denials.getOrDefault(received.nonce(), List.of())) {
            if (denial.contradictedBy(spending, received)) {
                due.add(denial.signer());
            }
        }
    }

    /** A lineage that the registry took is on record to its last link, whatever became of it. */
    void taken(List<Judge.Link> lineage) {
        for (Judge.Link link : lineage) {
            Seen seen = statements.transfer(link.transfer(), link.certificate());
            expect(
                    recorded.has(seen.transfer().hash()),
                    "a transfer that was handed in is not on record: "
                            + seen.transfer().hash());
        }
    }

    void denial(Bytes signed, Bytes certificate) {
        dirty = true;
        RawStatement cert = RawStatement.of("certificate", certificate);
        RawDenial denial = RawDenial.of(RawStatement.of("non-receipt", signed), cert);
        expect(
                statements.certificate(certificate).isPresent()
                        && denial.statement().signedBy(RawStatement.certifiedKey(cert), check),
                "a non-receipt that nobody signed is on record");
        denials.computeIfAbsent(denial.nonce(), n -> new ArrayList<>(1)).add(denial);
        spentBefore(denial.nonce());
    }

    /** A denial is compared with everything its maker spent of any payment of the request, whichever is to come back. */
    private void spentBefore(String request) {
        for (Seen received : statements.transfers()) {
            if (received.transfer().nonce().equals(request)) {
                for (int i = 0; i < received.outputs().size(); i++) {
                    for (RawTransfer spending :
                            recorded.taking(received.transfer().hash(), i)) {
                        deniedBefore(spending, received.transfer());
                    }
                }
            }
        }
    }

    void settled(String note, Ways.Row row, long now) {
        dirty = true;
        long lo = row.lo();
        long hi = row.hi();
        Statements.KnownNote of = statements.note(note).orElse(null);
        if (of == null || !noted.contains(note)) {
            breaches.add("a part of a note that is not on record is settled");
            return;
        }
        expect(hi <= of.note().value(), "more of note " + note + " is settled than it holds");
        expect(
                settled.computeIfAbsent(note, n -> new Cover()).add(new Cover.Span(lo, hi)),
                "a part of note " + note + " is settled twice");
        outstanding.merge(of.note().issuer(), lo - hi, Math::addExact);
        losses.settled(note, row);
        cycles.redeemed(of.note().issuer(), hi - lo);
        if (row.isClaimed()) {
            claimed(of, row, now);
        } else {
            handedIn.computeIfAbsent(note, n -> new Cover()).add(new Cover.Span(lo, hi));
            takenIn(of, row, now);
        }
    }

    /** What is redeemed or refunded was handed in, by a deposit or a transfer that is denied. */
    private void takenIn(Statements.KnownNote of, Ways.Row row, long now) {
        String note = of.note().hash();
        int index = (int) row.at().index();
        Seen at = statements.transfer(row.at().parent()).orElse(null);
        boolean inside = at != null
                && at.sound()
                && index < at.outputs().size()
                && at.outputs().get(index).note().equals(note)
                && at.outputs().get(index).lo() <= row.lo()
                && at.outputs().get(index).hi() >= row.hi();
        expect(inside, "a part of note " + note + " is settled that nobody handed in");
        if (inside && row.kind().equals("REDEEMED")) {
            Integer named = statements.listed().deposits().get(at.transfer().payee());
            expect(named != null && named == row.paidTo(), "a deposit is paid to an institution that it does not name");
            expect(now <= of.expiry() + statements.listed().grace(), "a deposit past grace is redeemed");
        } else if (inside) {
            boolean denied = denials.getOrDefault(at.transfer().nonce(), List.of()).stream()
                    .anyMatch(d -> d.signer().equals(at.transfer().payee())
                            && d.denies(at.transfer().hash()));
            expect(denied, "a payment is refunded that its payee does not deny");
            expect(
                    at.certificate().issuer() == row.paidTo(),
                    "a refund goes to an institution that did not certify the payer");
        }
    }

    private void claimed(Statements.KnownNote note, Ways.Row row, long now) {
        claims.paid(note.note().hash(), row);
        expect(now > note.expiry() + statements.listed().grace(), "a claim is paid before its time");
        lastHeld(row);
    }

    private void lastHeld(Ways.Row row) {
        statements
                .output(row.at().parent(), row.at().index())
                .ifPresent(o -> expect(
                        lost.contains(o.holder()) || convictions.containsKey(o.holder()),
                        "a claim is paid for a key that nobody reported lost"));
    }

    /** A part that one claimant was paid goes to a later holder. */
    void claimMoved(String from, String note, Ways.Row now) {
        dirty = true;
        losses.claimMoved(claims.moved(from, note, now), now.paidTo());
        lastHeld(now);
    }

    void posted(String debit, String credit, long amount, String reason) {
        dirty = true;
        expect(amount > 0, "a posting of " + amount);
        book(debit, -amount);
        book(credit, amount);
        losses.posted(debit, credit, amount, reason);
        cycles.posted(debit, credit, amount, reason);
        if (reason.equals("make whole")) {
            advanced = Math.addExact(advanced, amount);
        }
    }

    private void book(String account, long amount) {
        long balance = balances.merge(account, amount, Math::addExact);
        boolean own = account.startsWith("float") || account.startsWith("held") || account.equals("guarantee");
        expect(!own || balance >= 0, account + " stands at " + balance);
    }

    void convicted(String culprit, Bytes file, Conviction money, boolean honest) {
        dirty = true;
        Conviction before = convictions.put(culprit, money);
        expect(!honest, "an honest purse is convicted: " + culprit);
        if (before == null) {
            try {
                String named = RawEvidence.culprit(file, rootKey, check);
                expect(named.equals(culprit), "the evidence against " + culprit + " names " + named);
                int certifier = RawEvidence.certifier(file);
                expect(
                        certifier == money.certifier(),
                        "institution " + money.certifier() + " answers for a key that " + certifier + " certified");
            } catch (AuditException e) {
                breaches.add("the evidence against " + culprit + " convicts nobody: " + e.getMessage());
            }
        } else {
            expect(money.owed() >= before.owed(), "what " + culprit + " owes fell");
        }
        long cap = statements.listed().cap();
        expect(money.fromFund() <= cap, "the fund bears " + money.fromFund() + " for one culprit, above " + cap);
        expect(money.shared() <= money.owed(), "more was taken for " + culprit + " than it cost");
        losses.shared(culprit, before == null ? new Conviction(money.certifier(), 0, 0, 0, 0) : before, money);
    }

    /** What a deposit was answered; what counts is the first answer that is no refusal. */
    void paid(String deposit, List<Raw> outcomes, boolean flagged) {
        Optional<Seen> seen = statements.transfer(deposit);
        if (seen.isPresent() && answered.add(deposit)) {
            int institution =
                    statements.listed().deposits().get(seen.get().transfer().payee());
            losses.answered(seen.get(), institution, outcomes, flagged);
        }
    }

    /** A file was handed in; whether it convicts. */
    void handedIn(Bytes file, boolean taken) {
        dirty = true;
        Optional<String> culprit;
        try {
            culprit = Optional.of(RawEvidence.culprit(file, rootKey, check));
        } catch (AuditException | ArithmeticException e) {
            culprit = Optional.empty();
        }
        expect(culprit.isPresent() == taken, "evidence is " + (taken ? "taken that convicts nobody" : "refused"));
        culprit.filter(c -> taken).ifPresent(due::add);
    }

    /** What must hold between any two decisions. */
    void endOfStep() {
        if (!dirty) {
            return;
        }
        dirty = false;
        outstanding.forEach((issuer, left) -> {
            long balance = balances.getOrDefault("float:" + issuer, 0L);
            expect(
                    balance == left,
                    "float:" + issuer + " stands at " + balance + " where " + left + " are outstanding");
        });
        expect(
                convictions.keySet().equals(due),
                "convicted are " + convictions.keySet() + " where what is on record convicts " + due);
        long owed = convictions.values().stream().mapToLong(Conviction::owed).reduce(0, Math::addExact);
        Map<String, Long> open = new TreeMap<>();
        convictions
                .values()
                .forEach(c -> open.merge("recovery:" + c.certifier(), c.shared() - c.owed(), Math::addExact));
        open.forEach((account, left) -> expect(
                balances.getOrDefault(account, 0L).equals(left),
                account + " stands at " + balances.get(account) + " where " + left + " is open"));
        losses.endOfStep(balances);
        claims.endOfStep();
        for (String culprit : convictions.keySet()) {
            expect(
                    statements.listed().revoked().contains(culprit),
                    culprit + " is convicted, and no bulletin revokes it");
        }
        expect(owed == advanced, "culprits owe " + owed + " where " + advanced + " was advanced");
    }

    /** At the end every culprit's cost is borne by somebody. */
    void close() {
        convictions.forEach((culprit, c) -> expect(
                c.shared() == c.owed(), culprit + " cost " + c.owed() + " of which " + c.shared() + " are borne"));
        losses.close();
        claims.close();
        long sum = balances.values().stream().reduce(0L, Math::addExact);
        expect(sum == 0, "the books add up to " + sum);
    }

    long balance(String account) {
        return balances.getOrDefault(account, 0L);
    }

    /** Whether a note is on record. */
    boolean hasNote(String note) {
        return noted.contains(note);
    }

    /** Whether a transfer is on record. */
    boolean has(String transfer) {
        return recorded.has(transfer);
    }

    Set<String> culprits() {
        return Set.copyOf(convictions.keySet());
    }

    /** What was redeemed or refunded, by note. Claims depend on the day, not on what is filed. */
    Map<String, String> covers() {
        Map<String, String> covers = new TreeMap<>();
        handedIn.forEach((note, cover) -> covers.put(note, cover.toString()));
        return covers;
    }
}
