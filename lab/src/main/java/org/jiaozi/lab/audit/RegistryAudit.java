package org.jiaozi.lab.audit;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.jiaozi.core.value.Bytes;

/** The registry: every statement's signature, every range, every conviction, from the bytes. Not thread-safe. */
final class RegistryAudit {
    private static final int PAST_GRACE = 311;
    private static final int REFUSED = 4;

    private final CentralRecord record;
    private final Bytes rootKey;
    private final Findings findings;
    private final KeyCheck check;
    private final Map<String, RawNote> notes = new HashMap<>();
    private final Map<String, RawTransfer> transfers = new HashMap<>();
    private final Set<String> convicted = new HashSet<>();
    private final Map<RawStatement.Kid, Optional<Bytes>> issuerKeys = new HashMap<>();
    private final Map<String, Certified> certificates = new HashMap<>();
    /** What is settled of each deposit, by output. */
    private final Map<String, Map<Long, Cover>> redeemed = new HashMap<>();
    /** What claims were paid of each note. */
    private final Map<String, Cover> claimed = new HashMap<>();

    private final Parts parts;

    /** A certificate that is read once for all that was signed under it. */
    private record Certified(RawStatement statement, Bytes key, boolean byInstitution) {}

    RegistryAudit(CentralRecord record, Bytes rootKey, KeyCheck check, Findings findings) {
        this.record = record;
        this.rootKey = rootKey;
        this.check = check;
        this.findings = findings;
        this.parts = new Parts(record.settled());
    }

    void run() {
        Optional<RawStatement> bulletin = bulletin();
        record.notes().forEach(n -> findings.readable("note " + n.id(), () -> note(n, bulletin)));
        record.transfers().forEach(t -> findings.readable("transfer " + t.hash(), () -> transfer(t, bulletin)));
        record.transfers().forEach(t -> inputs(t.hash()));
        record.refunds()
                .forEach(r -> findings.expect(
                        transfers.containsKey(r.transfer()),
                        "transfer " + r.transfer() + " is refunded and not on record"));
        settled();
        record.convictions().forEach(this::conviction);
        doubleSpends();
        record.deposits().forEach(d -> findings.readable("deposit " + d.hash(), () -> deposit(d)));
        record.deposits().forEach(d -> redeemed.remove(d.hash()));
        redeemed.keySet().forEach(d -> findings.breach("a part is redeemed that no deposit handed in: " + d));
        bulletin.ifPresent(b -> findings.readable(
                "honoured deposits", () -> new HonouredAudit(record, check, findings).run(b, transfers)));
        findings.readable("keys", () -> KeysAudit.run(record, check, findings));
        findings.counted("notes", record.notes().size());
        findings.counted("transfers", record.transfers().size());
        findings.counted("deposits", record.deposits().size());
        findings.counted("convictions", record.convictions().size());
    }

    /** The latest bulletin; each must be the root's. */
    private Optional<RawStatement> bulletin() {
        Optional<RawStatement> latest = Optional.empty();
        for (Bytes cose : record.bulletins()) {
            try {
                RawStatement bulletin = RawStatement.of("bulletin", cose);
                findings.expect(bulletin.signedBy(rootKey, check), "a bulletin is not signed by the root");
                latest = Optional.of(bulletin);
            } catch (AuditException e) {
                findings.breach("a bulletin: " + e.getMessage());
            }
        }
        return latest;
    }

    private boolean byInstitution(RawStatement statement, Optional<RawStatement> bulletin) {
        return issuerKeys
                .computeIfAbsent(statement.kid(), kid -> bulletin.flatMap(b -> RawEvidence.issuerKey(b, kid)))
                .filter(key -> statement.signedBy(key, check))
                .isPresent();
    }

    private void note(CentralRecord.NoteRow row, Optional<RawStatement> bulletin) {
        RawNote note = RawNote.of(RawStatement.of("note", row.cose()));
        findings.expect(byInstitution(note.statement(), bulletin), "note " + row.id() + " is not its issuer's");
        findings.expect(
                note.hash().equals(row.id())
                        && note.issuer() == row.issuer()
                        && note.value() == row.value()
                        && note.currency().equals(row.currency())
                        && note.holder().equals(row.holder()),
                "note " + row.id() + " is on record otherwise than it was signed");
        notes.put(note.hash(), note);
        Findings.Supply supply = findings.supply(note.currency());
        supply.issued = Math.addExact(supply.issued, note.value());
    }

    private void transfer(CentralRecord.TransferRow row, Optional<RawStatement> bulletin) {
        Bytes cose = record.certificates().get(row.certificate());
        if (cose == null) {
            throw new AuditException("its certificate is not on record");
        }
        Certified certificate = certificates.computeIfAbsent(row.certificate(), c -> {
            RawStatement read = RawStatement.of("certificate", cose);
            return new Certified(read, RawStatement.certifiedKey(read), byInstitution(read, bulletin));
        });
        RawTransfer transfer = RawTransfer.of(RawStatement.of("transfer", row.cose()), certificate.statement());
        findings.expect(certificate.byInstitution(), "the certificate of transfer " + row.hash() + " is nobody's");
        findings.expect(
                transfer.statement().signedBy(certificate.key(), check),
                "transfer " + row.hash() + " is not signed by its key");
        findings.expect(
                transfer.hash().equals(row.hash())
                        && transfer.signer().equals(row.signer())
                        && transfer.seq() == row.seq()
                        && transfer.payee().startsWith(row.payee())
                        && transfer.nonce().startsWith(row.request()),
                "transfer " + row.hash() + " is on record otherwise than it was signed");
        transfers.put(transfer.hash(), transfer);
    }

    /** Inputs as signed, each inside what its parent gave, to the key that now signs. */
    private void inputs(String hash) {
        RawTransfer transfer = transfers.get(hash);
        if (transfer == null) {
            return;
        }
        List<CentralRecord.InputRow> rows = record.inputs().getOrDefault(hash, List.of());
        boolean same = rows.size() == transfer.inputs().size();
        for (int i = 0; same && i < rows.size(); i++) {
            RawTransfer.Input in = transfer.inputs().get(i);
            CentralRecord.InputRow row = rows.get(i);
            same = row.position() == i
                    && row.parent().equals(in.parent())
                    && row.index() == in.index()
                    && row.lo() == in.lo()
                    && row.hi() == in.hi()
                    && noteOf(in).filter(row.note()::equals).isPresent();
            RawNote note = notes.get(in.parent());
            RawTransfer parent = transfers.get(in.parent());
            boolean inside = note != null
                    ? in.index() == 0
                            && in.lo() >= 0
                            && in.lo() < in.hi()
                            && in.hi() <= note.value()
                            && note.holder().equals(transfer.signer())
                    : parent != null && parent.payee().equals(transfer.signer()) && inside(in, parent);
            findings.expect(inside, "transfer " + hash + " moves what its key did not hold");
        }
        findings.expect(same, "the inputs of transfer " + hash + " are on record otherwise than they were signed");
    }

    private static boolean inside(RawTransfer.Input in, RawTransfer parent) {
        if (in.index() >= parent.inputs().size()) {
            return false;
        }
        RawTransfer.Input given = parent.inputs().get((int) in.index());
        return given.lo() <= in.lo() && in.lo() < in.hi() && in.hi() <= given.hi();
    }

    private Optional<String> noteOf(RawTransfer.Input input) {
        RawTransfer.Input at = input;
        for (int hops = 0; hops < 64; hops++) {
            if (notes.containsKey(at.parent())) {
                return Optional.of(at.parent());
            }
            RawTransfer parent = transfers.get(at.parent());
            if (parent == null || at.index() >= parent.inputs().size()) {
                return Optional.empty();
            }
            at = parent.inputs().get((int) at.index());
        }
        return Optional.empty();
    }

    private void settled() {
        Map<String, Cover> covers = new TreeMap<>();
        for (CentralRecord.SettledRow row : record.settled()) {
            findings.readable("settled part of note " + row.note(), () -> settled(row, covers));
            RawNote note = notes.get(row.note());
            if (note == null || row.hi() > note.value()) {
                findings.breach("more of note " + row.note() + " is settled than it holds");
                continue;
            }
            Findings.Supply supply = findings.supply(note.currency());
            long units = Math.subtractExact(row.hi(), row.lo());
            if (row.kind().equals("REDEEMED")) {
                supply.redeemed = Math.addExact(supply.redeemed, units);
            } else {
                supply.refunded = Math.addExact(supply.refunded, units);
            }
        }
        for (RawNote note : notes.values()) {
            long gone = covers.getOrDefault(note.hash(), new Cover()).size();
            findings.expect(gone <= note.value(), "note " + note.hash() + " has less than nothing outstanding");
            Findings.Supply supply = findings.supply(note.currency());
            supply.outstanding = Math.addExact(supply.outstanding, note.value() - gone);
        }
    }

    private void settled(CentralRecord.SettledRow row, Map<String, Cover> covers) {
        Cover.Span span = new Cover.Span(row.lo(), row.hi());
        boolean fresh = covers.computeIfAbsent(row.note(), n -> new Cover()).add(span);
        findings.expect(fresh, "a part of note " + row.note() + " is settled twice");
        if (row.kind().equals("REDEEMED")) {
            redeemed.computeIfAbsent(row.parent(), d -> new TreeMap<>())
                    .computeIfAbsent(row.index(), i -> new Cover())
                    .add(span);
        } else if (row.kind().equals("CLAIMED")) {
            claimed.computeIfAbsent(row.note(), n -> new Cover()).add(span);
        }
    }

    private void conviction(CentralRecord.ConvictionRow row) {
        convicted.add(row.culprit());
        try {
            String culprit = RawEvidence.culprit(row.file(), rootKey, check);
            findings.expect(
                    culprit.equals(row.culprit()), "the evidence against " + row.culprit() + " convicts " + culprit);
        } catch (AuditException e) {
            findings.breach("the evidence against " + row.culprit() + " convicts nobody: " + e.getMessage());
        }
    }

    /** Every key that signed two transfers of which no honest one signs both is convicted. */
    private void doubleSpends() {
        Map<String, RawTransfer> numbered = new HashMap<>();
        Map<String, List<Moved>> moved = new HashMap<>();
        for (RawTransfer t : transfers.values()) {
            if (!convicted.contains(t.signer())) {
                RawTransfer before = numbered.putIfAbsent(t.signer() + "#" + t.seq(), t);
                if (before != null) {
                    contradict(before, t);
                }
                for (RawTransfer.Input in : t.inputs()) {
                    moved.computeIfAbsent(t.signer() + "/" + in.parent() + "/" + in.index(), k -> new ArrayList<>())
                            .add(new Moved(in.lo(), in.hi(), t));
                }
            }
        }
        moved.values().forEach(ofOne -> Moved.overlapping(ofOne, this::contradict));
    }

    private void contradict(RawTransfer one, RawTransfer other) {
        one.contradicts(other)
                .ifPresent(why -> findings.breach(
                        "key " + one.signer() + " signed two transfers, " + why + ", and is not convicted"));
    }

    /** Every unit handed in has its answer, redeemed parts are settled here, and honest holders are not refused. */
    private void deposit(CentralRecord.DepositRow row) {
        RawTransfer transfer = transfers.get(row.hash());
        if (transfer == null) {
            throw new AuditException("its transfer is not on record");
        }
        Raw settlement = Raw.read(row.settlement()).at(2).list().getFirst();
        findings.expect(
                settlement.list().get(0).bytes().hex().equals(row.hash()),
                "deposit " + row.hash() + " answers another");
        Map<Long, Cover> answered = new TreeMap<>();
        Map<Long, Cover> paid = new TreeMap<>();
        for (Raw outcome : settlement.list().get(1).list()) {
            List<Raw> o = outcome.list();
            long input = o.get(0).integer();
            Cover.Span span = new Cover.Span(o.get(1).integer(), o.get(2).integer());
            long kind = o.get(3).integer();
            findings.expect(
                    answered.computeIfAbsent(input, i -> new Cover()).add(span),
                    "deposit " + row.hash() + " answers a part twice");
            if (kind == 1) {
                paid.computeIfAbsent(input, i -> new Cover()).add(span);
            }
            if (kind == REFUSED && o.get(4).integer() != PAST_GRACE) {
                RawTransfer.Input in = transfer.inputs().get((int) input);
                boolean paidBefore = noteOf(in)
                        .map(claimed::get)
                        .filter(c -> c.meets(span) || (c.meets(new Cover.Span(in.lo(), in.hi())) && inSums(transfer)))
                        .isPresent();
                findings.expect(
                        convicted.contains(row.depositor()) || paidBefore,
                        "a holder who is not convicted goes without, in deposit " + row.hash());
            }
        }
        Map<Long, Cover> due = new TreeMap<>();
        for (int i = 0; i < transfer.inputs().size(); i++) {
            RawTransfer.Input in = transfer.inputs().get(i);
            due.computeIfAbsent((long) i, k -> new Cover()).add(new Cover.Span(in.lo(), in.hi()));
        }
        findings.expect(answered.equals(due), "deposit " + row.hash() + " is answered in part");
        Map<Long, Cover> here = redeemed.getOrDefault(row.hash(), Map.of());
        findings.expect(
                paid.equals(here) || (sizes(paid).equals(sizes(here)) && inSums(transfer)),
                "deposit " + row.hash() + " was answered otherwise than it was settled");
    }

    private static Map<Long, Long> sizes(Map<Long, Cover> covers) {
        Map<Long, Long> sizes = new HashMap<>();
        covers.forEach((input, cover) -> sizes.put(input, cover.size()));
        return sizes;
    }

    private boolean inSums(RawTransfer deposit) {
        return parts.areTooMany(deposit, input -> noteOf(input).orElse(""));
    }

    Map<String, RawNote> notes() {
        return notes;
    }
}
