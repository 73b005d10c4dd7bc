package org.jiaozi.server.central;

import java.io.ByteArrayOutputStream;
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
import org.jiaozi.core.value.Amount;
import org.jiaozi.core.value.Bytes;
import org.jiaozi.core.value.Currency;
import org.jiaozi.core.value.Hash;
import org.jiaozi.core.value.InstitutionId;
import org.jiaozi.core.value.Limit;
import org.jiaozi.core.value.Nonce;
import org.jiaozi.core.value.Range;
import org.jiaozi.core.value.Thumbprint;

/** What is read out of a row of the record. */
final class RecordRows {
    /** What {@link #transfer(ResultSet)} reads of a transfer {@code t}. */
    static final String TRANSFER = " t.hash, t.cose, t.notes,"
            + " (SELECT c.cose FROM certificate c WHERE c.hash = t.certificate) AS certificate ";

    /** Of those that answer a request: payee and nonce in one, and the payee once more. */
    static final String ANSWERING = "WHERE t.hash IN (SELECT f.hash FROM transfer f WHERE f.payee || f.nonce = ?"
            + " UNION ALL SELECT f.hash FROM transfer f WHERE f.payee = ? AND f.nonce IS NULL) ORDER BY t.hash";

    /** Of those that spend something of an output: hash, index, hash, the lower place, the upper one twice, index. */
    static final String SPENDING = "WHERE t.hash IN (SELECT i.transfer FROM"
            + " (SELECT n.serial, 0::bigint AS via FROM note n WHERE n.id = ?"
            + " UNION ALL SELECT n.serial, p.number FROM transfer p JOIN note n"
            + " ON n.id = substr(p.notes, ? * 32 + 1, 32) WHERE p.hash = ?) AS slice CROSS JOIN "
            + takenIn("slice.serial", "slice.via", "6", "?", "?") + " AND i.parent_index = ?) ORDER BY t.hash";

    private RecordRows() {}

    /**
     * Which settled parts {@code s} of a note have something between two places. Since they do not overlap, the first of
     * them is the last that begins no higher: none below it is looked at.
     */
    static String settledIn(String note, String low, String high) {
        return "s.lo < " + high + " AND s.hi > " + low + " AND s.lo >= coalesce((SELECT max(f.lo) FROM settled f"
                + " WHERE f.note = " + note + " AND f.lo <= " + low + "), " + low + ")";
    }

    /**
     * Which inputs {@code i} of transfers take something of a slice between two places of its note. Of each size that fits into the
     * note it looks at those only that end above the lower place and no further above the upper one than something of that size is
     * long ({@code V11}). A condition may follow.
     *
     * @param note its serial number
     * @param via the number of the transfer that made the slice, 0 where it is all of the note
     * @param sizes how many sizes there may be of it, of {@link #size}
     */
    static String takenIn(String note, String via, String sizes, String low, String high) {
        // OFFSET 0 has the look-ups made one size after the other, whatever is known of the table
        return "(VALUES (1), (2), (3), (4), (5), (6)) AS s (size) CROSS JOIN LATERAL (SELECT * FROM transfer_input f"
                + " WHERE f.note = " + note + " AND f.via = " + via + " AND f.size = s.size AND f.hi > " + low
                + " AND f.hi < " + high + " + (1::bigint << 8 * s.size) AND f.lo < " + high + " OFFSET 0) AS i"
                + " WHERE s.size <= " + sizes;
    }

    /** Where the last unit of a note ends that a transfer takes of the note itself, 0 where none does: one look-up for each size. */
    static String top(String note, String sizes) {
        return "(SELECT coalesce(max(i.hi), 0) FROM (VALUES (1), (2), (3), (4), (5), (6)) AS s (size) CROSS JOIN LATERAL"
                + " (SELECT f.hi FROM transfer_input f WHERE f.note = " + note + " AND f.via = 0 AND f.size = s.size"
                + " ORDER BY f.hi DESC LIMIT 1) AS i WHERE s.size <= " + sizes + ")";
    }

    /** Which size a part of so many units is of, as the record has it of each input: how many bytes say where in it one is. */
    static int size(long units) {
        return Math.max(1, Math.ceilDiv(Long.SIZE - Long.numberOfLeadingZeros(units - 1), Byte.SIZE));
    }

    /** The notes of a transfer's inputs, as {@link #transfer(ResultSet)} reads them. */
    static Bytes notes(List<Hash> ids) {
        ByteArrayOutputStream all = new ByteArrayOutputStream(ids.size() * Hash.SIZE);
        ids.forEach(id -> id.bytes().appendTo(all));
        return Bytes.of(all.toByteArray());
    }

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

    static Effect.ConvictionSet conviction(Thumbprint culprit, ResultSet row) throws SQLException {
        return new Effect.ConvictionSet(
                culprit,
                institution(row, "certifier"),
                new Currency(row.getString("currency")),
                bytes(row, "file"),
                new Amount(row.getLong("owed")),
                new Amount(row.getLong("recovered")),
                new Amount(row.getLong("from_fund")),
                new Amount(row.getLong("from_institution")));
    }

    /** A transfer out of the columns {@link #TRANSFER}. */
    static TransferRecorded transfer(ResultSet row) throws SQLException {
        Lineage.Link link = new Lineage.Link(
                Signed.decode(bytes(row, "cose"), Limit.SERVICE_MESSAGE_BYTES, Transfer::read),
                Signed.decode(bytes(row, "certificate"), Limit.TAP_MESSAGE_BYTES, PurseCertificate::read));
        Bytes ids = bytes(row, "notes");
        List<Hash> notes = new ArrayList<>();
        for (int at = 0; at < ids.size(); at += Hash.SIZE) {
            notes.add(new Hash(ids.slice(at, at + Hash.SIZE)));
        }
        return new TransferRecorded(link, notes);
    }
}
