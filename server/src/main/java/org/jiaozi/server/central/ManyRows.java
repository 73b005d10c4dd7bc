package org.jiaozi.server.central;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.jdbi.v3.core.Handle;
import org.jiaozi.bank.ledger.Posting;
import org.jiaozi.bank.registry.Effect;
import org.jiaozi.core.statement.Note;
import org.jiaozi.core.statement.PurseCertificate;
import org.jiaozi.core.statement.Signed;
import org.jiaozi.core.statement.Transfer;
import org.jiaozi.core.value.Hash;
import org.jiaozi.core.value.Timestamp;
import org.jiaozi.server.db.Bulk;
import org.jspecify.annotations.Nullable;

/** What a decision puts on record by the thousand: gathered as rows of a kind, and written a kind at a time. */
final class ManyRows {
    /** How many numbers a transfer's sequence gives at once ({@code V13}). */
    private static final int STRETCH = 4096;

    private final Bulk notes = Bulk.into(
            "note",
            "",
            "id bytea",
            "issuer integer",
            "currency text",
            "value bigint",
            "expiry bigint",
            "holder bytea",
            "load_nonce bytea",
            "late boolean",
            "cose bytea");
    private final Bulk certificates = Bulk.into(
            "certificate", "ON CONFLICT (hash) DO NOTHING", "hash bytea", "key bytea", "issuer integer", "cose bytea");
    /** The last six are of the only input of a transfer, with a parent where that one's number is to be looked up. */
    private final Bulk transfers = new Bulk(
            "INSERT INTO transfer (number, hash, certificate, seq, payee, request, cose, notes, note, via, via_index, lo, hi)"
                    + " OVERRIDING SYSTEM VALUE SELECT v.number, v.hash, v.certificate, v.seq, v.payee, v.request, v.cose,"
                    + " v.notes, v.note, " + PartRows.VIA + ", v.via_index, v.lo, v.hi FROM %s",
            "number bigint",
            "hash bytea",
            "certificate bigint",
            "seq bigint",
            "payee bigint",
            "request bigint",
            "cose bytea",
            "notes bytea",
            "note bigint",
            "via bigint",
            "parent bytea",
            "via_index integer",
            "lo bigint",
            "hi bigint");

    private final Bulk deposits = Bulk.into(
            "deposit",
            "",
            "hash bytea",
            "institution integer",
            "depositor bytea",
            "currency text",
            "settlement bytea",
            "decided_at bigint");
    private final Bulk postings = Bulk.into(
            "posting",
            "",
            "debit text",
            "credit text",
            "currency text",
            "amount bigint",
            "reason text",
            "reference text",
            "booked_at bigint");
    private final Handle handle;
    private final Timestamp now;
    private final Known known;
    private final Set<Hash> unknown = new LinkedHashSet<>();
    private final Map<Hash, Long> written = new HashMap<>();
    private final List<Effect.TransferRecorded> taking = new ArrayList<>();
    private final PartRows parts;
    private final Map<Hash, NotePlace> places = new HashMap<>();

    ManyRows(Handle handle, Timestamp now, Known known) {
        this.handle = handle;
        this.now = now;
        this.known = known;
        this.parts = new PartRows(known);
    }

    /** The numbers of certificates that are on record once the transaction is committed. */
    Map<Hash, Long> certificates() {
        return written;
    }

    void writeNotes() {
        notes.runEach(handle);
    }

    void writeTransfers() {
        certificates.run(handle);
        findCertificates();
        Map<Hash, Long> numbers = numbers();
        findPlaces(taking.stream().flatMap(t -> t.notes().stream()));
        parts.begin(numbers, places);
        taking.forEach(
                t -> row(t, Objects.requireNonNull(numbers.get(t.transfer().hash())), parts.inputs(t)));
        taking.clear();
        transfers.runEach(handle);
        parts.writeInputs(handle);
    }

    /** The numbers of certificates that came with what is written, whether they were on record before or not. */
    private void findCertificates() {
        Bulk asked = new Bulk("SELECT c.hash, c.number FROM %s JOIN certificate c ON c.hash = v.hash", "hash bytea");
        unknown.forEach(hash -> asked.add(hash.bytes()));
        asked.each(handle, row -> written.put(Hash.of(row.getBytes("hash")), row.getLong("number")));
        unknown.clear();
    }

    /** A number for each transfer that is to be written. */
    private Map<Hash, Long> numbers() {
        Map<Hash, Long> numbers = new HashMap<>();
        long next = 0;
        for (Effect.TransferRecorded t : taking) {
            if (numbers.size() % STRETCH == 0) {
                next = handle.createQuery("SELECT nextval(pg_get_serial_sequence('transfer', 'number'))")
                        .mapTo(Long.class)
                        .one();
            }
            numbers.put(t.transfer().hash(), next++);
        }
        return numbers;
    }

    private void row(Effect.TransferRecorded e, long number, Optional<PartRows.Input> only) {
        Transfer t = e.transfer().statement();
        Hash certificate = e.link().certificate().hash();
        PartRows.@Nullable Input input = only.orElse(null);
        transfers.add(
                number,
                e.transfer().hash().bytes(),
                known.certificate(certificate).orElseGet(() -> Objects.requireNonNull(written.get(certificate))),
                t.seq(),
                t.payee().bytes().firstEight(),
                t.nonce().bytes().firstEight(),
                e.transfer().encode(),
                input == null ? RecordRows.notes(e.notes()) : null,
                input == null ? null : input.note(),
                input == null ? null : input.via(),
                input == null ? null : input.unnumbered(),
                input == null ? null : input.input().source().index(),
                input == null ? null : input.input().range().lo(),
                input == null ? null : input.input().range().hi());
    }

    void writeSettled() {
        findPlaces(parts.settledNotes());
        parts.writeSettled(handle, places);
        places.clear();
        deposits.runEach(handle);
    }

    /** A note's number in the record, and its value in minor units. */
    record NotePlace(long serial, long value) {}

    /** Where notes stand in the record; only those are asked for that came to it a moment ago. */
    private void findPlaces(Stream<Hash> of) {
        Bulk asked = new Bulk("SELECT n.id, n.serial, n.value FROM %s JOIN note n ON n.id = v.id", "id bytea");
        Set<Hash> fresh = new HashSet<>();
        of.forEach(note -> {
            if (places.containsKey(note) || fresh.contains(note)) {
                return;
            }
            known.note(note).ifPresentOrElse(k -> places.put(note, new NotePlace(k.serial(), k.value())), () -> {
                fresh.add(note);
                asked.add(note.bytes());
            });
        });
        asked.each(
                handle,
                row -> places.put(
                        Hash.of(row.getBytes("id")), new NotePlace(row.getLong("serial"), row.getLong("value"))));
    }

    void writePostings() {
        postings.runEach(handle);
    }

    void note(Effect.NoteKept e) {
        Note note = e.note().statement();
        notes.add(
                e.note().hash().bytes(),
                e.issuer().number(),
                note.currency().code(),
                note.value().minor(),
                note.expiry().seconds(),
                note.holder().bytes(),
                note.loadNonce().bytes(),
                e.late(),
                e.note().encode());
    }

    void settled(Effect.RangeSettled e) {
        if (e.kind() == Effect.RangeSettled.Kind.CLAIMED) {
            known.claimed(e.note());
        }
        parts.add(e);
    }

    private void certificate(Signed<PurseCertificate> certificate) {
        Hash hash = certificate.hash();
        if (known.certificate(hash).isEmpty() && !written.containsKey(hash) && unknown.add(hash)) {
            PurseCertificate c = certificate.statement();
            certificates.add(
                    hash.bytes(),
                    c.thumbprint().bytes(),
                    c.issuer().institution().number(),
                    certificate.encode());
        }
    }

    void transfer(Effect.TransferRecorded e) {
        certificate(e.link().certificate());
        known.counts(e.link().signer(), e.transfer().statement().seq());
        taking.add(e);
    }

    void deposit(Effect.DepositSettled e) {
        deposits.add(
                e.settlement().deposit().bytes(),
                e.institution().number(),
                e.depositor().bytes(),
                e.currency().code(),
                Stored.settlement(e.settlement()),
                now.seconds());
    }

    void posting(Posting p) {
        postings.add(
                p.debit().toString(),
                p.credit().toString(),
                p.currency().code(),
                p.amount().minor(),
                p.reason(),
                p.reference(),
                now.seconds());
    }
}
