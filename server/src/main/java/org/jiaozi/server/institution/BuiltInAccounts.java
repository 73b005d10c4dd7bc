package org.jiaozi.server.institution;

import java.time.InstantSource;
import java.util.Optional;
import java.util.function.Function;
import org.jdbi.v3.core.Handle;
import org.jiaozi.bank.institution.CoreBanking;
import org.jiaozi.core.refusal.Refusal;
import org.jiaozi.core.refusal.RefusalCode;
import org.jiaozi.core.value.Amount;
import org.jiaozi.core.value.Timestamp;
import org.jiaozi.server.db.Database;
import org.jiaozi.server.db.SqlState;

/** The core-banking port on the institution's own books: what an institution without a banking system of its own uses. */
final class BuiltInAccounts implements CoreBanking {
    private final Database db;
    private final InstantSource clock;

    BuiltInAccounts(Database db, InstantSource clock) {
        this.db = db;
        this.clock = clock;
    }

    @Override
    public Answer hold(String reference, String account, Amount amount, String text) {
        return change(account, h -> {
            boolean fresh =
                    Books.post(h, reference + ":hold", Books.user(account), Books.held(account), amount, text, now());
            if (fresh) {
                h.createUpdate("INSERT INTO hold (reference, account, amount, state)"
                                + " VALUES (:reference, :account, :amount, 'HELD')")
                        .bind("reference", reference)
                        .bind("account", account)
                        .bind("amount", amount.minor())
                        .execute();
            } else if (held(h, reference)
                    .filter(b -> b.state().equals("RELEASED"))
                    .isPresent()) {
                // what was given back is not held: whoever asks again after a crash would move money that is not there
                return refused(RefusalCode.WRONG_STATE, "the hold under " + reference + " was released");
            }
            return booked(h, account);
        });
    }

    private record Held(String account, Amount amount, String state) {}

    private static Optional<Held> held(Handle h, String reference) {
        return h.createQuery("SELECT account, amount, state FROM hold WHERE reference = :reference FOR UPDATE")
                .bind("reference", reference)
                .map((row, context) ->
                        new Held(row.getString("account"), new Amount(row.getLong("amount")), row.getString("state")))
                .findOne();
    }

    private static void mark(Handle h, String reference, String state) {
        h.createUpdate("UPDATE hold SET state = :state WHERE reference = :reference")
                .bind("state", state)
                .bind("reference", reference)
                .execute();
    }

    @Override
    public Answer capture(String reference, Contra to, String text) {
        return db.serializable(h -> {
            Optional<Held> held = held(h, reference);
            if (held.isEmpty() || held.get().state().equals("RELEASED")) {
                return refused(RefusalCode.INSUFFICIENT_BALANCE, "nothing is held under " + reference);
            }
            String account = held.get().account();
            if (Books.post(
                    h,
                    reference + ":capture",
                    Books.held(account),
                    book(to),
                    held.get().amount(),
                    text,
                    now())) {
                mark(h, reference, "CAPTURED");
            }
            return booked(h, account);
        });
    }

    @Override
    public void release(String reference) {
        db.useSerializable(h -> {
            Optional<Held> held = held(h, reference);
            if (held.isPresent() && held.get().state().equals("HELD")) {
                String account = held.get().account();
                Books.post(
                        h,
                        reference + ":release",
                        Books.held(account),
                        Books.user(account),
                        held.get().amount(),
                        "released",
                        now());
                mark(h, reference, "RELEASED");
            }
        });
    }

    @Override
    public Answer credit(String reference, String account, Amount amount, Contra from, String text) {
        return change(account, h -> {
            Books.post(h, reference, book(from), Books.user(account), amount, text, now());
            return booked(h, account);
        });
    }

    @Override
    public Answer debit(String reference, String account, Amount amount, Contra to, String text) {
        return change(account, h -> {
            Books.post(h, reference, Books.user(account), book(to), amount, text, now());
            return booked(h, account);
        });
    }

    @Override
    public Answer move(String reference, String from, String to, Amount amount, String text) {
        return change(from, h -> {
            if (!exists(h, to)) {
                return refused(RefusalCode.UNKNOWN_ACCOUNT, to);
            }
            Books.post(h, reference, Books.user(from), Books.user(to), amount, text, now());
            return booked(h, from);
        });
    }

    @Override
    public Optional<Amount> balance(String account) {
        return db.snapshot(h ->
                exists(h, account) ? Optional.of(new Amount(Books.balance(h, Books.user(account)))) : Optional.empty());
    }

    /** The database itself refuses a customer's book below zero, whatever was read before. */
    private Answer change(String account, Function<Handle, Answer> work) {
        try {
            return db.serializable(
                    h -> exists(h, account) ? work.apply(h) : refused(RefusalCode.UNKNOWN_ACCOUNT, account));
        } catch (RuntimeException e) {
            if (SqlState.violates(e, "customers_never_owe")) {
                return refused(RefusalCode.INSUFFICIENT_BALANCE, "");
            }
            throw e;
        }
    }

    private static boolean exists(Handle h, String account) {
        return h.createQuery("SELECT 1 FROM account WHERE name = :name")
                .bind("name", account)
                .mapTo(Integer.class)
                .findOne()
                .isPresent();
    }

    private static Answer booked(Handle h, String account) {
        return new Answer.Booked(new Amount(Books.balance(h, Books.user(account))));
    }

    private static Answer refused(RefusalCode code, String detail) {
        return new Answer.Refused(new Refusal(code, detail));
    }

    private static String book(Contra contra) {
        return switch (contra) {
            case FLOAT -> Books.FLOAT;
            case CLEARING -> Books.CLEARING;
            case CASH -> Books.CASH;
            case RECEIVABLE -> Books.RECEIVABLE;
            case SUSPENSE -> Books.SUSPENSE;
        };
    }

    private Timestamp now() {
        return new Timestamp(clock.instant().getEpochSecond());
    }
}
