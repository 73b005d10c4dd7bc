package org.jiaozi.wallet.sync;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.jiaozi.core.lineage.Slice;
import org.jiaozi.core.statement.TransferInput;
import org.jiaozi.core.value.Amount;
import org.jiaozi.core.value.Bytes;
import org.jiaozi.core.value.Thumbprint;
import org.jiaozi.wallet.host.Wallet;
import org.jiaozi.wallet.host.WalletContext;
import org.jiaozi.wallet.host.WalletState;
import org.jiaozi.wallet.purse.Pseudonym;

/**
 * What one key should deposit: slices that cannot move on offline whatever the owner keeps, then the most travelled ones
 * until no more than the keep-amount is left (spec 06, clause 13).
 *
 * @param key whose slices
 * @param inputs what to deposit
 * @param reload how much of it the owner wants back as a fresh note
 */
record DepositPlan(Thumbprint key, List<TransferInput> inputs, Amount reload) {
    /** More slices than this are worth a fresh note. */
    static final int MANY_SLICES = 8;

    DepositPlan {
        inputs = List.copyOf(inputs);
    }

    /** The next deposit due, if any. */
    static Optional<DepositPlan> next(WalletState state, SyncRun run, WalletContext context) {
        List<Slice> slices = List.copyOf(state.purse().slices().values());
        // once one key's slices went to become a fresh note, the others go with them; after the note there is an end
        boolean all = !run.has(SyncRun.Did.LOADED)
                && (run.options().refreshAll()
                        || slices.size() > MANY_SLICES
                        || !state.outbox().toLoad().isZero());
        Amount keep = run.options()
                .keep()
                .orElse(state.bulletin().statement().policy().keepAmount());
        Amount held = state.purse().holding().plus(state.outbox().toLoad());
        Amount excess = held.minus(held.min(keep));
        for (Pseudonym p : state.purse().pseudonyms()) {
            Thumbprint key = p.thumbprint();
            boolean retired = p.status() == Pseudonym.Status.RETIRED;
            List<Slice> mine = slices.stream()
                    .filter(s -> s.holder().equals(key) && isDepositable(s, context, state))
                    .sorted(Comparator.comparing((Slice s) -> !mustGo(state, s, context))
                            .thenComparing(Comparator.comparingInt(Slice::hops).reversed())
                            .thenComparing(Slice::expiry)
                            .thenComparing(Slice::source))
                    .toList();
            // whoever did not bind the key takes no deposit of it
            if (!run.skips(name(key)) && (!retired || Move.boundHere(state, p))) {
                List<TransferInput> inputs = new ArrayList<>();
                Amount sum = Amount.ZERO;
                for (Slice slice : mine) {
                    boolean whole = (all && !fresh(state, slice)) || retired || mustGo(state, slice, context);
                    Amount part = whole ? slice.amount() : slice.amount().min(excess.minus(excess.min(sum)));
                    if (!part.isZero()) {
                        inputs.add(slice.input(part));
                        sum = sum.plus(part);
                    }
                }
                if (!inputs.isEmpty()) {
                    return Optional.of(new DepositPlan(key, inputs, sum.minus(sum.min(excess))));
                }
            }
        }
        return Optional.empty();
    }

    /** The name under which a refused deposit of this key is skipped. */
    static Bytes name(Thumbprint key) {
        return key.bytes().concat(Bytes.of(new byte[] {'d'}));
    }

    /** A note nobody moved yet needs no refreshing. */
    private static boolean fresh(WalletState state, Slice slice) {
        return slice.hops() == 0 && state.purse().slices().size() == 1;
    }

    private static boolean mustGo(WalletState state, Slice slice, WalletContext context) {
        return context.now().isAfter(slice.expiry())
                || slice.hops() >= Wallet.hopLimit(state, slice, context)
                || Wallet.throughRevoked(state, slice);
    }

    /** Past expiry and grace only a claim helps. */
    private static boolean isDepositable(Slice slice, WalletContext context, WalletState state) {
        return !context.now()
                .isAfter(slice.expiry()
                        .plus(state.bulletin().statement().policy().grace()));
    }
}
