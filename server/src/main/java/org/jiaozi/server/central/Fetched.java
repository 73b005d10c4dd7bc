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

    /** Fetches all of it, as the transaction of {@code handle} sees it, but for what is known and does not change. */
    static Fetched of(Handle handle, Reads reads, Known known) {
        Map<Hash, Optional<KnownNote>> notes = notes(handle, reads, known);
        return new Fetched(
                notes,
                transfers(handle, reads),
                unspent(handle, reads),
                unsigned(handle, reads),
                undenied(handle, reads),
                settled(handle, reads, notes));
    }

    private static Map<Hash, Optional<KnownNote>> notes(Handle handle, Reads reads, Known known) {
        Map<Hash, Optional<KnownNote>> found = new HashMap<>();
        List<KnownNote> fresh = new ArrayList<>();
        Bulk asked = new Bulk("SELECT n.id, n.serial, n.late FROM %s JOIN note n ON n.id = v.id", "id bytea");
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
            KnownNote now = new KnownNote(row.getLong("serial"), new NoteKept(note, row.getBoolean("late")));
            found.put(id, Optional.of(now));
            fresh.add(now);
        });
        known.found(fresh);
        return found;
    }

    private static Map<Hash, Optional<TransferRecorded>> transfers(Handle handle, Reads reads) {
        Map<Hash, Optional<TransferRecorded>> found = new HashMap<>();
        Bulk asked = new Bulk("SELECT" + RecordRows.TRANSFER + "FROM %s JOIN transfer t ON t.hash = v.id", "id bytea");
        for (Hash transfer : reads.transfers()) {
            found.put(transfer, Optional.empty());
            asked.add(transfer.bytes());
        }
        asked.each(handle, row -> found.put(hash(row, "hash"), Optional.of(RecordRows.transfer(row))));
        return found;
    }

    private static Set<TransferInput> unspent(Handle handle, Reads reads) {
        List<TransferInput> inputs = List.copyOf(reads.inputs());
        Bulk asked = new Bulk(
                "SELECT v.place FROM %s WHERE EXISTS (SELECT 1 FROM transfer_input i WHERE i.parent = v.source"
                        + " AND i.parent_index = v.index AND i.lo < v.high AND i.hi > v.low)",
                "source bytea", "index integer", "low bigint", "high bigint");
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

    private static Set<Reads.Signing> unsigned(Handle handle, Reads reads) {
        List<Reads.Signing> signings = List.copyOf(reads.signings());
        Bulk asked = new Bulk(
                "SELECT v.place FROM %s WHERE EXISTS"
                        + " (SELECT 1 FROM transfer t WHERE t.signer = v.by AND t.seq = v.number)",
                "by bytea", "number bigint");
        for (Reads.Signing signing : signings) {
            asked.add(signing.signer().bytes(), signing.seq());
        }
        return without(handle, asked, signings);
    }

    private static Set<Reads.Request> undenied(Handle handle, Reads reads) {
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
            Handle handle, Reads reads, Map<Hash, Optional<KnownNote>> notes) {
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
            notes.getOrDefault(part.note(), Optional.empty()).ifPresent(note -> {
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
