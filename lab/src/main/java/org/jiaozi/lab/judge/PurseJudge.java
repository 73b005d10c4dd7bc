package org.jiaozi.lab.judge;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jiaozi.core.value.Bytes;
import org.jiaozi.lab.audit.Cover;
import org.jiaozi.lab.audit.Raw;
import org.jiaozi.lab.audit.RawTransfer;

/** Judges what purses sign and credit, and what their owners are worth. Not thread-safe. */
final class PurseJudge {
    private final Statements statements;
    private final List<String> breaches;
    private final Map<String, String> owners = new HashMap<>();
    private final Map<String, Long> worth = new HashMap<>();
    private final Set<String> dishonest = new HashSet<>();
    private final Map<String, Asked> asked = new HashMap<>();
    private final Set<String> used = new HashSet<>();
    private final Map<String, String> paid = new HashMap<>();
    private final Conflicts signed = new Conflicts();
    private final Map<String, Conflicts> known = new HashMap<>();
    private final Set<String> returned = new HashSet<>();
    private final Set<String> refunded = new HashSet<>();
    private final Set<String> received = new HashSet<>();
    private final Set<String> hurt = new HashSet<>();
    private final Map<String, Map<String, Cover>> late = new HashMap<>();
    private final Map<String, Cover> claimed = new HashMap<>();
    private final Map<String, Long> twins = new HashMap<>();
    private final Hands hands;

    private record Asked(String purse, String key, long amount) {}

    PurseJudge(Statements statements, List<String> breaches) {
        this.statements = statements;
        this.hands = new Hands(statements);
        this.breaches = breaches;
    }

    private void expect(boolean holds, String otherwise) {
        if (!holds) {
            breaches.add(otherwise);
        }
    }

    void funded(String purse, long amount) {
        worth.merge(purse, amount, Math::addExact);
    }

    void key(String purse, String key) {
        owners.put(key, purse);
    }

    /** Every key of a purse that was certified so far. */
    List<String> keys(String purse) {
        return owners.entrySet().stream()
                .filter(e -> e.getValue().equals(purse))
                .map(Map.Entry::getKey)
                .toList();
    }

    /** From now on nothing is promised to it. */
    void dishonest(String purse) {
        dishonest.add(purse);
    }

    /** It lost a device or its memory: what was paid to lost keys may come by a claim, and what they held may not. */
    void hurt(String purse) {
        hurt.add(purse);
    }

    boolean honest(String purse) {
        return !dishonest.contains(purse);
    }

    boolean honestKey(String key) {
        String owner = owners.get(key);
        return owner != null && honest(owner);
    }

    void asked(String purse, String nonce, String key, long amount) {
        asked.put(nonce, new Asked(purse, key, amount));
    }

    void signed(String purse, Bytes transfer, Bytes certificate) {
        Seen seen = statements.transfer(transfer, certificate);
        RawTransfer t = seen.transfer();
        Conflicts mine = known.computeIfAbsent(purse, p -> new Conflicts());
        if (signed.has(t.hash())) {
            return;
        }
        if (honest(purse)) {
            signed.add(t).ifPresent(why -> breaches.add("an honest purse signed two transfers: " + why));
            mine.add(t);
            expect(seen.sound(), "an honest purse signed an unsound transfer: " + seen.unsound());
            expect(seen.certifiedThen() || seen.deposit(), "an honest purse paid under a certificate not valid then");
            String before = paid.put(purse + t.nonce(), t.signer());
            // an old copy forgot that it paid, and pays under another key
            expect(
                    before == null || (hurt.contains(purse) && !before.equals(t.signer())),
                    "an honest purse answered one request twice");
        }
        hands.signed(purse, t);
        if (!seen.deposit()) {
            worth.merge(purse, -t.amount(), Math::addExact);
        }
    }

    void credited(String purse, String region, long now, long epoch, String nonce, List<Judge.Link> lineage) {
        Seen head = null;
        Conflicts mine = known.computeIfAbsent(purse, p -> new Conflicts());
        long perMille = statements.listed().perMille(region, now);
        for (Judge.Link link : lineage) {
            Seen seen = statements.transfer(link.transfer(), link.certificate());
            head = seen;
            expect(seen.sound(), "a purse credited an unsound transfer: " + seen.unsound());
            expect(seen.withinLimits(perMille), "a purse credited a payment above its certificate's limits");
            expect(seen.certifiedThen(), "a purse credited a payment under a certificate not valid then");
            expect(!seen.deposit(), "a purse credited what was deposited");
            expect(
                    !honest(purse)
                            || !statements
                                    .revoked(epoch)
                                    .contains(seen.transfer().signer()),
                    "a purse credited what came through a key that its bulletin revokes");
            for (Seen.Output output : seen.outputs()) {
                Statements.KnownNote note = statements.note(output.note()).orElseThrow();
                expect(
                        output.hops() <= statements.listed().hops(note.maxHops(), region, now),
                        "a purse credited value of " + output.hops() + " hops");
                expect(seen.at() <= note.expiry(), "a purse credited value that moved past its expiry");
            }
            Optional<String> fork = mine.add(seen.transfer());
            // what it knew went with the device, and copies do not know what the other knows
            expect(
                    fork.isEmpty() || hurt.contains(purse) || !honest(purse),
                    "a purse credited a fork that it knew: " + fork.orElse(""));
        }
        Asked request = asked.get(nonce);
        if (head == null || request == null || !request.purse().equals(purse)) {
            breaches.add("a purse credited what it never asked for");
            return;
        }
        RawTransfer t = head.transfer();
        expect(
                t.nonce().equals(nonce) && t.payee().equals(request.key()),
                "a purse credited the answer to another request");
        expect(t.amount() == request.amount(), "a purse credited " + t.amount() + " of " + request.amount() + " asked");
        expect(used.add(nonce) || !honest(purse), "one request was paid twice");
        received.add(t.hash());
        hands.credited(purse, head);
        worth.merge(purse, t.amount(), Math::addExact);
    }

    /** A note was credited; a return's note makes good a payment. */
    void returned(String purse, String transfer, Bytes note) {
        Optional<Seen> denied = statements.transfer(transfer);
        if (denied.isEmpty() || !honest(purse)) {
            return;
        }
        long amount = denied.get().transfer().amount();
        long value = statements.note(note).note().value();
        if (!returned.add(transfer)) {
            expect(hurt.contains(purse), "one payment came back twice");
            return;
        }
        expect(value == amount, "an honest payer gets " + value + " of " + amount + " back");
        worth.merge(purse, value, Math::addExact);
    }

    /** Where its holder claims, two notes are owed for one load. */
    void twin(String purse, long value) {
        twins.merge(purse, value, Math::addExact);
    }

    void loaded(String purse, Bytes signed) {
        Statements.KnownNote note = statements.note(signed);
        expect(note.sound(), "a purse credited a note that its issuer did not sign");
        expect(purse.equals(owners.get(note.note().holder())), "a purse credited a note of another holder");
        // an old copy may take it again: what its dead keys seem to hold it never spends
        expect(
                used.add("note " + note.note().hash()) || hurt.contains(purse) || !honest(purse),
                "a purse credited one note twice");
        hands.loaded(purse, note);
    }

    /**
     * The registry's word on a deposit.
     *
     * @param outcomes as they were signed: input, from, to, kind, code
     */
    void deposited(String purse, String deposit, List<Raw> outcomes, long now) {
        Optional<Seen> found = statements.transfer(deposit);
        if (found.isEmpty() || !honest(purse)) {
            return;
        }
        Seen seen = found.get();
        long told = 0;
        for (Raw outcome : outcomes) {
            List<Raw> o = outcome.list();
            long units = Math.subtractExact(o.get(2).integer(), o.get(1).integer());
            told = Math.addExact(told, units);
            if (o.get(3).integer() == 4) {
                String note = seen.outputs().get((int) o.get(0).integer()).note();
                long end = statements.note(note).orElseThrow().expiry()
                        + statements.listed().grace();
                if (now > end) {
                    // nothing is promised to who comes too late, but what a claim paid or pays
                    RawTransfer.Input input =
                            seen.transfer().inputs().get((int) o.get(0).integer());
                    late.computeIfAbsent(purse, p -> new HashMap<>())
                            .computeIfAbsent(place(input.parent(), input.index()), p -> new Cover())
                            .add(new Cover.Span(o.get(1).integer(), o.get(2).integer()));
                }
                expect(now > end, "an honest holder who came in time goes without " + units);
            }
        }
        expect(
                told == seen.transfer().amount(),
                "a deposit of " + seen.transfer().amount() + " is answered for " + told);
    }

    /** A claim for the key that held it was paid: of what its owner handed in too late, this is not lost. */
    void claimed(String parent, long index, long lo, long hi) {
        claimed.computeIfAbsent(place(parent, index), p -> new Cover()).add(new Cover.Span(lo, hi));
    }

    private static String place(String parent, long index) {
        return parent + "#" + index;
    }

    /** What an owner handed in too late and nobody paid. */
    private long forfeited(String purse) {
        long sum = 0;
        for (Map.Entry<String, Cover> e : late.getOrDefault(purse, Map.of()).entrySet()) {
            Cover paid = claimed.getOrDefault(e.getKey(), new Cover());
            sum = Math.addExact(sum, e.getValue().size() - e.getValue().common(paid));
        }
        return sum;
    }

    /**
     * What an owner has at the end, against what it should have.
     *
     * @param at when everybody who was in time had handed in everything; of a purse that lost a device, what lapsed by then
     *     counts as its own: a claim pays for it, or for a part
     * @param record the registry's
     */
    void worth(String purse, long actual, long at, RecordJudge record) {
        if (honest(purse)) {
            boolean harmed = hurt.contains(purse);
            long due = worth.getOrDefault(purse, 0L) - forfeited(purse) - (harmed ? 0 : hands.lapsed(purse, at));
            long most = harmed
                    ? Math.addExact(Math.addExact(due, twins.getOrDefault(purse, 0L)), open(purse, record))
                    : due;
            long least = harmed ? due - lost(purse, record) : due;
            expect(actual <= most, purse + " is worth " + actual + " where " + most + " is its own");
            expect(actual >= least, purse + " is worth " + actual + " where " + least + " is due");
        }
    }

    /** What went with a device and no claim pays: what nobody put on record, and what a culprit spent another way. */
    private long lost(String purse, RecordJudge record) {
        List<String> keys = keys(purse);
        long notes = statements.notes().stream()
                .map(Statements.KnownNote::note)
                .filter(n -> keys.contains(n.holder()) && !record.hasNote(n.hash()))
                .mapToLong(n -> n.value())
                .reduce(0, Math::addExact);
        long payments = statements.transfers().stream()
                .map(Seen::transfer)
                .filter(t -> keys.contains(t.payee()) && received.contains(t.hash()) && !record.has(t.hash()))
                .mapToLong(RawTransfer::amount)
                .reduce(0, Math::addExact);
        return Math.addExact(Math.addExact(notes, payments), record.claims().forked(keys));
    }

    /** What of a payment its payer's claim has all the same. */
    private static long claimed(RawTransfer payment, RecordJudge record) {
        return payment.inputs().stream()
                .mapToLong(i -> record.claims().has(new Ways.Place(i.parent(), i.index()), i.lo(), i.hi()))
                .reduce(0, Math::addExact);
    }

    /** The registry gave a denied payment back to its payer's institution. */
    void refunded(String transfer) {
        refunded.add(transfer);
    }

    /**
     * What became open with a device that is lost: payments to it that it never credited; payments of its own that nobody
     * put on record before it claimed what they moved, or that were given back and it never heard of.
     */
    private long open(String purse, RecordJudge record) {
        return statements.transfers().stream()
                .filter(s -> s.sound() && !s.deposit())
                .map(Seen::transfer)
                .mapToLong(t -> {
                    boolean to = purse.equals(owners.get(t.payee())) && !received.contains(t.hash());
                    boolean from = purse.equals(owners.get(t.signer())) && !returned.contains(t.hash());
                    boolean unheardOf = from && (!record.has(t.hash()) || refunded.contains(t.hash()));
                    return to || unheardOf ? t.amount() : from ? claimed(t, record) : 0;
                })
                .reduce(0, Math::addExact);
    }
}
