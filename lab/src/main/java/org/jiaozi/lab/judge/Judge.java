package org.jiaozi.lab.judge;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jiaozi.core.value.Bytes;
import org.jiaozi.lab.audit.AuditException;
import org.jiaozi.lab.audit.KeyCheck;
import org.jiaozi.lab.audit.Raw;
import org.jiaozi.lab.audit.RawStatement;

/**
 * Is told of everything that happens in a world, as bytes, names and numbers, and says what does not hold. Names of keys
 * and statements are lower-case hexadecimal, amounts minor units, times seconds. Not thread-safe.
 */
public final class Judge {
    /** A signed transfer and the signed certificate it came with. */
    public record Link(Bytes transfer, Bytes certificate) {}

    /**
     * A part of a note that is outstanding no more.
     *
     * @param kind REDEEMED, REFUNDED or CLAIMED
     * @param paidTo the institution that has its value
     * @param parent with {@code index} the output that it was settled at
     * @param claim empty if it is no claim's
     */
    public record Settled(
            String note, long lo, long hi, String kind, int paidTo, String parent, long index, String claim) {
        Ways.Row row() {
            return new Ways.Row(lo, hi, kind, paidTo, new Ways.Place(parent, index), claim);
        }
    }

    private final KeyCheck check;
    private final Bytes registryKey;
    private final List<String> breaches = new ArrayList<>();
    private final Statements statements;
    private final RecordJudge record;
    private final PurseJudge purses;
    private final Map<String, Long> decided = new HashMap<>();

    /**
     * A judge of a world that begins.
     *
     * @param check verifies signatures of this world
     * @param rootKey the central bank's root, compressed
     * @param registryKey the registry's, compressed
     * @param bulletin signed, the first
     */
    public Judge(KeyCheck check, Bytes rootKey, Bytes registryKey, Bytes bulletin) {
        this.check = check;
        this.registryKey = registryKey;
        this.statements = new Statements(check, Listed.of(bulletin));
        this.record = new RecordJudge(statements, check, rootKey, breaches);
        this.purses = new PurseJudge(statements, breaches);
    }

    /** A newer bulletin is out. */
    public void bulletin(Bytes signed) {
        statements.list(Listed.of(signed));
    }

    /** What an institution may have outstanding. */
    public void quota(int institution, long limit) {
        record.quota(institution, limit);
    }

    /** Money came into a purse's account from outside. */
    public void funded(String purse, long amount) {
        purses.funded(purse, amount);
    }

    /** A purse's key was certified. */
    public void key(String purse, String key) {
        purses.key(purse, key);
    }

    /** A purse was copied or broken open: nothing is promised to it any more. */
    public void dishonest(String purse) {
        purses.dishonest(purse);
    }

    /** A purse lost a device or its memory. */
    public void hurt(String purse) {
        purses.hurt(purse);
    }

    public boolean honest(String purse) {
        return purses.honest(purse);
    }

    /** The holder of an account reported a device lost: what these keys held may be claimed, and of no other key. */
    public void lost(List<String> keys) {
        keys.forEach(record::lost);
    }

    /** A purse opened a request. */
    public void asked(String purse, String nonce, String key, long amount) {
        purses.asked(purse, nonce, key, amount);
    }

    /** A purse signed a transfer, and wrote it down. */
    public void signed(String purse, Bytes transfer, Bytes certificate) {
        guarded(() -> purses.signed(purse, transfer, certificate));
    }

    /**
     * A purse credited a payment.
     *
     * @param now its clock
     * @param epoch of the bulletin it has
     * @param notes signed
     * @param lineage parents first
     */
    public void credited(
            String purse, String region, long now, long epoch, String nonce, List<Bytes> notes, List<Link> lineage) {
        guarded(() -> {
            notes.forEach(statements::note);
            purses.credited(purse, region, now, epoch, nonce, lineage);
        });
    }

    /** A purse credited a note. */
    public void loaded(String purse, Bytes note) {
        guarded(() -> purses.loaded(purse, note));
    }

    /** An institution signed a second note for one load of a purse, and both are on record or may come to it. */
    public void twin(String purse, long value) {
        purses.twin(purse, value);
    }

    /** A note made good a payment that its payee denies. */
    public void returned(String purse, String transfer, Bytes note) {
        guarded(() -> purses.returned(purse, transfer, note));
    }

    /** A note is on the registry's record. */
    public void noteKept(Bytes signed, boolean late) {
        guarded(() -> record.note(signed, late));
    }

    /** A note was refused to its issuer, which lets it go. */
    public void noteRefused(String note) {
        record.noteRefused(note);
    }

    /** A transfer is on the registry's record. */
    public void recorded(Bytes transfer, Bytes certificate) {
        guarded(() -> record.transfer(transfer, certificate));
    }

    /** The registry took a lineage. */
    public void taken(List<Link> lineage) {
        guarded(() -> record.taken(lineage));
    }

    /**
     * The registry settled a deposit and did not refuse it, whoever asked.
     *
     * @param answer signed, of the whole batch
     * @param which of the batch
     * @param flagged whether its institution flags the holder
     * @param now the registry's clock
     */
    public void decided(Bytes answer, int which, boolean flagged, long now) {
        guarded(() -> {
            List<Raw> parts = RawStatement.of("registry-answer", answer)
                    .body()
                    .at(2)
                    .list()
                    .get(which)
                    .list();
            expect(parts.get(2).list().isEmpty(), "a deposit is settled and refused");
            String deposit = parts.get(0).bytes().hex();
            decided.putIfAbsent(deposit, now);
            record.paid(deposit, parts.get(1).list(), flagged);
        });
    }

    /** What was withheld of a deposit is on record, or released. */
    public void withheld(String deposit, int institution, long amount, boolean released) {
        record.losses().kept(deposit, institution, amount, released);
    }

    /** A claim is on record, for keys of one customer of an institution. */
    public void claimKept(String claim, int institution, List<String> keys) {
        record.claims().kept(claim, institution, keys);
    }

    /** A part that a claim was paid is somebody else's from now on. */
    public void claimMoved(String from, Settled now) {
        guarded(() -> record.claimMoved(from, now.note(), now.row()));
    }

    /** The registry took a claim for these keys, and paid what is due. */
    public void claimed(String claim, List<String> keys, long now) {
        guarded(() -> record.claims().answered(claim, keys, now));
    }

    /** An institution is told that a claimant owes what went on to somebody else. */
    public void toldDebt(int institution, String claim, long amount) {
        record.claims().told(institution, claim, amount);
    }

    /** An institution is told what a culprit cost in all. */
    public void toldConviction(int institution, String culprit, long owed) {
        record.losses().told(culprit, institution, owed);
    }

    /** An institution is told of a cycle. */
    public void toldCycle(int institution, long in, long out, long redeemed) {
        record.cycles().told(institution, in, out, redeemed);
    }

    /** What an institution has on its own books at the end: what its reserve gained, and what of its frozen backing is gone. */
    public void books(int institution, long reserve, long frozen) {
        record.cycles().books(institution, reserve, frozen);
    }

    /** What an institution has on its books at the end for a claim of a customer's. */
    public void claimBooked(String purse, String claim, long owed) {
        record.claims().booked(claim, purses.keys(purse), owed);
    }

    /**
     * What an institution did about a culprit's debt, at the end.
     *
     * @param owed what it has on its books
     * @param taken what its books moved from the account
     * @param left what the account still has
     */
    public void collected(String culprit, long owed, long taken, long left) {
        record.losses().collected(culprit, owed, taken, left);
    }

    /** An institution hands a note over that it does not register. */
    public void unregistered(Bytes note) {
        guarded(() -> statements.note(note));
    }

    /**
     * The registry took a report of what a culprit paid.
     *
     * @param recovered in all
     * @param fund what the institution was told that the fund bears
     * @param ownLoss what it was told to bear itself
     */
    public void reported(String culprit, int institution, long recovered, long fund, long ownLoss) {
        record.losses().reported(culprit, institution, recovered, fund, ownLoss);
    }

    /** A non-receipt is on the registry's record. */
    public void denied(Bytes nonReceipt, Bytes certificate) {
        guarded(() -> record.denial(nonReceipt, certificate));
    }

    /** A denied transfer's value goes back. */
    public void refunded(String transfer, int institution, long amount) {
        purses.refunded(transfer);
        statements.transfer(transfer).ifPresent(denied -> record.losses().refunded(denied, institution, amount));
    }

    /** A part of a note is outstanding no more. */
    public void settled(Settled part, long now) {
        guarded(() -> {
            record.settled(part.note(), part.row(), now);
            if (part.row().isClaimed()) {
                purses.claimed(part.parent(), part.index(), part.lo(), part.hi());
            }
        });
    }

    /** The central bank moved money. */
    public void posted(String debit, String credit, long amount, String reason) {
        record.posted(debit, credit, amount, reason);
    }

    /** A key is convicted, or costs more, or more of its cost is borne. */
    public void convicted(
            String culprit, int certifier, Bytes file, long owed, long recovered, long fromFund, long fromInstitution) {
        record.convicted(
                culprit,
                file,
                new RecordJudge.Conviction(certifier, owed, recovered, fromFund, fromInstitution),
                purses.honestKey(culprit));
    }

    /** An evidence file was handed in and taken, or refused. */
    public void handedIn(Bytes file, boolean taken) {
        record.handedIn(file, taken);
    }

    /**
     * The registry answered a deposit.
     *
     * @param purse the depositor
     * @param answer signed
     * @param deposit the transfer's name
     */
    public void answered(String purse, Bytes answer, String deposit) {
        guarded(() -> {
            RawStatement signed = RawStatement.of("registry-answer", answer);
            expect(signed.signedBy(registryKey, check), "an answer is not signed by the registry");
            for (Raw settlement : signed.body().at(2).list()) {
                List<Raw> parts = settlement.list();
                if (parts.get(0).bytes().hex().equals(deposit)) {
                    expect(
                            parts.get(2).list().isEmpty() || !purses.honest(purse),
                            "an honest deposit is refused: " + parts.get(2));
                    if (parts.get(2).list().isEmpty()) {
                        purses.deposited(
                                purse, deposit, parts.get(1).list(), Objects.requireNonNull(decided.get(deposit)));
                    }
                }
            }
        });
    }

    /**
     * What an owner has at the end.
     *
     * @param at when everybody had handed in everything that was in time
     */
    public void worth(String purse, long actual, long at) {
        guarded(() -> purses.worth(purse, actual, at, record));
    }

    /** Something that must not be, found by whoever saw it happen. */
    public void expect(boolean holds, String otherwise) {
        if (!holds) {
            breaches.add(otherwise);
        }
    }

    /** The step is over: what does not hold by now. */
    public List<String> endOfStep() {
        guarded(record::endOfStep);
        return List.copyOf(breaches);
    }

    /** The world is over. */
    public List<String> close() {
        record.close();
        return endOfStep();
    }

    /** The central bank's balance of an account. */
    public long balance(String account) {
        return record.balance(account);
    }

    /** Convicted keys. */
    public Set<String> culprits() {
        return record.culprits();
    }

    /** What is settled, by note. */
    public Map<String, String> covers() {
        return record.covers();
    }

    private void guarded(Runnable judging) {
        try {
            judging.run();
        } catch (AuditException | ArithmeticException | IndexOutOfBoundsException e) {
            breaches.add("it cannot be read: " + e.getMessage());
        }
    }
}
