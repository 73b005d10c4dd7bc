package org.jiaozi.cli.wallet.store;

import org.jiaozi.server.SuddenDeath;

/** Where a process can be made to die, so that tests and the demo see what a power cut leaves. */
@FunctionalInterface
public interface CrashPoint {
    /** Comes here when {@code act} is at {@code step}; returns, or ends the process. */
    void reached(Act act, DurableStep step);

    /**
     * Dies, without any clean-up, where {@code JIAOZI_CRASH_AT} says: {@code AFTER_COMMIT}, or {@code PAY_AFTER_COMMIT}
     * for that act alone.
     */
    static CrashPoint fromEnvironment() {
        String where = System.getenv("JIAOZI_CRASH_AT");
        if (where == null || where.isBlank()) {
            return (act, step) -> {};
        }
        return (act, step) -> {
            if (where.equals(step.name()) || where.equals(act + "_" + step)) {
                SuddenDeath.now();
            }
        };
    }
}
