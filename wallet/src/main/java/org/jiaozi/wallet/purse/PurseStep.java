package org.jiaozi.wallet.purse;

import org.jiaozi.core.refusal.Refusal;
import org.jiaozi.core.refusal.RefusalCode;

/** The outcome of one command. */
public sealed interface PurseStep {
    /**
     * Done.
     *
     * @param state to be durable before {@code answer} leaves
     * @param answer what to hand out then
     */
    record Done(PurseState state, PurseAnswer answer) implements PurseStep {}

    /** Not done; nothing changed and nothing was signed. */
    record Refused(Refusal refusal) implements PurseStep {
        static Refused with(RefusalCode code, String detail) {
            return new Refused(new Refusal(code, detail));
        }
    }
}
