package org.jiaozi.server.institution;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.jdbi.v3.core.Handle;
import org.jiaozi.bank.institution.CoreBanking;
import org.jiaozi.bank.institution.Debts;
import org.jiaozi.core.message.BankAnswer;
import org.jiaozi.core.message.BankRequest;
import org.jiaozi.core.value.Amount;
import org.jiaozi.core.value.Bytes;
import org.jiaozi.core.value.Thumbprint;

/**
 * Takes what accounts owe: for convicted keys, reported to the central bank, which says what the guarantee fund and this
 * institution bear; for claims whose value surfaced elsewhere and deposits that were honoured elsewhere, to cover what the
 * institution has paid.
 */
final class DebtCollector {
    private static final Logger LOG = Logger.getLogger(DebtCollector.class.getName());

    private final Office office;

    DebtCollector(Office office) {
        this.office = office;
    }

    /**
     * A debt's row; a cause of 32 bytes is a convicted key, one of 16 a claim.
     *
     * @param account empty if the convicted key is no customer's: then nothing can be taken, and all is borne
     */
    private record Row(
            Bytes cause,
            Optional<String> account,
            Debts debts,
            Amount pending,
            long reported,
            long institution,
            long losses) {
        boolean conviction() {
            return cause.size() == Thumbprint.SIZE;
        }
    }

    /**
     * Raises a debt to a new total, inside the caller's transaction.
     *
     * @param account empty if nobody here has the convicted key
     */
    static void owe(Handle h, Bytes cause, Optional<String> account, Amount owed, Bytes evidence) {
        h.createUpdate("INSERT INTO debt (cause, account, owed, recovered, evidence)"
                        + " VALUES (:cause, :account, :owed, 0, :evidence)"
                        + " ON CONFLICT (cause) DO UPDATE SET owed = greatest(debt.owed, :owed), reported = -1,"
                        + " account = coalesce(debt.account, :account)")
                .bind("cause", cause.toArray())
                .bind("account", account.orElse(null))
                .bind("owed", owed.minor())
                .bind("evidence", evidence.toArray())
                .execute();
    }

    /** What an account still owes. */
    static long open(Handle h, String account) {
        return h.createQuery("SELECT coalesce(sum(owed - recovered), 0)::bigint FROM debt WHERE account = :account")
                .bind("account", account)
                .mapTo(Long.class)
                .one();
    }

    private List<Row> rows(Optional<String> account) {
        return office.db()
                .snapshot(h -> h.createQuery("SELECT * FROM debt WHERE "
                                + (account.isPresent() ? "account = :account" : "account IS NULL") + " ORDER BY cause")
                        .bindMap(account.map(name -> Map.of("account", name)).orElse(Map.of()))
                        .map((row, context) -> new Row(
                                Bytes.of(row.getBytes("cause")),
                                account,
                                new Debts(new Amount(row.getLong("owed")), new Amount(row.getLong("recovered"))),
                                new Amount(row.getLong("pending")),
                                row.getLong("reported"),
                                row.getLong("from_institution"),
                                row.getLong("losses")))
                        .list());
    }

    /** Accounts with something to take or to report. */
    private List<String> debtors() {
        return office.db()
                .snapshot(h -> h.createQuery("SELECT DISTINCT account FROM debt WHERE account IS NOT NULL"
                                + " AND (recovered < owed OR (reported < recovered AND length(cause) = 32))")
                        .mapTo(String.class)
                        .list());
    }

    /** Takes what the account's balance covers and reports it. Safe to repeat, and to be cut off anywhere. */
    void collect(String account) {
        collect(Optional.of(account));
    }

    /** Reports what keys cost that are nobody's here. Safe to repeat, and to be cut off anywhere. */
    void bear() {
        collect(Optional.empty());
    }

    /** Goes on with whatever is not taken or reported yet. */
    void resume() {
        debtors().forEach(this::collect);
        bear();
    }

    private synchronized void collect(Optional<String> account) {
        for (Row row : rows(account)) {
            Amount recovered = seize(row);
            if (row.conviction() && row.reported() != recovered.minor()) {
                report(row, recovered);
            }
        }
    }

    private Amount seize(Row row) {
        if (row.account().isEmpty()) {
            return Amount.ZERO;
        }
        String account = row.account().get();
        Amount take = row.pending().isZero() ? row.debts().seizable(office.balance(account)) : row.pending();
        if (take.isZero()) {
            return row.debts().recovered();
        }
        // the sum is stored before it is taken: a repetition takes the same, under the same reference
        update(row, "pending = :value", take.minor());
        String reference =
                "debt:" + row.cause().hex() + ":" + row.debts().recovered().minor();
        CoreBanking.Contra to = row.conviction() ? CoreBanking.Contra.CLEARING : CoreBanking.Contra.RECEIVABLE;
        CoreBanking.Answer answer = office.banking().debit(reference, account, take, to, "owed");
        return switch (answer) {
            case CoreBanking.Answer.Refused ignored -> {
                update(row, "pending = :value", 0);
                yield row.debts().recovered();
            }
            case CoreBanking.Answer.Booked ignored -> {
                Amount total = row.debts().less(take).recovered();
                update(row, "pending = 0, recovered = :value", total.minor());
                yield total;
            }
        };
    }

    private void update(Row row, String set, long value) {
        office.db()
                .useSerializable(h -> h.createUpdate("UPDATE debt SET " + set + " WHERE cause = :cause")
                        .bind("value", value)
                        .bind("cause", row.cause().toArray())
                        .execute());
    }

    private void report(Row row, Amount recovered) {
        BankAnswer answer = office.ask(new BankRequest.ReportRecovery(new Thumbprint(row.cause()), recovered));
        if (!(answer instanceof BankAnswer.RecoveryTaken taken)) {
            LOG.log(Level.WARNING, "recovery of {0} not taken: {1}", new Object[] {row.cause(), answer});
            return;
        }
        long bears = taken.fromInstitution().minor();
        office.db().useSerializable(h -> {
            book(h, row, bears - row.institution());
            // a debt that rose while the central bank was asked is reported once more
            h.createUpdate("UPDATE debt SET reported = CASE WHEN owed = :owed THEN :recovered ELSE -1 END,"
                            + " from_fund = :fund, from_institution = :bears, losses = losses + 1"
                            + " WHERE cause = :cause")
                    .bind("owed", row.debts().owed().minor())
                    .bind("recovered", recovered.minor())
                    .bind("fund", taken.fromFund().minor())
                    .bind("bears", bears)
                    .bind("cause", row.cause().toArray())
                    .execute();
        });
    }

    /** What the institution bears changes, and may come back to a sum that it stood at before: each change has its number. */
    private void book(Handle h, Row row, long more) {
        String reference = "loss:" + row.cause().hex() + ":" + row.losses();
        if (more > 0) {
            Books.post(
                    h,
                    reference,
                    Books.LOSS,
                    Books.CLEARING,
                    new Amount(more),
                    "loss by a convicted purse",
                    office.now());
        } else if (more < 0) {
            Books.post(
                    h, reference, Books.CLEARING, Books.LOSS, new Amount(-more), "recovered of a loss", office.now());
        }
    }
}
