package org.jiaozi.server.institution;

import java.util.List;
import java.util.Optional;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.jdbi.v3.core.Handle;
import org.jiaozi.bank.institution.CoreBanking;
import org.jiaozi.core.message.InboxEvent;
import org.jiaozi.core.refusal.RefusalCode;
import org.jiaozi.core.value.Amount;
import org.jiaozi.core.value.Bytes;
import org.jiaozi.core.value.Hash;
import org.jiaozi.core.value.InstitutionId;

/**
 * What the central bank tells of deposits after it settled them (spec 07, clauses 10 and 17). Whoever asks holds the
 * deposit's operation still meanwhile, so that what is found booked is all that will be.
 */
final class DepositEvents {
    private static final Logger LOG = Logger.getLogger(DepositEvents.class.getName());

    /** Before a deposit's hash: no conviction, and no claim, has a cause of that length. */
    private static final Bytes HONOURED = Bytes.of(new byte[] {'h'});

    private final Office office;
    private final Suspense suspense;

    DepositEvents(Office office, Suspense suspense) {
        this.office = office;
        this.suspense = suspense;
    }

    /** Before the event's number, in the name of every sum that was released of a deposit. */
    static String released(Hash deposit) {
        return "released:" + deposit.hex() + ":";
    }

    /**
     * A withheld sum is credited; where the deposit is not booked yet, it waits in suspense for it, and where no account
     * takes it, for a person. Empty if the event must be read again.
     */
    Optional<Arrivals.Outcome> released(InboxEvent.Released e) {
        String reference = released(e.deposit()) + e.number();
        Optional<String> account = office.db().snapshot(h -> account(h, e.deposit()));
        Optional<Suspense.Item> before = office.db().snapshot(h -> Suspense.find(h, reference));
        if (before.isPresent()) {
            return Optional.of(new Arrivals.Outcome(account.orElse(""), "released", h -> {}));
        }
        if (account.isPresent()) {
            CoreBanking.Answer answer = office.banking()
                    .credit(reference, account.get(), e.amount(), CoreBanking.Contra.CLEARING, "deposit released");
            switch (answer) {
                case CoreBanking.Answer.Booked ignored -> {
                    return Optional.of(new Arrivals.Outcome(
                            account.get(), "released", h -> addReleased(h, e.deposit(), e.amount())));
                }
                case CoreBanking.Answer.Refused no -> {
                    LOG.log(Level.SEVERE, "deposit {0}: {1}", new Object[] {e.deposit(), no.refusal()});
                    if (no.refusal().code().isFault()) {
                        return Optional.empty();
                    }
                }
            }
        }
        return Optional.of(new Arrivals.Outcome(account.orElse(""), "releaseinsuspense", h -> {
            suspense.take(
                    h,
                    reference,
                    InstitutionId.CENTRAL_BANK,
                    Optional.empty(),
                    e.amount(),
                    RefusalCode.WITHHELD,
                    "deposit released");
            // nothing, unless the deposit is booked
            addReleased(h, e.deposit(), e.amount());
        }));
    }

    /** A deposit is booked, in the caller's transaction: what was released of it before goes to its account. */
    static void booked(Handle h, Hash deposit, String account) {
        addReleased(h, deposit, Suspense.payTo(h, released(deposit), account));
    }

    private static void addReleased(Handle h, Hash deposit, Amount amount) {
        h.createUpdate("UPDATE deposit SET released = released + :amount WHERE hash = :hash")
                .bind("amount", amount.minor())
                .bind("hash", deposit.bytes().toArray())
                .execute();
    }

    /** What holders had of a deposit here. */
    private record Had(String account, Amount amount) {}

    /**
     * The central bank honoured elsewhere, while this institution was gone, a deposit that was settled for it. What an
     * account had of it, that account owes. What none had, none will: the registry refuses the deposit from now on.
     */
    Arrivals.Outcome honoured(InboxEvent.HonouredElsewhere e) {
        String account =
                office.db().snapshot(h -> had(h, e.deposit())).map(Had::account).orElse("");
        return new Arrivals.Outcome(account, "honouredelsewhere", h -> {
            suspense.withdraw(h, released(e.deposit()), "deposit honoured elsewhere");
            had(h, e.deposit()).ifPresent(had -> {
                Amount owed = had.amount().min(e.amount());
                Books.post(
                        h,
                        "honoured:" + e.deposit().hex(),
                        Books.RECEIVABLE,
                        Books.CLEARING,
                        owed,
                        "deposit honoured elsewhere",
                        office.now());
                DebtCollector.owe(
                        h, HONOURED.concat(e.deposit().bytes()), Optional.of(had.account()), owed, Bytes.EMPTY);
            });
        });
    }

    private static Optional<String> account(Handle h, Hash deposit) {
        return h.createQuery("SELECT account FROM deposit WHERE hash = :hash")
                .bind("hash", deposit.bytes().toArray())
                .mapTo(String.class)
                .findOne();
    }

    /** What was credited or given back as a note, also by an operation that a crash kept from booking it. */
    private static Optional<Had> had(Handle h, Hash deposit) {
        List<Suspense.Item> items = Suspense.all(h, released(deposit));
        Amount unpaid = sum(items, Suspense.State.OPEN, Suspense.State.WITHDRAWN);
        Amount paid = sum(items, Suspense.State.PAYING, Suspense.State.PAID);
        Optional<Had> row = h.createQuery(
                        "SELECT account, credited + released + returned AS had FROM deposit WHERE hash = :hash")
                .bind("hash", deposit.bytes().toArray())
                .map((r, context) -> new Had(r.getString("account"), new Amount(r.getLong("had")).minus(unpaid)))
                .findOne();
        Optional<Had> credited = row.or(() -> h.createQuery("SELECT substr(credit, length('user:') + 1) AS account,"
                        + " amount FROM posting WHERE reference = :reference")
                .bind("reference", Deposits.credit(Deposits.reference(deposit)))
                .map((r, context) -> new Had(r.getString("account"), new Amount(r.getLong("amount")).plus(paid)))
                .findOne());
        return credited.or(() -> items.stream()
                        .flatMap(i -> i.account().stream())
                        .findFirst()
                        .map(account -> new Had(account, paid)))
                .filter(had -> !had.amount().isZero());
    }

    private static Amount sum(List<Suspense.Item> items, Suspense.State one, Suspense.State other) {
        return items.stream()
                .filter(i -> i.state() == one || i.state() == other)
                .map(Suspense.Item::amount)
                .reduce(Amount.ZERO, Amount::plus);
    }
}
