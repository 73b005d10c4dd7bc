package org.jiaozi.wallet.host;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;
import org.jiaozi.core.bulletin.Bulletin;
import org.jiaozi.core.codec.DecodeException;
import org.jiaozi.core.lineage.Lineage;
import org.jiaozi.core.refusal.RefusalCode;
import org.jiaozi.core.statement.Note;
import org.jiaozi.core.statement.Signed;
import org.jiaozi.core.value.Bytes;
import org.jiaozi.core.value.Hash;
import org.jiaozi.core.value.Nonce;
import org.jiaozi.wallet.purse.PurseStateCodec;

/**
 * A wallet in storage: rows of kind, key and value, every value beginning with its version. Steps are stored as the rows
 * they changed, in one transaction; what a row holds is for {@link RowCodec} to say.
 */
public final class WalletRows {
    /** What a row holds; the numbers stay. */
    public enum Kind {
        SETTINGS(1),
        PURSE(2),
        BULLETIN(3),
        NOTE(4),
        LINK(5),
        PAYMENT(6),
        REQUEST(7),
        EVIDENCE(8),
        OUTBOX(9);

        private final int number;

        Kind(int number) {
            this.number = number;
        }

        /** The number in storage. */
        public int number() {
            return number;
        }

        /** The kind with that number. */
        public static Kind of(int number) {
            for (Kind kind : values()) {
                if (kind.number == number) {
                    return kind;
                }
            }
            throw new DecodeException(RefusalCode.UNKNOWN_TYPE, "row of kind " + number);
        }
    }

    /** A row's name. */
    public record Row(Kind kind, Bytes key) implements Comparable<Row> {
        @Override
        public int compareTo(Row other) {
            int byKind = Integer.compare(kind.number(), other.kind.number());
            return byKind != 0 ? byKind : key.compareTo(other.key);
        }
    }

    /**
     * What storage does with a row.
     *
     * @param value the new value, or empty to delete the row
     */
    public record Change(Row row, Optional<Bytes> value) {}

    private WalletRows() {}

    /** Every row of a wallet. */
    public static SortedMap<Row, Bytes> all(WalletState state) {
        SortedMap<Row, Bytes> rows = new TreeMap<>();
        items(state).forEach((row, item) -> rows.put(row, RowCodec.encode(item)));
        return rows;
    }

    /** What turns the stored rows of {@code before} into those of {@code after}. */
    public static List<Change> changes(WalletState before, WalletState after) {
        Map<Row, Object> old = items(before);
        List<Change> changes = new ArrayList<>();
        Map<Row, Object> now = items(after);
        now.forEach((row, item) -> {
            Object was = old.get(row);
            // most rows are the same object as before, and then this costs nothing
            if (!Objects.equals(was, item)) {
                changes.add(new Change(row, Optional.of(RowCodec.encode(item))));
            }
        });
        for (Row row : old.keySet()) {
            if (!now.containsKey(row)) {
                changes.add(new Change(row, Optional.empty()));
            }
        }
        return changes;
    }

    private static Map<Row, Object> items(WalletState state) {
        Map<Row, Object> items = new LinkedHashMap<>();
        items.put(new Row(Kind.SETTINGS, Bytes.EMPTY), state.settings());
        items.put(new Row(Kind.PURSE, Bytes.EMPTY), state.purse());
        items.put(new Row(Kind.OUTBOX, Bytes.EMPTY), state.outbox());
        state.bulletins().forEach(b -> items.put(new Row(Kind.BULLETIN, b.hash().bytes()), b));
        state.lineage().notes().forEach((hash, note) -> items.put(new Row(Kind.NOTE, hash.bytes()), note));
        state.lineage().links().forEach((hash, link) -> items.put(new Row(Kind.LINK, hash.bytes()), link));
        state.payments().forEach((nonce, p) -> items.put(new Row(Kind.PAYMENT, nonce.bytes()), p));
        state.requests().forEach((nonce, r) -> items.put(new Row(Kind.REQUEST, nonce.bytes()), r));
        state.evidence().forEach((name, e) -> items.put(new Row(Kind.EVIDENCE, name.bytes()), e));
        return items;
    }

    /**
     * Reads a wallet back.
     *
     * @throws DecodeException if rows are missing, damaged or of another version
     */
    public static WalletState load(Map<Row, Bytes> rows) {
        List<Signed<Bulletin>> bulletins =
                new ArrayList<>(each(rows, Kind.BULLETIN, RowCodec::bulletin).values());
        bulletins.sort(Comparator.comparingLong(b -> b.statement().epoch()));
        Map<Hash, Signed<Note>> notes = hashed(each(rows, Kind.NOTE, RowCodec::note));
        Map<Hash, Lineage.Link> links = hashed(each(rows, Kind.LINK, RowCodec::link));
        if (bulletins.isEmpty()) {
            throw new DecodeException(RefusalCode.MALFORMED, "a wallet without a bulletin");
        }
        return new WalletState(
                RowCodec.settings(one(rows, Kind.SETTINGS)),
                PurseStateCodec.decode(one(rows, Kind.PURSE)),
                bulletins,
                LineageStore.of(notes, links),
                nonced(each(rows, Kind.PAYMENT, RowCodec::payment)),
                nonced(each(rows, Kind.REQUEST, RowCodec::request)),
                new TreeMap<>(hashed(each(rows, Kind.EVIDENCE, RowCodec::evidence))),
                RowCodec.outbox(one(rows, Kind.OUTBOX)));
    }

    private static Bytes one(Map<Row, Bytes> rows, Kind kind) {
        Bytes value = rows.get(new Row(kind, Bytes.EMPTY));
        if (value == null) {
            throw new DecodeException(RefusalCode.MALFORMED, "a wallet without " + kind);
        }
        return value;
    }

    private static <T> SortedMap<Bytes, T> each(Map<Row, Bytes> rows, Kind kind, Function<Bytes, T> reader) {
        SortedMap<Bytes, T> found = new TreeMap<>();
        rows.forEach((row, value) -> {
            if (row.kind() == kind) {
                found.put(row.key(), reader.apply(value));
            }
        });
        return found;
    }

    private static <T> Map<Hash, T> hashed(Map<Bytes, T> found) {
        Map<Hash, T> map = new LinkedHashMap<>();
        found.forEach((key, value) -> map.put(new Hash(key), value));
        return map;
    }

    private static <T> SortedMap<Nonce, T> nonced(Map<Bytes, T> found) {
        SortedMap<Nonce, T> map = new TreeMap<>();
        found.forEach((key, value) -> map.put(new Nonce(key), value));
        return map;
    }
}
