package org.jiaozi.server.institution;

import java.util.Optional;
import java.util.function.Supplier;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.jdbi.v3.core.Handle;
import org.jiaozi.bank.institution.AccountState;
import org.jiaozi.core.message.BankAnswer;
import org.jiaozi.core.message.BankRequest;
import org.jiaozi.core.message.InboxEvent;
import org.jiaozi.core.value.Amount;
import org.jiaozi.core.value.Bytes;
import org.jiaozi.core.value.Hash;

/**
 * Fetches the central bank's events and applies them in the order of their numbers, each once: its effects act once for
 * each reference, and its number is stored after them.
 */
final class InboxReader {
    private static final Logger LOG = Logger.getLogger(InboxReader.class.getName());

    private final Office office;
    private final DebtCollector debts;
    private final Outbox outbox;
    private final Operations operations;
    private final Arrivals arrivals;
    private final DepositEvents deposits;

    InboxReader(
            Office office,
            DebtCollector debts,
            Outbox outbox,
            Operations operations,
            Arrivals arrivals,
            DepositEvents deposits) {
        this.office = office;
        this.debts = debts;
        this.outbox = outbox;
        this.operations = operations;
        this.arrivals = arrivals;
        this.deposits = deposits;
    }

    /** Fetches and applies whatever is new. */
    synchronized void read() {
        while (true) {
            long last = office.db()
                    .snapshot(h -> h.createQuery("SELECT coalesce(max(number), 0) FROM inbox")
                            .mapTo(Long.class)
                            .one());
            if (!(office.ask(new BankRequest.ReadInbox(last)) instanceof BankAnswer.Inbox inbox)
                    || inbox.events().isEmpty()) {
                return;
            }
            for (InboxEvent event : inbox.events()) {
                if (event.number() != last + 1) {
                    LOG.log(Level.SEVERE, "event {0} follows event {1}", new Object[] {event.number(), last});
                    return;
                }
                if (!apply(event)) {
                    return;
                }
                last = event.number();
            }
        }
    }

    private boolean apply(InboxEvent event) {
        return switch (event) {
            case InboxEvent.Conviction e -> conviction(e);
            case InboxEvent.RemitArrived e -> booked(e, arrivals.arrived(e));
            case InboxEvent.Netted e -> netted(e);
            case InboxEvent.Released e -> ofDeposit(e, e.deposit(), () -> deposits.released(e));
            case InboxEvent.ClaimantDebt e -> claimantDebt(e);
            case InboxEvent.HonouredElsewhere e -> ofDeposit(e, e.deposit(), () -> Optional.of(deposits.honoured(e)));
            case InboxEvent.RemitReturned e -> booked(e, arrivals.returned(e));
        };
    }

    private static String kind(InboxEvent event) {
        return event.getClass().getSimpleName();
    }

    private void done(Handle h, InboxEvent event, String account) {
        done(h, event, account, kind(event).toLowerCase(java.util.Locale.ROOT));
    }

    private void done(Handle h, InboxEvent event, String account, String webhook) {
        h.createUpdate("INSERT INTO inbox (number, event, at) VALUES (:number, :event, :now)")
                .bind("number", event.number())
                .bind("event", event.cbor().encode().toArray())
                .bind("now", office.now().seconds())
                .execute();
        outbox.add(h, webhook, account, "inbox:" + event.number());
    }

    private boolean conviction(InboxEvent.Conviction e) {
        Optional<String> account = office.db().serializable(kind(e), h -> {
            Optional<String> owner = Purses.find(h, e.culprit()).map(Purses.Known::account);
            owner.ifPresent(name -> {
                Purses.revoke(h, e.culprit());
                Purses.block(h, name, AccountState.Block.CONVICTED);
            });
            DebtCollector.owe(h, e.culprit().bytes(), owner, e.owed(), e.evidence());
            done(h, e, owner.orElse(""));
            return owner;
        });
        if (account.isEmpty()) {
            // made up by somebody who has this institution's key, or forgotten: nobody else can say whose it was
            LOG.log(Level.SEVERE, "convicted, and certified here, and nobody''s: {0}", e.culprit());
        }
        account.ifPresentOrElse(debts::collect, debts::bear);
        office.bulletins().refresh();
        return true;
    }

    private boolean booked(InboxEvent e, Optional<Arrivals.Outcome> arrival) {
        arrival.ifPresent(outcome -> {
            office.db().serializable(kind(e), h -> {
                outcome.booking().accept(h);
                done(h, e, outcome.account(), outcome.webhook());
                return true;
            });
            debts.collect(outcome.account());
        });
        return arrival.isPresent();
    }

    private boolean netted(InboxEvent.Netted e) {
        String reference = "netting:" + e.cycle() + ":" + e.currency();
        return office.db().serializable(kind(e), h -> {
            Books.post(
                    h,
                    reference + ":float",
                    Books.FLOAT,
                    Books.FROZEN,
                    e.floatRedeemed(),
                    "notes redeemed",
                    office.now());
            Books.post(h, reference + ":in", Books.RESERVE, Books.CLEARING, e.netIn(), "netting", office.now());
            Books.post(h, reference + ":out", Books.CLEARING, Books.RESERVE, e.netOut(), "netting", office.now());
            done(h, e, "");
            return true;
        });
    }

    /** While the deposit's operation stands still: whether it has credited anything must not change under the event. */
    private boolean ofDeposit(InboxEvent e, Hash deposit, Supplier<Optional<Arrivals.Outcome>> outcome) {
        return operations.alone(Deposits.reference(deposit), () -> booked(e, outcome.get()));
    }

    private boolean claimantDebt(InboxEvent.ClaimantDebt e) {
        Bytes cause = e.claimId().bytes();
        Optional<String> account = office.db().serializable(kind(e), h -> {
            Optional<String> claimant = h.createQuery("SELECT account FROM claim WHERE id = :id")
                    .bind("id", cause.toArray())
                    .mapTo(String.class)
                    .findOne();
            // the institution pays at once and has the claimant's debt for it
            Books.post(
                    h,
                    "claimant-debt:" + e.number(),
                    Books.RECEIVABLE,
                    Books.CLEARING,
                    e.amount(),
                    "claimed value surfaced",
                    office.now());
            claimant.ifPresent(name -> {
                long before = h.createQuery("SELECT coalesce(max(owed), 0)::bigint FROM debt WHERE cause = :cause")
                        .bind("cause", cause.toArray())
                        .mapTo(Long.class)
                        .one();
                DebtCollector.owe(h, cause, Optional.of(name), new Amount(before).plus(e.amount()), Bytes.EMPTY);
            });
            done(h, e, claimant.orElse(""));
            return claimant;
        });
        account.ifPresent(debts::collect);
        return true;
    }
}
