package org.jiaozi.core.lineage;

import org.jiaozi.core.statement.Note;
import org.jiaozi.core.statement.SliceRef;
import org.jiaozi.core.statement.TransferInput;
import org.jiaozi.core.value.Amount;
import org.jiaozi.core.value.Currency;
import org.jiaozi.core.value.Hash;
import org.jiaozi.core.value.Range;
import org.jiaozi.core.value.Thumbprint;
import org.jiaozi.core.value.Timestamp;

/**
 * What a purse holds: one range at the end of a lineage.
 *
 * @param source the output it is, or is part of
 * @param range what is left of it, in the note's coordinates
 * @param note the note's id
 * @param currency from the note
 * @param holder the key it belongs to
 * @param hops transfers between purses since the note
 * @param maxHops what the note allows
 * @param expiry of the note
 */
public record Slice(
        SliceRef source,
        Range range,
        Hash note,
        Currency currency,
        Thumbprint holder,
        int hops,
        int maxHops,
        Timestamp expiry) {
    /** A fresh note as its first holder's slice. */
    public static Slice of(Hash id, Note note) {
        return new Slice(
                new SliceRef(id, 0),
                note.whole(),
                id,
                note.currency(),
                note.holder(),
                0,
                note.maxHops(),
                note.expiry());
    }

    public Amount amount() {
        return range.amount();
    }

    /** The input that moves the lowest {@code amount} of it. */
    public TransferInput input(Amount amount) {
        return new TransferInput(source, new Range(range.lo(), Math.addExact(range.lo(), amount.minor())));
    }
}
