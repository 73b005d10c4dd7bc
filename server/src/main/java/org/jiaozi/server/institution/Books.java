package org.jiaozi.server.institution;

import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jiaozi.core.value.Amount;
import org.jiaozi.core.value.Timestamp;

/** Double-entry books: a posting takes from one book and gives to another, once for each reference. */
final class Books {
    static final String FLOAT = "float";
    static final String CLEARING = "clearing";
    /** Money at the central bank: what it freed, and what it froze for outstanding notes. */
    static final String RESERVE = "reserve";

    static final String FROZEN = "frozen";
    static final String CASH = "cash";
    static final String RECEIVABLE = "receivable";
    static final String LOSS = "loss";
    /** Money that came and that no account took: {@link Suspense} says what becomes of each sum. */
    static final String SUSPENSE = "suspense";

    private Books() {}

    static String user(String account) {
        return "user:" + account;
    }

    static String held(String account) {
        return "held:" + account;
    }

    /**
     * Posts inside the caller's transaction.
     *
     * @return false if this reference was posted before, and nothing changed
     */
    static boolean post(
            Handle h, String reference, String debit, String credit, Amount amount, String text, Timestamp at) {
        if (amount.isZero() || posted(h, reference)) {
            return false;
        }
        add(h, credit, amount.minor());
        add(h, debit, -amount.minor());
        h.createUpdate("INSERT INTO posting (reference, debit, credit, amount, text, at)"
                        + " VALUES (:reference, :debit, :credit, :amount, :text, :at)")
                .bind("reference", reference)
                .bind("debit", debit)
                .bind("credit", credit)
                .bind("amount", amount.minor())
                .bind("text", text)
                .bind("at", at.seconds())
                .execute();
        return true;
    }

    static boolean posted(Handle h, String reference) {
        return h.createQuery("SELECT 1 FROM posting WHERE reference = :reference")
                .bind("reference", reference)
                .mapTo(Integer.class)
                .findOne()
                .isPresent();
    }

    private static void add(Handle h, String book, long delta) {
        int updated = h.createUpdate("UPDATE book SET balance = balance + :delta WHERE name = :name")
                .bind("delta", delta)
                .bind("name", book)
                .execute();
        if (updated == 0) {
            h.createUpdate("INSERT INTO book (name, balance) VALUES (:name, :delta)")
                    .bind("delta", delta)
                    .bind("name", book)
                    .execute();
        }
    }

    /** Credits less debits. */
    static long balance(Handle h, String book) {
        Optional<Long> found = h.createQuery("SELECT balance FROM book WHERE name = :name")
                .bind("name", book)
                .mapTo(Long.class)
                .findOne();
        return found.orElse(0L);
    }
}
