package org.jiaozi.server.central;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jiaozi.bank.registry.Effect;
import org.jiaozi.bank.registry.Effect.RangeSettled;
import org.jiaozi.bank.registry.Effect.TransferRecorded;
import org.jiaozi.core.lineage.Lineage;
import org.jiaozi.core.statement.Note;
import org.jiaozi.core.statement.PurseCertificate;
import org.jiaozi.core.statement.Signed;
import org.jiaozi.core.statement.SliceRef;
import org.jiaozi.core.statement.Transfer;
import org.jiaozi.core.value.Bytes;
import org.jiaozi.core.value.Hash;
import org.jiaozi.core.value.InstitutionId;
import org.jiaozi.core.value.Limit;
import org.jiaozi.core.value.Nonce;
import org.jiaozi.core.value.Range;

/** What is read out of a row of the record. */
final class RecordRows {
    /** What {@link #transfer(ResultSet)} reads of a transfer {@code t}. */
    static final String TRANSFER = " t.hash, t.cose,"
            + " (SELECT c.cose FROM certificate c WHERE c.hash = t.certificate) AS certificate,"
            + " (SELECT array_agg(n.note ORDER BY n.position) FROM transfer_input n WHERE n.transfer = t.hash) AS notes ";

    private RecordRows() {}

    static Bytes bytes(ResultSet row, String column) throws SQLException {
        return Bytes.of(row.getBytes(column));
    }

    static InstitutionId institution(ResultSet row, String column) throws SQLException {
        return new InstitutionId(row.getInt(column));
    }

    static Effect.NoteKept note(ResultSet row) throws SQLException {
        return new Effect.NoteKept(
                Signed.decode(bytes(row, "cose"), Limit.TAP_MESSAGE_BYTES, Note::read), row.getBoolean("late"));
    }

    static RangeSettled settled(Hash note, ResultSet row) throws SQLException {
        return new RangeSettled(
                note,
                new Range(row.getLong("lo"), row.getLong("hi")),
                RangeSettled.Kind.valueOf(row.getString("kind")),
                institution(row, "paid_to"),
                new SliceRef(new Hash(bytes(row, "at_parent")), row.getInt("at_index")),
                Optional.ofNullable(row.getBytes("claim")).map(Nonce::of));
    }

    /** A transfer out of the columns {@link #TRANSFER}. */
    static TransferRecorded transfer(ResultSet row) throws SQLException {
        Lineage.Link link = new Lineage.Link(
                Signed.decode(bytes(row, "cose"), Limit.SERVICE_MESSAGE_BYTES, Transfer::read),
                Signed.decode(bytes(row, "certificate"), Limit.TAP_MESSAGE_BYTES, PurseCertificate::read));
        List<Hash> notes = new ArrayList<>();
        for (byte[] note : (byte[][]) row.getArray("notes").getArray()) {
            notes.add(Hash.of(note));
        }
        return new TransferRecorded(link, notes);
    }
}
