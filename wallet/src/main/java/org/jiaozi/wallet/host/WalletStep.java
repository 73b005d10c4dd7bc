package org.jiaozi.wallet.host;

import java.util.function.BiFunction;
import org.jiaozi.core.refusal.Refusal;
import org.jiaozi.core.refusal.RefusalCode;

/** The outcome of one call on a wallet. */
public sealed interface WalletStep<T> {
    /**
     * Done.
     *
     * @param state to be durable before {@code result} leaves
     * @param result what to hand out then
     */
    record Done<T>(WalletState state, T result) implements WalletStep<T> {}

    /** Not done; nothing changed. */
    record Refused<T>(Refusal refusal) implements WalletStep<T> {}

    /** A refusal. */
    static <T> WalletStep<T> no(RefusalCode code, String detail) {
        return new Refused<>(new Refusal(code, detail));
    }

    /** Goes on from what was done. */
    default <R> WalletStep<R> then(BiFunction<WalletState, T, WalletStep<R>> next) {
        return switch (this) {
            case Done<T> d -> next.apply(d.state(), d.result());
            case Refused<T> r -> new Refused<>(r.refusal());
        };
    }
}
