package org.jiaozi.bank.institution;

import org.jiaozi.core.refusal.Refusal;
import org.jiaozi.core.refusal.RefusalCode;

/**
 * What a rule says: yes with what follows from it, or no with a number.
 *
 * @param <T> what follows from a yes
 */
public sealed interface Decision<T> {
    /** Yes. */
    record Granted<T>(T value) implements Decision<T> {}

    /** No. */
    record Denied<T>(Refusal refusal) implements Decision<T> {}

    static <T> Decision<T> granted(T value) {
        return new Granted<>(value);
    }

    static <T> Decision<T> denied(Refusal refusal) {
        return new Denied<>(refusal);
    }

    static <T> Decision<T> denied(RefusalCode code, String detail) {
        return new Denied<>(new Refusal(code, detail));
    }
}
