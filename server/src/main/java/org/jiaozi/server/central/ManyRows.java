package org.jiaozi.server.central;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;
import org.jdbi.v3.core.Handle;
import org.jiaozi.bank.ledger.Posting;
import org.jiaozi.bank.registry.Effect;
import org.jiaozi.core.statement.Note;
import org.jiaozi.core.statement.PurseCertificate;
import org.jiaozi.core.statement.Signed;
import org.jiaozi.core.statement.Transfer;
import org.jiaozi.core.statement.TransferInput;
import org.jiaozi.core.value.Hash;
import org.jiaozi.core.value.Nonce;
import org.jiaozi.core.value.Timestamp;
import org.jiaozi.server.db.Bulk;

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
    private final Bulk transfers = new Bulk(
            "INSERT INTO transfer (number, hash, signer, seq, payee, certificate, cose, nonce, notes)"
                    + " OVERRIDING SYSTEM VALUE"
                    + " SELECT number, hash, signer, seq, payee, certificate, cose, nonce, notes FROM %s ORDER BY place",
            "number bigint",
            "hash bytea",
            "signer bytea",
            "seq bigint",
            "payee bytea",
            "certificate bytea",
            "cose bytea",
            "nonce bytea",
            "notes bytea");
    /** Via what each takes, but for a transfer that was on record before, whose number is looked up. */
    private final Bulk inputs = new Bulk(
            "INSERT INTO transfer_input (transfer, position, parent, parent_index, lo, hi, note, via)"
                    + " SELECT v.transfer, v.position, v.parent, v.parent_index, v.lo, v.hi, v.note,"
                    + " coalesce(v.via, (SELECT p.number FROM transfer p WHERE p.hash = v.parent))"
                    + " FROM %s ORDER BY v.place",
            "transfer bytea",
            "position integer",
            "parent bytea",
            "parent_index integer",
            "lo bigint",
            "hi bigint",
            "note bigint",
            "via bigint");

    private final Bulk settled = Bulk.into(
            "settled",
            "",
            "note bigint",
            "note_value bigint",
            "lo bigint",
            "hi bigint",
            "kind text",
            "paid_to integer",
            "at_parent bytea",
            "at_index integer",
            "claim bytea");
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
    private final Set<Hash> written = new LinkedHashSet<>();
    private final List<Effect.TransferRecorded> taking = new ArrayList<>();
    private final List<Effect.RangeSettled> parts = new ArrayList<>();

    ManyRows(Handle handle, Timestamp now, Known known) {
        this.handle = handle;
        this.now = now;
        this.known = known;
    }

    /** Certificates that are on record once the transaction is committed. */
    Set<Hash> certificates() {
        return written;
    }

    void writeNotes() {
        notes.runEach(handle);
    }

    void writeTransfers() {
        certificates.run(handle);
        Map<Hash, Long> numbers = numbers();
        taking.forEach(
                t -> row(t, Objects.requireNonNull(numbers.get(t.transfer().hash()))));
        transfers.runEach(handle);
        Map<Hash, NotePlace> places = places(taking.stream().flatMap(t -> t.notes().stream()));
        taking.forEach(t -> inputs(t, places, numbers));
        taking.clear();
        inputs.runEach(handle);
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

    private void row(Effect.TransferRecorded e, long number) {
        Transfer t = e.transfer().statement();
        transfers.add(
                number,
                e.transfer().hash().bytes(),
                e.link().signer().bytes(),
                t.seq(),
                t.payee().bytes(),
                e.link().certificate().hash().bytes(),
                e.transfer().encode(),
                t.nonce().bytes(),
                RecordRows.notes(e.notes()));
    }

    private void inputs(Effect.TransferRecorded transfer, Map<Hash, NotePlace> places, Map<Hash, Long> numbers) {
        List<TransferInput> taken = transfer.transfer().statement().inputs();
        for (int i = 0; i < taken.size(); i++) {
            TransferInput input = taken.get(i);
            Hash parent = input.source().parent();
            Hash note = transfer.notes().get(i);
            boolean ofNote = parent.equals(note);
            if (ofNote && input.source().index() == 0) {
                known.takes(note, input.range());
            }
            inputs.add(
                    transfer.transfer().hash().bytes(),
                    i,
                    parent.bytes(),
                    input.source().index(),
                    input.range().lo(),
                    input.range().hi(),
                    Objects.requireNonNull(places.get(note)).serial(),
                    ofNote ? (Long) 0L : numbers.get(parent));
        }
    }

    void writeSettled() {
        Map<Hash, NotePlace> places = places(parts.stream().map(Effect.RangeSettled::note));
        for (Effect.RangeSettled part : parts) {
            NotePlace place = Objects.requireNonNull(places.get(part.note()));
            settled.add(
                    place.serial(),
                    place.value(),
                    part.range().lo(),
                    part.range().hi(),
                    part.kind().name(),
                    part.paidTo().number(),
                    part.at().parent().bytes(),
                    part.at().index(),
                    part.claim().map(Nonce::bytes).orElse(null));
        }
        parts.clear();
        settled.runEach(handle);
        deposits.runEach(handle);
    }

    private record NotePlace(long serial, long value) {}

    /** Where notes stand in the record; only those are asked for that came to it a moment ago. */
    private Map<Hash, NotePlace> places(Stream<Hash> of) {
        Map<Hash, NotePlace> places = new HashMap<>();
        Bulk asked = new Bulk("SELECT n.id, n.serial, n.value FROM %s JOIN note n ON n.id = v.id", "id bytea");
        of.distinct()
                .forEach(note -> known.note(note)
                        .ifPresentOrElse(
                                k -> places.put(note, new NotePlace(k.serial(), k.value())),
                                () -> asked.add(note.bytes())));
        asked.each(
                handle,
                row -> places.put(
                        Hash.of(row.getBytes("id")), new NotePlace(row.getLong("serial"), row.getLong("value"))));
        return places;
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
        if (!known.certificate(hash) && written.add(hash)) {
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
