package org.jiaozi.core.statement;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jiaozi.core.codec.Cbor;
import org.jiaozi.core.codec.DecodeException;
import org.jiaozi.core.codec.Fields;
import org.jiaozi.core.refusal.RefusalCode;
import org.jiaozi.core.value.Amount;
import org.jiaozi.core.value.Bytes;
import org.jiaozi.core.value.Hash;
import org.jiaozi.core.value.Limit;
import org.jiaozi.core.value.Nonce;
import org.jiaozi.core.value.Range;
import org.jiaozi.core.value.Thumbprint;
import org.jiaozi.core.value.Timestamp;

/**
 * The payer's purse moves ranges to a payee (spec 05). A deposit is a transfer to an institution's key.
 *
 * @param inputs 1 to 1,024 (8 in a tap), no two of which overlap on the same source
 * @param payee who holds the ranges from now on
 * @param nonce the payee's request, or the deposit batch
 * @param seq counts this key's transfers from 1, never restarts
 * @param spentTotal minor units this key has moved in all, this transfer included; deposits do not add to it
 * @param at the request's time
 */
public record Transfer(
        List<TransferInput> inputs, Thumbprint payee, Nonce nonce, long seq, long spentTotal, Timestamp at)
        implements Statement {
    public Transfer {
        inputs = List.copyOf(inputs);
        Limit.check("seq", seq, Limit.UINT48);
        Limit.check("spentTotal", spentTotal, Limit.UINT48);
        if (inputs.isEmpty() || inputs.size() > Limit.DEPOSIT_INPUTS) {
            throw new DecodeException(RefusalCode.TOO_MANY_INPUTS, inputs.size() + " inputs");
        }
        // most payments have one input, which is within every bound
        if (inputs.size() > 1) {
            refuseOverlaps(inputs);
            refuseTooMuch(inputs);
        }
    }

    private static void refuseOverlaps(List<TransferInput> inputs) {
        // sorted, only neighbours can overlap: comparing all pairs would let small messages cost much
        List<TransferInput> sorted = inputs.stream()
                .sorted(Comparator.comparing(TransferInput::source).thenComparing(TransferInput::range))
                .toList();
        for (int i = 1; i < sorted.size(); i++) {
            if (sorted.get(i).conflictsWith(sorted.get(i - 1))) {
                throw new DecodeException(
                        RefusalCode.INPUTS_OVERLAP,
                        "two inputs from " + sorted.get(i).source());
            }
        }
    }

    private static void refuseTooMuch(List<TransferInput> inputs) {
        if (inputs.stream().mapToLong(x -> x.range().amount().minor()).reduce(0, Math::addExact) > Limit.UINT48) {
            throw new DecodeException(RefusalCode.OUT_OF_RANGE, "a transfer of 2^48 or more");
        }
    }

    /** What it moves in all. */
    public Amount amount() {
        return inputs.stream().map(i -> i.range().amount()).reduce(Amount.ZERO, Amount::plus);
    }

    @Override
    public StatementType type() {
        return StatementType.TRANSFER;
    }

    @Override
    public Bytes payload() {
        List<Cbor> moved = new ArrayList<>(inputs.size());
        for (TransferInput input : inputs) {
            moved.add(cbor(input));
        }
        return Cbor.map()
                .put(1, Cbor.array(moved))
                .put(2, Cbor.of(payee.bytes()))
                .put(3, Cbor.of(nonce.bytes()))
                .put(4, Cbor.of(seq))
                .put(5, Cbor.of(spentTotal))
                .put(6, Cbor.of(at.seconds()))
                .build()
                .encode();
    }

    /** Reads a payload; the header names no key. */
    public static Transfer read(Bytes header, Bytes payload) {
        Fields f = Fields.decode(payload, 128 * 1024);
        List<TransferInput> inputs = new ArrayList<>();
        for (Cbor item : f.array(1, Limit.DEPOSIT_INPUTS)) {
            inputs.add(input(Fields.asArray(item, 4)));
        }
        Transfer transfer = new Transfer(inputs, f.thumbprint(2), f.nonce(3), f.uint48(4), f.uint48(5), f.time(6));
        f.end();
        return transfer;
    }

    private static Cbor cbor(TransferInput input) {
        return Cbor.array(
                Cbor.of(input.source().parent().bytes()),
                Cbor.of(input.source().index()),
                Cbor.of(input.range().lo()),
                Cbor.of(input.range().hi()));
    }

    private static TransferInput input(List<Cbor> parts) {
        if (parts.size() != 4) {
            throw new DecodeException(RefusalCode.MALFORMED, "an input of " + parts.size() + " parts");
        }
        return new TransferInput(
                new SliceRef(new Hash(Fields.exactly(parts.get(0), Hash.SIZE)), (int)
                        Fields.asUint(parts.get(1), Limit.DEPOSIT_INPUTS - 1L)),
                range(Fields.asUint(parts.get(2), Limit.UINT48), Fields.asUint(parts.get(3), Limit.UINT48)));
    }

    /** A range from two decoded bounds; an empty or reversed one has its own refusal. */
    public static Range range(long lo, long hi) {
        if (lo >= hi) {
            throw new DecodeException(RefusalCode.RANGE_EMPTY, "[" + lo + "," + hi + ")");
        }
        return new Range(lo, hi);
    }
}
