package org.jiaozi.cli.wallet.online;

import java.util.List;
import java.util.Optional;
import org.jiaozi.cli.wallet.store.Change;
import org.jiaozi.cli.wallet.store.WalletStore;
import org.jiaozi.core.value.Amount;
import org.jiaozi.wallet.host.WalletState;

/**
 * How far a deposit of an amount has come, stored with every step of it. Cut off and run again, it moves what is left of
 * the amount, and not the whole amount once more.
 *
 * @param due what was asked
 * @param left what is still to leave the wallet
 * @param credited what was credited so far
 */
record DepositGoal(Amount due, Amount left, Amount credited) {
    private static final String NAME = "deposit-goal";

    /** A deposit that was begun and whose end nobody was told of yet. */
    static Optional<DepositGoal> begun(WalletStore store) {
        return store.text(NAME).map(text -> {
            List<Amount> parts = List.of(text.split(":", -1)).stream()
                    .map(part -> new Amount(Long.parseLong(part)))
                    .toList();
            return new DepositGoal(parts.get(0), parts.get(1), parts.get(2));
        });
    }

    /**
     * A new one. Deposits that were refused are signed all the same, and every sync asks about them again: they are part
     * of what is to reach the account, so that the same command after a refusal signs nothing more away.
     */
    static DepositGoal of(Amount due, WalletState state) {
        Amount signed = state.purse().log().values().stream()
                .filter(entry -> entry.isDeposit() && !entry.settled())
                .map(entry -> entry.transfer().statement().amount())
                .reduce(Amount.ZERO, Amount::plus);
        return new DepositGoal(due, due.minus(due.min(signed)), Amount.ZERO);
    }

    /** What the wallet has: slices, and what comes back as a fresh note. */
    static Amount held(WalletState state) {
        return state.purse().holding().plus(state.outbox().toLoad());
    }

    /** This goal after a step from {@code before}, when it was set or read, to {@code after}. */
    DepositGoal after(WalletState before, WalletState after, Amount creditedSince) {
        Amount had = held(before);
        Amount moved = had.minus(had.min(held(after)));
        return new DepositGoal(due, left.minus(left.min(moved)), credited.plus(creditedSince));
    }

    Change into(Change change) {
        return change.put(NAME, Errand.text(due.minor() + ":" + left.minor() + ":" + credited.minor()));
    }

    /** Another command settles: what a deposit left undone is no longer what the owner asked for last. */
    static Change drop(Change change) {
        return change.drop(NAME);
    }

    static void told(WalletStore store) {
        store.forget(NAME);
    }
}
