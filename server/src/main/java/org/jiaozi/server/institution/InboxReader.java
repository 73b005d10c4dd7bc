package org.jiaozi.server.institution;

import java.util.Optional;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.jdbi.v3.core.Handle;
import org.jiaozi.bank.institution.AccountState;
import org.jiaozi.bank.institution.CoreBanking;
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

    /** Before a deposit's hash: no conviction, and no claim, has a cause of that length. */
    private static final Bytes HONOURED = Bytes.of(new byte[] {'h'});

    private final Office office;
    private final DebtCollector debts;
    private final Outbox outbox;
    private final Arrivals arrivals;

    InboxReader(Office office, DebtCollector debts, Outbox outbox, Arrivals arrivals) {
        this.office = office;
        this.debts = debts;
        this.outbox = outbox;
        this.arrivals = arrivals;
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
            case InboxEvent.Released e -> released(e);
            case InboxEvent.ClaimantDebt e -> claimantDebt(e);
            case InboxEvent.HonouredElsewhere e -> honouredElsewhere(e);
            case InboxEvent.RemitReturned e -> booked(e, arrivals.returned(e));
        };
    }

    private void done(Handle h, InboxEvent event, String account) {
        done(h, event, account, event.getClass().getSimpleName().toLowerCase(java.util.Locale.ROOT));
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
        Optional<String> account = office.db().serializable(h -> {
            Optional<String> owner = Purses.find(h, e.culprit()).map(Purses.Known::account);
            owner.ifPresent(name -> {
                Purses.revoke(h, e.culprit());
                Purses.block(h, name, AccountState.Block.CONVICTED);
                DebtCollector.owe(h, e.culprit().bytes(), name, e.owed(), e.evidence());
            });
            done(h, e, owner.orElse(""));
            return owner;
        });
        if (account.isEmpty()) {
            LOG.log(Level.SEVERE, "a conviction of a key that is not ours: {0}", e.culprit());
        }
        account.ifPresent(debts::collect);
        office.bulletins().refresh();
        return true;
    }

    private boolean booked(InboxEvent e, Optional<Arrivals.Outcome> arrival) {
        arrival.ifPresent(outcome -> {
            office.db().useSerializable(h -> {
                outcome.booking().accept(h);
                done(h, e, outcome.account(), outcome.webhook());
            });
            debts.collect(outcome.account());
        });
        return arrival.isPresent();
    }

    private boolean netted(InboxEvent.Netted e) {
        String reference = "netting:" + e.cycle() + ":" + e.currency();
        office.db().useSerializable(h -> {
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
        });
        return true;
    }

    private record Held(String account, Amount open) {}

    private boolean released(InboxEvent.Released e) {
        Optional<Held> deposit = office.db().snapshot(h -> deposit(h, e.deposit()));
        if (deposit.isEmpty()) {
            // its own operation is still open here; the event waits for it
            LOG.log(Level.WARNING, "deposit {0} is released before it is booked", e.deposit());
            return false;
        }
        String account = deposit.get().account();
        CoreBanking.Answer answer = office.banking()
                .credit(
                        "released:" + e.deposit().hex() + ":" + e.number(),
                        account,
                        e.amount(),
                        CoreBanking.Contra.CLEARING,
                        "deposit released");
        if (answer instanceof CoreBanking.Answer.Refused no) {
            LOG.log(Level.SEVERE, "deposit {0}: {1}", new Object[] {e.deposit(), no.refusal()});
            return false;
        }
        office.db().useSerializable(h -> {
            h.createUpdate("UPDATE deposit SET released = released + :amount WHERE hash = :hash")
                    .bind("amount", e.amount().minor())
                    .bind("hash", e.deposit().bytes().toArray())
                    .execute();
            done(h, e, account);
        });
        debts.collect(account);
        return true;
    }

    private static Optional<Held> deposit(Handle h, Hash hash) {
        return h.createQuery("SELECT account, withheld - released AS open FROM deposit WHERE hash = :hash")
                .bind("hash", hash.bytes().toArray())
                .map((row, context) -> new Held(row.getString("account"), new Amount(row.getLong("open"))))
                .findOne();
    }

    /**
     * The central bank honoured elsewhere, while this institution was gone, a deposit that was settled for it. The operation
     * that brought it credits its account, or has done so: that account owes it.
     */
    private boolean honouredElsewhere(InboxEvent.HonouredElsewhere e) {
        Optional<String> account = office.db().serializable(h -> {
            Optional<String> holder =
                    Operations.find(h, Deposits.reference(e.deposit())).map(Operation::account);
            Books.post(
                    h,
                    "honoured:" + e.deposit().hex(),
                    Books.RECEIVABLE,
                    Books.CLEARING,
                    e.amount(),
                    "deposit honoured elsewhere",
                    office.now());
            holder.ifPresent(
                    name -> DebtCollector.owe(h, HONOURED.concat(e.deposit().bytes()), name, e.amount(), Bytes.EMPTY));
            done(h, e, holder.orElse(""));
            return holder;
        });
        account.ifPresent(debts::collect);
        return true;
    }

    private boolean claimantDebt(InboxEvent.ClaimantDebt e) {
        Bytes cause = e.claimId().bytes();
        Optional<String> account = office.db().serializable(h -> {
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
                DebtCollector.owe(h, cause, name, new Amount(before).plus(e.amount()), Bytes.EMPTY);
            });
            done(h, e, claimant.orElse(""));
            return claimant;
        });
        account.ifPresent(debts::collect);
        return true;
    }
}
