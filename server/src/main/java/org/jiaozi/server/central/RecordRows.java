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
    private static final String SIZES = "(VALUES (1), (2), (3), (4), (5), (6)) AS z (size)";

    /** What {@link #transfer(ResultSet)} reads of a transfer {@code t}. */
    static final String TRANSFER = " t.hash, t.cose,"
            + " coalesce(t.notes, (SELECT n.id FROM note n WHERE n.serial = t.note)) AS notes,"
            + " (SELECT c.cose FROM certificate c WHERE c.number = t.certificate) AS certificate ";

    /** Of those that a key signed under a number: the key, the number. */
    static final String SIGNED =
            "WHERE t.certificate IN (SELECT c.number FROM certificate c WHERE c.key = ?) AND t.seq = ?"
                    + " ORDER BY t.hash";

    /** Of those that may pay a key: {@link Bytes#firstEight} of it, which are {@code first_bytes} in the database. */
    static final String PAYING = "WHERE t.payee = ? ORDER BY t.hash";

    /** Of those that may answer a request: {@link Bytes#firstEight} of payee and nonce, and the payee's once more. */
    static final String ANSWERING = "WHERE t.hash IN (SELECT f.hash FROM transfer f WHERE f.payee = ? AND f.request = ?"
            + " UNION ALL SELECT f.hash FROM transfer f WHERE f.payee = ? AND f.request IS NULL) ORDER BY t.hash";

    /** Of those that spend something of an output: hash, index, the lower place and the upper one. */
    static final String SPENDING = "WHERE t.hash IN (SELECT i.transfer FROM"
            + " (SELECT ?::bytea AS parent, ?::integer AS index, ?::bigint AS low, ?::bigint AS high) AS v"
            + " CROSS JOIN LATERAL (SELECT n.serial, 0::bigint AS via FROM note n WHERE n.id = v.parent"
            + " UNION ALL SELECT " + noteOf("p", "v.index")
            + ", p.number FROM transfer p WHERE p.hash = v.parent) AS slice"
            + " CROSS JOIN LATERAL " + takenIn("slice.serial", "slice.via", "v.index", "6", "v.low", "v.high")
            + ") ORDER BY t.hash";

    private RecordRows() {}

    /**
     * Which settled parts {@code s} of a note have something between two places. Since they do not overlap, the first of
     * them is the last that begins no higher: none below it is looked at.
     */
    static String settledIn(String note, String low, String high) {
        return "s.lo < " + high + " AND s.hi > " + low + " AND s.lo >= coalesce((SELECT max(f.lo) FROM settled f"
                + " WHERE f.note = " + note + " AND f.lo <= " + low + "), " + low + ")";
    }

    /** The serial number of the note that an output of a transfer is a part of. */
    static String noteOf(String transfer, String index) {
        return "coalesce(" + transfer + ".note, (SELECT n.serial FROM note n WHERE n.id = substr(" + transfer
                + ".notes, " + index + " * 32 + 1, 32)))";
    }

    /**
     * Which inputs {@code i} of transfers take something of a slice between two places of its note. Of each size that fits into the
     * note it looks at those only that end above the lower place and no further above the upper one than something of that size is
     * long ({@code V11}), be they on record with their transfer or beside it, and then at what is settled there, which may stand for
     * an input ({@code V14}).
     *
     * @param note its serial number
     * @param via the number of the transfer that made the slice, 0 where it is all of the note
     * @param index which of its outputs the slice is
     * @param sizes how many sizes there may be of it, of {@link #size}
     */
    static String takenIn(String note, String via, String index, String sizes, String low, String high) {
        String there = "f.note = " + note + " AND f.via = " + via + " AND f.size = z.size AND f.hi > " + low
                + " AND f.hi < " + high + " + (1::bigint << 8 * z.size) AND f.lo < " + high;
        // OFFSET 0 has the look-ups made one size after the other, whatever is known of the tables
        return "(SELECT i.transfer, i.lo, i.hi FROM " + SIZES + " CROSS JOIN LATERAL"
                + " (SELECT f.hash AS transfer, f.via_index AS index, f.lo, f.hi FROM transfer f WHERE " + there
                + " OFFSET 0)"
                + " AS i WHERE z.size <= " + sizes + " AND i.index = " + index
                + " UNION ALL SELECT i.transfer, i.lo, i.hi FROM " + SIZES + " CROSS JOIN LATERAL"
                + " (SELECT f.transfer, f.parent_index AS index, f.lo, f.hi FROM transfer_input f WHERE " + there
                + " OFFSET 0)"
                + " AS i WHERE z.size <= " + sizes + " AND i.index = " + index
                + " UNION ALL SELECT s.at_parent, s.lo, s.hi FROM settled s WHERE s.note = " + note
                + " AND s.via = " + via + " AND s.via_index = " + index + " AND " + settledIn(note, low, high)
                + ") AS i";
    }

    /**
     * A place in a note above which no transfer takes anything of the note itself, 0 where none does: a look-up or two for each size, and
     * one for what is settled, all of which came out of the note.
     */
    static String top(String note, String sizes) {
        return "greatest(0, " + topIn("transfer", note, sizes) + ", " + topIn("transfer_input", note, sizes)
                + ", (SELECT f.hi FROM settled f WHERE f.note = " + note + " ORDER BY f.lo DESC LIMIT 1))";
    }

    private static String topIn(String table, String note, String sizes) {
        return "(SELECT max(i.hi) FROM " + SIZES + " CROSS JOIN LATERAL (SELECT f.hi FROM " + table
                + " f WHERE f.note = " + note + " AND f.via = 0 AND f.size = z.size ORDER BY f.hi DESC LIMIT 1) AS i"
                + " WHERE z.size <= " + sizes + ")";
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
