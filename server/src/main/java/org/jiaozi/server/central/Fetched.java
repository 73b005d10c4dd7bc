package org.jiaozi.server.central;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jdbi.v3.core.Handle;
import org.jiaozi.bank.registry.Effect.NoteKept;
import org.jiaozi.bank.registry.Effect.RangeSettled;
import org.jiaozi.bank.registry.Effect.TransferRecorded;
import org.jiaozi.bank.registry.Reads;
import org.jiaozi.core.statement.SliceRef;
import org.jiaozi.core.statement.TransferInput;
import org.jiaozi.core.value.Bytes;
import org.jiaozi.core.value.Hash;

/**
 * A part of the record that was fetched by a few questions, however much it is; what is not there is known not to be.
 *
 * @param unspent inputs of which no transfer on record takes anything. Those that do are not fetched: one transfer may take
 *     something of each of a thousand inputs, and would come a thousand times
 * @param unsigned key and sequence number where no transfer on record has them
 */
record Fetched(
        Map<Hash, Optional<NoteKept>> notes,
        Map<Hash, Optional<TransferRecorded>> transfers,
        Set<TransferInput> unspent,
        Set<Reads.Signing> unsigned,
        Map<Reads.Part, List<RangeSettled>> settled) {

    static final Fetched NOTHING = new Fetched(Map.of(), Map.of(), Set.of(), Set.of(), Map.of());

    /** Fetches all of it, as the transaction of {@code handle} sees it. */
    static Fetched of(Handle handle, Reads reads) {
        return new Fetched(
                notes(handle, reads),
                transfers(handle, reads),
                unspent(handle, reads),
                unsigned(handle, reads),
                settled(handle, reads));
    }

    private static Map<Hash, Optional<NoteKept>> notes(Handle handle, Reads reads) {
        Map<Hash, Optional<NoteKept>> found = new HashMap<>();
        Bulk asked = new Bulk("SELECT n.id, n.cose, n.late FROM %s JOIN note n ON n.id = v.id", "id bytea");
        for (Hash note : reads.notes()) {
            found.put(note, Optional.empty());
            asked.add(note.bytes());
        }
        asked.each(handle, row -> found.put(hash(row, "id"), Optional.of(RecordRows.note(row))));
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

    /** All but those whose place is answered. */
    private static <K> Set<K> without(Handle handle, Bulk asked, List<K> keys) {
        Set<K> left = new HashSet<>(keys);
        asked.each(handle, row -> left.remove(keys.get(row.getInt("place") - 1)));
        return left;
    }

    private static Map<Reads.Part, List<RangeSettled>> settled(Handle handle, Reads reads) {
        List<Reads.Part> parts = List.copyOf(reads.parts());
        Bulk asked = new Bulk(
                "SELECT v.place, s.* FROM %s JOIN note n ON n.id = v.id"
                        + " JOIN settled s ON s.note = n.serial AND s.lo < v.high AND s.hi > v.low"
                        + " ORDER BY v.place, s.lo",
                "id bytea", "low bigint", "high bigint");
        Map<Reads.Part, List<RangeSettled>> found = new HashMap<>();
        for (Reads.Part part : parts) {
            found.put(part, new ArrayList<>());
            asked.add(part.note().bytes(), part.range().lo(), part.range().hi());
        }
        asked.each(handle, row -> {
            Reads.Part part = parts.get(row.getInt("place") - 1);
            found.get(part).add(RecordRows.settled(part.note(), row));
        });
        found.replaceAll((part, rows) -> List.copyOf(rows));
        return found;
    }

    private static Hash hash(ResultSet row, String column) throws SQLException {
        return new Hash(Bytes.of(row.getBytes(column)));
    }
}
