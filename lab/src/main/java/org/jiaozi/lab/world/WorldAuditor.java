package org.jiaozi.lab.world;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jiaozi.core.value.Bytes;
import org.jiaozi.lab.audit.AuditException;
import org.jiaozi.lab.audit.Cover;
import org.jiaozi.lab.audit.RawDenial;
import org.jiaozi.lab.audit.RawEvidence;
import org.jiaozi.lab.audit.RawNote;
import org.jiaozi.lab.audit.RawStatement;
import org.jiaozi.lab.audit.RawTransfer;

/** Says what does not hold of a world's facts, by arithmetic of its own over what was signed. Not thread-safe. */
final class WorldAuditor {
    private final WorldFacts facts;
    private final List<String> breaches = new ArrayList<>();
    private final Map<String, RawNote> notes = new HashMap<>();
    private final Map<String, RawTransfer> transfers = new TreeMap<>();
    private final List<RawDenial> denials = new ArrayList<>();

    private WorldAuditor(WorldFacts facts) {
        this.facts = facts;
    }

    /** One line for each thing that does not hold; empty for a sound world. */
    static List<String> breaches(WorldFacts facts) {
        WorldAuditor auditor = new WorldAuditor(facts);
        try {
            auditor.read();
            auditor.money();
            auditor.settled();
            auditor.convictions();
            auditor.honest();
        } catch (AuditException | ArithmeticException e) {
            auditor.breaches.add("the record cannot be read: " + e.getMessage());
        }
        return List.copyOf(auditor.breaches);
    }

    /** What another order of arrival changed that it must not change. */
    static List<String> differences(WorldFacts first, WorldFacts other, String when) {
        List<String> breaches = new ArrayList<>();
        breaches(other).forEach(b -> breaches.add(when + ": " + b));
        if (!covers(first).equals(covers(other))) {
            breaches.add(when + " other units are settled");
        }
        Set<String> one = culprits(first);
        Set<String> two = culprits(other);
        if (!one.equals(two)) {
            breaches.add(when + " the convicted are " + two + ", not " + one);
        }
        return breaches;
    }

    private static Set<String> culprits(WorldFacts facts) {
        Set<String> culprits = new TreeSet<>();
        facts.convictions().forEach(c -> culprits.add(c.culprit()));
        return culprits;
    }

    private static Map<String, Cover> covers(WorldFacts facts) {
        Map<String, Cover> covers = new TreeMap<>();
        for (WorldFacts.Settled s : facts.settled()) {
            covers.computeIfAbsent(s.note(), n -> new Cover()).add(new Cover.Span(s.lo(), s.hi()));
        }
        return covers;
    }

    /** Takes in what was filed, as far as its signatures stand. */
    private void read() {
        for (Bytes note : facts.notes()) {
            RawNote read = RawNote.of(RawStatement.of("note", note));
            if (notes.put(read.hash(), read) != null) {
                breaches.add("note " + read.hash() + " is on record twice");
            }
        }
        for (WorldFacts.Filed filed : facts.filings()) {
            for (Bytes note : filed.notes()) {
                if (!notes.containsKey(RawStatement.of("note", note).hash())) {
                    breaches.add("a filed note is not on record");
                }
            }
            filed.links().forEach(link -> transfers.putIfAbsent(signed(link).hash(), signed(link)));
            filed.denial().ifPresent(d -> {
                RawStatement certificate = RawStatement.of("certificate", d.certificate());
                denials.add(RawDenial.of(RawStatement.of("non-receipt", d.transfer()), certificate));
            });
        }
    }

    private static RawTransfer signed(WorldFacts.Link link) {
        return RawTransfer.of(
                RawStatement.of("transfer", link.transfer()), RawStatement.of("certificate", link.certificate()));
    }

    private void money() {
        Map<String, Long> balances = new TreeMap<>();
        for (WorldFacts.Moved m : facts.postings()) {
            balances.merge(m.debit(), -m.amount(), Math::addExact);
            balances.merge(m.credit(), m.amount(), Math::addExact);
        }
        long sum = balances.values().stream().reduce(0L, Math::addExact);
        expect(sum == 0, "the books add up to " + sum);
        balances.forEach((account, balance) -> {
            boolean asset = account.startsWith("float") || account.startsWith("held") || account.equals("guarantee");
            expect(!asset || balance >= 0, account + " stands at " + balance);
        });
        Map<String, Long> outstanding = new TreeMap<>();
        for (RawNote note : notes.values()) {
            outstanding.merge("float:" + note.issuer(), note.value(), Math::addExact);
        }
        for (WorldFacts.Settled s : facts.settled()) {
            RawNote note = notes.get(s.note());
            if (note != null) {
                outstanding.merge("float:" + note.issuer(), s.lo() - s.hi(), Math::addExact);
            }
        }
        outstanding.forEach((account, left) -> {
            long balance = balances.getOrDefault(account, 0L);
            expect(balance == left, account + " stands at " + balance + " where " + left + " are outstanding");
        });
        long owed = 0;
        for (WorldFacts.Convicted c : facts.convictions()) {
            owed += c.owed();
            expect(
                    c.recovered() + c.fromFund() + c.fromInstitution() <= c.owed(),
                    "more was taken for " + c.culprit() + " than it cost");
        }
        long advanced = facts.postings().stream()
                .filter(m -> m.reason().equals("make whole"))
                .mapToLong(WorldFacts.Moved::amount)
                .sum();
        expect(owed == advanced, "culprits owe " + owed + " where " + advanced + " was advanced");
    }

    /** What is settled is what was handed in, each unit once, however often it was handed in. */
    private void settled() {
        Map<String, Cover> rows = new TreeMap<>();
        for (WorldFacts.Settled s : facts.settled()) {
            RawNote note = notes.get(s.note());
            expect(note != null && s.hi() <= note.value(), "more of note " + s.note() + " is settled than it holds");
            boolean fresh = rows.computeIfAbsent(s.note(), n -> new Cover()).add(new Cover.Span(s.lo(), s.hi()));
            expect(fresh, "a part of note " + s.note() + " is settled twice");
        }
        Map<String, Cover> due = new TreeMap<>();
        for (WorldFacts.Filed filed : facts.filings()) {
            if (filed.kind() != WorldFacts.Kind.UPLOAD) {
                for (RawTransfer.Input input : signed(filed.links().getLast()).inputs()) {
                    due.computeIfAbsent(noteOf(input), n -> new Cover()).add(new Cover.Span(input.lo(), input.hi()));
                }
            }
        }
        expect(rows.equals(due), "settled is " + rows + " where " + due + " was handed in");
    }

    /** Follows an input up to its note. */
    private String noteOf(RawTransfer.Input input) {
        RawTransfer.Input at = input;
        while (!notes.containsKey(at.parent())) {
            RawTransfer parent = transfers.get(at.parent());
            if (parent == null) {
                throw new AuditException("a filed transfer without its parent");
            }
            RawTransfer.Input from = parent.inputs().get((int) at.index());
            expect(from.lo() <= at.lo() && at.hi() <= from.hi(), "a filed transfer moves more than its parent gave");
            at = from;
        }
        return at.parent();
    }

    private void convictions() {
        Set<String> due = new TreeSet<>();
        List<RawTransfer> all = List.copyOf(transfers.values());
        for (int i = 0; i < all.size(); i++) {
            for (int j = 0; j < i; j++) {
                if (all.get(i).contradicts(all.get(j)).isPresent()) {
                    due.add(all.get(i).signer());
                }
            }
        }
        for (RawDenial denial : denials) {
            for (RawTransfer spending : all) {
                for (RawTransfer.Input input : spending.inputs()) {
                    RawTransfer received = transfers.get(input.parent());
                    if (received != null && denial.contradictedBy(spending, received)) {
                        due.add(denial.signer());
                    }
                }
            }
        }
        Set<String> convicted = culprits(facts);
        expect(convicted.equals(due), "convicted are " + convicted + " where what was filed convicts " + due);
        for (WorldFacts.Convicted c : facts.convictions()) {
            try {
                String culprit = RawEvidence.culprit(c.file(), facts.rootKey(), facts.check());
                expect(culprit.equals(c.culprit()), "the evidence against " + c.culprit() + " names " + culprit);
            } catch (AuditException e) {
                breaches.add("the evidence against " + c.culprit() + " convicts nobody: " + e.getMessage());
            }
        }
    }

    private void honest() {
        for (WorldFacts.Convicted c : facts.convictions()) {
            expect(!facts.honestKeys().contains(c.culprit()), "an honest purse is convicted: " + c.culprit());
        }
        List<RawTransfer> signed = new ArrayList<>();
        Set<String> seen = new HashSet<>();
        for (WorldFacts.Link link : facts.honestSigned()) {
            RawTransfer transfer = signed(link);
            if (seen.add(transfer.hash())) {
                for (RawTransfer other : signed) {
                    transfer.contradicts(other)
                            .ifPresent(why -> breaches.add("an honest purse signed two transfers: " + why));
                }
                signed.add(transfer);
            }
        }
        expect(facts.honestHolding() == 0, "honest purses could not deposit " + facts.honestHolding());
        expect(facts.honestUnanswered() == 0, facts.honestUnanswered() + " payments between honest purses hang");
        for (WorldFacts.Filed filed : facts.filings()) {
            RawTransfer head = signed(filed.links().getLast());
            if (filed.honest() && filed.kind() == WorldFacts.Kind.DEPOSIT) {
                long credited = credited(filed, head.hash());
                expect(
                        credited == head.amount(),
                        "an honest deposit of " + head.amount() + " is credited with " + credited);
            } else if (filed.honest() && filed.kind() == WorldFacts.Kind.REFUND) {
                expect(
                        filed.refunded() == head.amount(),
                        "an honest payer gets " + filed.refunded() + " of " + head.amount() + " back");
            }
        }
    }

    /** What the registry's signed answer credits for a deposit; withheld parts count, since all were released. */
    private long credited(WorldFacts.Filed filed, String deposit) {
        RawStatement answer = RawStatement.of(
                "registry-answer", filed.answer().orElseThrow(() -> new AuditException("a deposit without an answer")));
        expect(answer.signedBy(facts.registryKey(), facts.check()), "an answer is not signed by the registry");
        long credited = 0;
        for (var settlement : answer.body().at(2).list()) {
            if (settlement.list().get(0).bytes().hex().equals(deposit)) {
                for (var outcome : settlement.list().get(1).list()) {
                    long units = Math.subtractExact(
                            outcome.list().get(2).integer(),
                            outcome.list().get(1).integer());
                    credited = Math.addExact(credited, outcome.list().get(3).integer() < 4 ? units : 0);
                }
            }
        }
        return credited;
    }

    private void expect(boolean holds, String otherwise) {
        if (!holds) {
            breaches.add(otherwise);
        }
    }
}
