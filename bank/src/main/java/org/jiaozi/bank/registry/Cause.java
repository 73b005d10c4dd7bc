package org.jiaozi.bank.registry;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.jiaozi.bank.registry.Effect.RangeSettled;
import org.jiaozi.bank.registry.Effect.TransferRecorded;
import org.jiaozi.core.statement.SliceRef;
import org.jiaozi.core.statement.TransferInput;
import org.jiaozi.core.value.Hash;
import org.jiaozi.core.value.Nonce;
import org.jiaozi.core.value.Thumbprint;

/** Why a part that somebody holds was settled before: where the two ways from the note to here part. */
sealed interface Cause {
    /** This key signed both ways, or denied what it then passed on. */
    record ByCulprit(Thumbprint culprit) implements Cause {}

    /** A claimant was paid before the transfers after it surfaced; that is the claimant's debt. */
    record ByClaim(Nonce claim) implements Cause {}

    /** It is the holder's own. */
    record Own() implements Cause {}

    /**
     * Follows both outputs up to the note (every ancestor is on record) and down again to where they part.
     *
     * @param at the output that its holder wants paid
     * @param before the row that its range overlaps
     * @param record transfers on record
     */
    static Cause of(SliceRef at, RangeSettled before, Function<Hash, Optional<TransferRecorded>> record) {
        List<SliceRef> mine = path(at, record);
        List<SliceRef> theirs = path(before.at(), record);
        int common = 0;
        while (common < Math.min(mine.size(), theirs.size()) && mine.get(common).equals(theirs.get(common))) {
            common++;
        }
        if (common == theirs.size()) {
            // settled at an ancestor of mine, or at mine itself
            return switch (before.kind()) {
                case CLAIMED ->
                    common == mine.size()
                            ? new Own()
                            : new ByClaim(before.claim().orElseThrow());
                case REFUNDED -> common == mine.size() ? new Own() : payee(before.at(), record);
                case REDEEMED -> new Own();
            };
        }
        if (common == mine.size()) {
            // somebody moved on what mine says was never received
            return payee(at, record);
        }
        TransferRecorded fork = record.apply(mine.get(common).parent()).orElseThrow();
        return new ByCulprit(fork.link().signer());
    }

    private static Cause payee(SliceRef ref, Function<Hash, Optional<TransferRecorded>> record) {
        Optional<TransferRecorded> transfer = record.apply(ref.parent());
        return transfer.<Cause>map(t -> new ByCulprit(t.transfer().statement().payee()))
                .orElseGet(Own::new);
    }

    /** The outputs from the note to {@code ref}; an output has one parent, so there is one way. */
    private static List<SliceRef> path(SliceRef ref, Function<Hash, Optional<TransferRecorded>> record) {
        List<SliceRef> path = new ArrayList<>();
        SliceRef next = ref;
        while (true) {
            path.add(next);
            Optional<TransferRecorded> transfer = record.apply(next.parent());
            if (transfer.isEmpty()) {
                return path.reversed();
            }
            TransferInput input = transfer.get().transfer().statement().inputs().get(next.index());
            next = input.source();
        }
    }
}
