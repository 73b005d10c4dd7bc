package org.jiaozi.server.central;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.jdbi.v3.core.Handle;
import org.jiaozi.bank.registry.Effect.RangeSettled;
import org.jiaozi.bank.registry.Effect.TransferRecorded;
import org.jiaozi.core.statement.SliceRef;
import org.jiaozi.core.statement.TransferInput;
import org.jiaozi.core.value.Bytes;
import org.jiaozi.core.value.Hash;
import org.jiaozi.core.value.Nonce;
import org.jiaozi.core.value.Range;
import org.jiaozi.server.central.ManyRows.NotePlace;
import org.jiaozi.server.db.Bulk;
import org.jspecify.annotations.Nullable;

/**
 * What a decision puts on record of parts of notes: which a transfer takes, and which are settled. An input that is settled whole is one
 * row with what is settled; the only input of a transfer is one row with that transfer; others have rows of their own ({@code V14}).
 */
final class PartRows {
    /** The number of the transfer that a row {@code v} takes from: known, or looked up where there is a parent. */
    static final String VIA =
            "CASE WHEN v.parent IS NULL THEN v.via ELSE (SELECT p.number FROM transfer p WHERE p.hash = v.parent) END";

    private final Bulk inputs = new Bulk(
            "INSERT INTO transfer_input (transfer, position, parent, parent_index, lo, hi, note, via)"
                    + " SELECT v.transfer, v.position, v.source, v.parent_index, v.lo, v.hi, v.note, " + VIA
                    + " FROM %s",
            "transfer bytea",
            "position integer",
            "source bytea",
            "parent_index integer",
            "lo bigint",
            "hi bigint",
            "note bigint",
            "via bigint",
            "parent bytea");

    private final Bulk settled = new Bulk(
            "INSERT INTO settled (note, note_value, lo, hi, kind, paid_to, at_parent, at_index, claim, via, via_index)"
                    + " SELECT v.note, v.note_value, v.lo, v.hi, v.kind, v.paid_to, v.at_parent, v.at_index, v.claim, "
                    + VIA
                    + ", v.via_index FROM %s",
            "note bigint",
            "note_value bigint",
            "lo bigint",
            "hi bigint",
            "kind text",
            "paid_to integer",
            "at_parent bytea",
            "at_index integer",
            "claim bytea",
            "via bigint",
            "parent bytea",
            "via_index integer");

    /**
     * An input, and what it takes from.
     *
     * @param note its note's serial number
     * @param via the number of the transfer that it takes from, 0 where it takes from the note; none where that one was on record before
     */
    record Input(TransferInput input, long note, @Nullable Long via) {
        /** The hash of the transfer whose number is to be looked up. */
        @Nullable
        Bytes unnumbered() {
            return via == null ? input.source().parent().bytes() : null;
        }
    }

    private final Known known;
    private final List<RangeSettled> parts = new ArrayList<>();
    /** What is settled at which input: where it is all of that input, it has only this part. */
    private final Map<SliceRef, Range> whole = new HashMap<>();
    /** Inputs that have no other row than that of what is settled. */
    private final Map<SliceRef, Input> settledInputs = new HashMap<>();

    private Map<Hash, Long> numbers = Map.of();
    private Map<Hash, NotePlace> places = Map.of();

    PartRows(Known known) {
        this.known = known;
    }

    void add(RangeSettled part) {
        parts.add(part);
    }

    /** Notes of which something is settled; a note may come several times. */
    Stream<Hash> settledNotes() {
        return parts.stream().map(RangeSettled::note);
    }

    /**
     * What is settled together with the transfers whose inputs come next was added before.
     *
     * @param numbers of these transfers
     * @param places of their notes
     */
    void begin(Map<Hash, Long> numbers, Map<Hash, NotePlace> places) {
        this.numbers = numbers;
        this.places = places;
        parts.forEach(part -> whole.put(part.at(), part.range()));
    }

    /** Takes the inputs of a transfer; the only one that it has is the caller's to write, unless it is settled whole. */
    Optional<Input> inputs(TransferRecorded transfer) {
        List<TransferInput> all = transfer.transfer().statement().inputs();
        Hash hash = transfer.transfer().hash();
        for (int i = 0; i < all.size(); i++) {
            TransferInput input = all.get(i);
            Input row = row(input, transfer.notes().get(i));
            SliceRef here = new SliceRef(hash, i);
            if (input.range().equals(whole.get(here))) {
                settledInputs.put(here, row);
            } else if (all.size() == 1) {
                return Optional.of(row);
            } else {
                inputs.add(
                        hash.bytes(),
                        i,
                        input.source().parent().bytes(),
                        input.source().index(),
                        input.range().lo(),
                        input.range().hi(),
                        row.note(),
                        row.via(),
                        row.unnumbered());
            }
        }
        return Optional.empty();
    }

    private Input row(TransferInput input, Hash note) {
        SliceRef source = input.source();
        boolean ofNote = source.parent().equals(note);
        if (ofNote && source.index() == 0) {
            known.takes(note, input.range());
        }
        long serial = Objects.requireNonNull(places.get(note)).serial();
        return new Input(input, serial, ofNote ? (Long) 0L : numbers.get(source.parent()));
    }

    /** Writes those that have rows of their own, after the transfers. */
    void writeInputs(Handle handle) {
        inputs.runEach(handle);
    }

    /** Writes what is settled, after the transfers and claims that it speaks of. */
    void writeSettled(Handle handle, Map<Hash, NotePlace> places) {
        for (RangeSettled part : parts) {
            NotePlace place = Objects.requireNonNull(places.get(part.note()));
            Input input = settledInputs.get(part.at());
            settled.add(
                    place.serial(),
                    place.value(),
                    part.range().lo(),
                    part.range().hi(),
                    part.kind().name(),
                    part.paidTo().number(),
                    part.at().parent().bytes(),
                    part.at().index(),
                    part.claim().map(Nonce::bytes).orElse(null),
                    input == null ? null : input.via(),
                    input == null ? null : input.unnumbered(),
                    input == null ? null : input.input().source().index());
        }
        parts.clear();
        whole.clear();
        settledInputs.clear();
        settled.runEach(handle);
    }
}
