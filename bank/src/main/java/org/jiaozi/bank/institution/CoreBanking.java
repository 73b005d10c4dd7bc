package org.jiaozi.bank.institution;

import java.util.Optional;
import org.jiaozi.core.refusal.Refusal;
import org.jiaozi.core.value.Amount;

/**
 * The port behind which a bank keeps its customers' money. Every change has a reference; the same reference acts once and
 * is answered the same each time, so whoever calls may repeat after a crash. An implementation must be durable before it
 * answers. Implementations throw only on faults; a no is an answer.
 */
public interface CoreBanking {
    /** The books on the institution's side against which customers' accounts move. */
    enum Contra {
        /** Notes this institution issued and that are outstanding. */
        FLOAT,
        /** What other institutions and the central bank owe until the next netting. */
        CLEARING,
        /** Money paid in and out at the counter. */
        CASH,
        /** What customers owe and the institution has paid for them. */
        RECEIVABLE,
        /** What came and no account took. */
        SUSPENSE
    }

    /** The answer to a change. */
    sealed interface Answer {
        /**
         * Booked, now or before.
         *
         * @param balance of the account afterwards, what is held excluded; of now, if booked before
         */
        record Booked(Amount balance) implements Answer {}

        /** Not booked: 704 or 705. */
        record Refused(Refusal refusal) implements Answer {}
    }

    /** Sets money of an account aside; capture or release must follow. A reference that was released is refused. */
    Answer hold(String reference, String account, Amount amount, String text);

    /** Takes what was held under this reference; after a release it is refused. */
    Answer capture(String reference, Contra to, String text);

    /** Gives back what was held under this reference; nothing after a capture, or if nothing was held. */
    void release(String reference);

    /** Puts money into an account. */
    Answer credit(String reference, String account, Amount amount, Contra from, String text);

    /** Takes money from an account at once. */
    Answer debit(String reference, String account, Amount amount, Contra to, String text);

    /** Moves money between two accounts here. */
    Answer move(String reference, String from, String to, Amount amount, String text);

    /** What an account has; empty if there is no such account. */
    Optional<Amount> balance(String account);
}
