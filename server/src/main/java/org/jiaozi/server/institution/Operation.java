package org.jiaozi.server.institution;

import java.util.Optional;
import org.jiaozi.core.message.WalletAnswer;
import org.jiaozi.core.message.WalletRequest;
import org.jiaozi.core.refusal.Refusal;
import org.jiaozi.core.statement.Note;
import org.jiaozi.core.statement.Signed;
import org.jiaozi.core.value.Amount;

/**
 * Something that takes more than one transaction, as it was stored.
 *
 * @param reference its name in every booking; each acts once
 * @param kind what it is
 * @param account for whom
 * @param request what was asked
 * @param note the note it makes, once that is settled
 * @param step how a deposit is paid out, once that is settled
 * @param amount minor units it moves, once that is settled
 * @param answer once it is decided
 * @param done whether nothing is left to do; an answer before that is a refusal whose undoing is under way
 */
record Operation(
        String reference,
        Kind kind,
        String account,
        WalletRequest request,
        Optional<Signed<Note>> note,
        Optional<Step> step,
        Amount amount,
        Optional<WalletAnswer> answer,
        boolean done) {
    /** One that begins. */
    static Operation fresh(
            String reference,
            Kind kind,
            String account,
            WalletRequest request,
            Optional<Signed<Note>> note,
            Amount amount) {
        return new Operation(
                reference, kind, account, request, note, Optional.empty(), amount, Optional.empty(), false);
    }

    /** Whether it was begun and nothing has come of it yet. */
    boolean untouched() {
        return !done && step.isEmpty() && note.isEmpty() && answer.isEmpty();
    }

    /** Why it comes to nothing, while what it did is undone. */
    Optional<Refusal> givenUp() {
        return done
                ? Optional.empty()
                : answer.filter(WalletAnswer.Refused.class::isInstance).map(a -> ((WalletAnswer.Refused) a).refusal());
    }

    /** What it is. */
    enum Kind {
        LOAD,
        DEPOSIT,
        RETURN,
        REMIT;

        /** Whether it is about a signed transfer, which nobody can sign anew; the others are about a fresh nonce. */
        boolean ofATransfer() {
            return switch (this) {
                case DEPOSIT, RETURN -> true;
                case LOAD, REMIT -> false;
            };
        }
    }

    /** How a deposit is paid out. */
    enum Step {
        CREDIT,
        NOTE
    }
}
