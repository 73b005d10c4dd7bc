package org.jiaozi.server.central;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.jdbi.v3.core.Handle;
import org.jiaozi.bank.registry.Effect.NoteKept;
import org.jiaozi.bank.registry.Effect.RangeSettled;
import org.jiaozi.bank.registry.Effect.TransferRecorded;
import org.jiaozi.bank.registry.Reads;
import org.jiaozi.core.statement.Note;
import org.jiaozi.core.statement.Signed;
import org.jiaozi.core.statement.SliceRef;
import org.jiaozi.core.statement.TransferInput;
import org.jiaozi.core.value.Bytes;
import org.jiaozi.core.value.Hash;
import org.jiaozi.core.value.Thumbprint;
import org.jiaozi.server.central.Known.KnownNote;
import org.jiaozi.server.db.Bulk;

/**
 * A part of the record that was fetched by a few questions, however much it is; what is not there is known not to be.
 *
 * @param unspent inputs of which no transfer on record takes anything. Those that do are not fetched: one transfer may take
 *     something of each of a thousand inputs, and would come a thousand times
 * @param unsigned key and sequence number where no transfer on record has them
 * @param undenied requests of which no payee denied anything
 */
record Fetched(
        Map<Hash, Optional<KnownNote>> notes,
        Map<Hash, Optional<TransferRecorded>> transfers,
        Set<TransferInput> unspent,
        Set<Reads.Signing> unsigned,
        Set<Reads.Request> undenied,
        Map<Reads.Part, List<RangeSettled>> settled) {

    static final Fetched NOTHING = new Fetched(Map.of(), Map.of(), Set.of(), Set.of(), Set.of(), Map.of());

    /**
     * Fetches all of it, as the transaction of {@code handle} sees it, but for what is known and does not change, and for what
     * follows. A transfer is on record with all that it takes from and with each range that it takes. So where nothing on record
     * takes a range of a note that a transfer takes, neither that transfer nor what comes of it is on record, nor is anything of
     * that range settled, unless a claim was paid from the note.
     */
    static Fetched of(Handle handle, Reads reads, Known known) {
        Map<Hash, Optional<KnownNote>> notes = notes(handle, reads, known);
        List<TransferInput> all =
                reads.transfers().values().stream().flatMap(List::stream).toList();
        Set<TransferInput> unspent = unspentOfNotes(
                handle,
                notes,
                all.stream()
                        .filter(i -> reads.notes().containsKey(i.source().parent()))
                        .toList(),
                known);
        Set<Hash> fresh = fresh(reads, unspent);
        Map<Hash, Optional<TransferRecorded>> transfers = transfers(handle, reads, fresh);
        Map<Reads.Part, List<RangeSettled>> settled = settled(handle, reads, notes, Stretches.of(unspent));
        List<TransferInput> doubtful = new ArrayList<>();
        reads.transfers().forEach((transfer, inputs) -> {
            for (TransferInput input : inputs) {
                if (fresh.contains(input.source().parent())) {
                    unspent.add(input);
                } else if (!reads.notes().containsKey(input.source().parent())
                        && transfers.getOrDefault(transfer, Optional.empty()).isEmpty()) {
                    // what is on record itself takes what it takes
                    doubtful.add(input);
                }
            }
        });
        unspent.addAll(unspentOfTransfers(handle, doubtful));
        return new Fetched(notes, transfers, unspent, unsigned(handle, reads, known), undenied(handle, reads), settled);
    }

    /** Transfers that are certainly not on record. */
    private static Set<Hash> fresh(Reads reads, Set<TransferInput> unspent) {
        Set<Hash> fresh = new HashSet<>();
        reads.transfers().forEach((transfer, inputs) -> {
            for (TransferInput input : inputs) {
                if (fresh.contains(input.source().parent()) || unspent.contains(input)) {
                    fresh.add(transfer);
                    break;
                }
            }
        });
        return fresh;
    }

    /** Ranges of notes, to look up which of them contains another; where several begin at one place, any of them. */
    private record Stretches(Map<Hash, TreeMap<Long, Long>> ends) {
        static Stretches of(Set<TransferInput> inputs) {
            Map<Hash, TreeMap<Long, Long>> ends = new HashMap<>();
            // all of a note is its output 0
            inputs.stream()
                    .filter(i -> i.source().index() == 0)
                    .forEach(i -> ends.computeIfAbsent(i.source().parent(), n -> new TreeMap<>())
                            .merge(i.range().lo(), i.range().hi(), Math::max));
            return new Stretches(ends);
        }

        boolean contains(Reads.Part part) {
            TreeMap<Long, Long> of = ends.get(part.note());
            Map.Entry<Long, Long> last =
                    of == null ? null : of.floorEntry(part.range().lo());
            return last != null && last.getValue() >= part.range().hi();
        }
    }

    private static Map<Hash, Optional<KnownNote>> notes(Handle handle, Reads reads, Known known) {
        Map<Hash, Optional<KnownNote>> found = new HashMap<>();
        List<KnownNote> fresh = new ArrayList<>();
        Bulk asked = new Bulk(
                "SELECT n.id, n.serial, n.late, EXISTS (SELECT 1 FROM settled s WHERE s.note = n.serial"
                        + " AND s.kind = 'CLAIMED') AS claimed FROM %s JOIN note n ON n.id = v.id",
                "id bytea");
        reads.notes().forEach((id, note) -> {
            Optional<KnownNote> before = known.note(id);
            found.put(id, before);
            if (before.isEmpty()) {
                asked.add(id.bytes());
            }
        });
        asked.each(handle, row -> {
            Hash id = hash(row, "id");
            // the id is of all that is signed, so that nothing of it need be read again
            Signed<Note> note = Objects.requireNonNull(reads.notes().get(id));
            KnownNote now = new KnownNote(
                    row.getLong("serial"), new NoteKept(note, row.getBoolean("late")), row.getBoolean("claimed"));
            found.put(id, Optional.of(now));
            fresh.add(now);
        });
        known.found(fresh);
        return found;
    }

    private static Map<Hash, Optional<TransferRecorded>> transfers(Handle handle, Reads reads, Set<Hash> fresh) {
        Map<Hash, Optional<TransferRecorded>> found = new HashMap<>();
        Bulk asked = new Bulk("SELECT" + RecordRows.TRANSFER + "FROM %s JOIN transfer t ON t.hash = v.id", "id bytea");
        for (Hash transfer : reads.transfers().keySet()) {
            found.put(transfer, Optional.empty());
            if (!fresh.contains(transfer)) {
                asked.add(transfer.bytes());
            }
        }
        asked.each(handle, row -> found.put(hash(row, "hash"), Optional.of(RecordRows.transfer(row))));
        return found;
    }

    /** Of inputs that take from notes those of which nobody took anything. */
    private static Set<TransferInput> unspentOfNotes(
            Handle handle, Map<Hash, Optional<KnownNote>> notes, List<TransferInput> inputs, Known known) {
        findTaken(handle, notes, inputs, known);
        Bulk asked = new Bulk(
                "SELECT v.place FROM %s WHERE EXISTS (SELECT 1 FROM "
                        + RecordRows.takenIn("v.note", "0", "v.index", "v.sizes", "v.low", "v.high") + ")",
                "note bigint",
                "sizes integer",
                "low bigint",
                "high bigint",
                "index integer");
        Set<TransferInput> unspent = new HashSet<>();
        List<TransferInput> places = new ArrayList<>();
        for (TransferInput input : inputs) {
            SliceRef source = input.source();
            Optional<KnownNote> note = notes.getOrDefault(source.parent(), Optional.empty());
            boolean remembered = source.index() == 0
                    && known.taken(source.parent())
                            .filter(t -> t.nothingOf(input.range()))
                            .isPresent();
            // of a note that is not on record nobody took anything
            if (note.isEmpty() || remembered) {
                unspent.add(input);
            } else {
                places.add(input);
                asked.add(
                        note.get().serial(),
                        RecordRows.size(note.get().value()),
                        input.range().lo(),
                        input.range().hi(),
                        source.index());
            }
        }
        unspent.addAll(without(handle, asked, places));
        return unspent;
    }

    /** Finds out up to where something is taken of those notes of which that is not known. */
    private static void findTaken(
            Handle handle, Map<Hash, Optional<KnownNote>> notes, List<TransferInput> inputs, Known known) {
        List<KnownNote> unknown = inputs.stream()
                .map(i -> i.source().parent())
                .distinct()
                .filter(note -> known.taken(note).isEmpty())
                .flatMap(note -> notes.getOrDefault(note, Optional.empty()).stream())
                .toList();
        Bulk asked = new Bulk(
                "SELECT v.place, " + RecordRows.top("v.note", "v.sizes") + " AS top FROM %s",
                "note bigint",
                "sizes integer");
        unknown.forEach(note -> asked.add(note.serial(), RecordRows.size(note.value())));
        asked.each(
                handle,
                row -> known.taken(
                        unknown.get(row.getInt("place") - 1).kept().note().hash(), Taken.below(row.getLong("top"))));
    }

    /** The same of inputs that take from transfers. */
    private static Set<TransferInput> unspentOfTransfers(Handle handle, List<TransferInput> inputs) {
        Bulk asked = new Bulk(
                "SELECT v.place FROM %s JOIN transfer p ON p.hash = v.source CROSS JOIN LATERAL (SELECT "
                        + RecordRows.noteOf("p", "v.index") + " AS serial OFFSET 0) AS n WHERE EXISTS (SELECT 1 FROM "
                        + RecordRows.takenIn("n.serial", "p.number", "v.index", "6", "v.low", "v.high") + ")",
                "source bytea",
                "index integer",
                "low bigint",
                "high bigint");
        for (TransferInput input : inputs) {
            SliceRef source = input.source();
            asked.add(
                    source.parent().bytes(),
                    source.index(),
                    input.range().lo(),
                    input.range().hi());
        }
        return without(handle, asked, inputs);
    }

    private static Set<Reads.Signing> unsigned(Handle handle, Reads reads, Known known) {
        count(handle, reads, known);
        Set<Reads.Signing> unsigned = new HashSet<>();
        List<Reads.Signing> doubtful = new ArrayList<>();
        for (Reads.Signing signing : reads.signings()) {
            // of more keys at once than are remembered some are not known
            if (signing.seq() > known.counted(signing.signer()).orElse(Long.MAX_VALUE)) {
                unsigned.add(signing);
            } else {
                doubtful.add(signing);
            }
        }
        Bulk asked = new Bulk(
                "SELECT v.place FROM %s WHERE EXISTS"
                        + " (SELECT 1 FROM certificate c CROSS JOIN LATERAL (SELECT 1 FROM transfer t"
                        + " WHERE t.certificate = c.number AND t.seq = v.number LIMIT 1) AS t WHERE c.key = v.by)",
                "by bytea", "number bigint");
        for (Reads.Signing signing : doubtful) {
            asked.add(signing.signer().bytes(), signing.seq());
        }
        unsigned.addAll(without(handle, asked, doubtful));
        return unsigned;
    }

    /** Finds out how far those keys have counted of which that is not known. */
    private static void count(Handle handle, Reads reads, Known known) {
        List<Thumbprint> signers = reads.signings().stream()
                .map(Reads.Signing::signer)
                .distinct()
                .filter(signer -> known.counted(signer).isEmpty())
                .toList();
        Bulk asked = new Bulk(
                "SELECT v.place, coalesce((SELECT max((SELECT max(t.seq) FROM transfer t WHERE t.certificate = c.number))"
                        + " FROM certificate c WHERE c.key = v.by), 0) AS last FROM %s",
                "by bytea");
        signers.forEach(signer -> asked.add(signer.bytes()));
        asked.each(handle, row -> known.counted(signers.get(row.getInt("place") - 1), row.getLong("last")));
    }

    private static Set<Reads.Request> undenied(Handle handle, Reads reads) {
        // where nobody ever denied anything, one look says it for all
        if (reads.requests().isEmpty()
                || !handle.createQuery("SELECT EXISTS (SELECT 1 FROM denial)")
                        .mapTo(Boolean.class)
                        .one()) {
            return reads.requests();
        }
        List<Reads.Request> requests = List.copyOf(reads.requests());
        Bulk asked = new Bulk(
                "SELECT v.place FROM %s WHERE EXISTS"
                        + " (SELECT 1 FROM denial d WHERE d.payee = v.payee AND d.nonce = v.nonce)",
                "payee bytea", "nonce bytea");
        for (Reads.Request request : requests) {
            asked.add(request.payee().bytes(), request.nonce().bytes());
        }
        return without(handle, asked, requests);
    }

    /** All but those whose place is answered. */
    private static <K> Set<K> without(Handle handle, Bulk asked, List<K> keys) {
        Set<K> left = new HashSet<>(keys);
        asked.each(handle, row -> left.remove(keys.get(row.getInt("place") - 1)));
        return left;
    }

    private static Map<Reads.Part, List<RangeSettled>> settled(
            Handle handle, Reads reads, Map<Hash, Optional<KnownNote>> notes, Stretches unspent) {
        List<Reads.Part> parts = new ArrayList<>();
        Bulk asked = new Bulk(
                "SELECT v.place, s.* FROM %s JOIN settled s ON s.note = v.note AND "
                        + RecordRows.settledIn("v.note", "v.low", "v.high") + " ORDER BY v.place, s.lo",
                "note bigint",
                "low bigint",
                "high bigint");
        Map<Reads.Part, List<RangeSettled>> found = new HashMap<>();
        for (Reads.Part part : reads.parts()) {
            found.put(part, List.of());
            // of a note that is not on record nothing is settled
            notes.getOrDefault(part.note(), Optional.empty())
                    .filter(note -> note.claimed() || !unspent.contains(part))
                    .ifPresent(note -> {
                        parts.add(part);
                        asked.add(note.serial(), part.range().lo(), part.range().hi());
                    });
        }
        Map<Reads.Part, List<RangeSettled>> rows = new HashMap<>();
        asked.each(handle, row -> {
            Reads.Part part = parts.get(row.getInt("place") - 1);
            rows.computeIfAbsent(part, p -> new ArrayList<>()).add(RecordRows.settled(part.note(), row));
        });
        rows.forEach((part, settled) -> found.put(part, List.copyOf(settled)));
        return found;
    }

    private static Hash hash(ResultSet row, String column) throws SQLException {
        return new Hash(Bytes.of(row.getBytes(column)));
    }
}
