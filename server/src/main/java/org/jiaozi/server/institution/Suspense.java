package org.jiaozi.server.institution;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.jdbi.v3.core.Handle;
import org.jiaozi.bank.institution.CoreBanking;
import org.jiaozi.bank.institution.Decision;
import org.jiaozi.core.codec.Cbor;
import org.jiaozi.core.message.BankAnswer;
import org.jiaozi.core.message.BankRequest;
import org.jiaozi.core.refusal.Refusal;
import org.jiaozi.core.refusal.RefusalCode;
import org.jiaozi.core.value.Amount;
import org.jiaozi.core.value.Bytes;
import org.jiaozi.core.value.InstitutionId;
import org.jiaozi.core.value.Limit;

/**
 * Money that came and that no account here takes (spec 07, clause 15). What another institution sent goes back there by
 * itself; what came back and cannot be credited either waits until a person names an account. Every row is stored in the
 * transaction that takes the money in, and its steps act once, so that whatever is cut off is finished later.
 */
final class Suspense {
    private static final Logger LOG = Logger.getLogger(Suspense.class.getName());
    private static final int MOST_LISTED = 1000;

    private final Office office;
    private final Outbox outbox;

    Suspense(Office office, Outbox outbox) {
        this.office = office;
        this.outbox = outbox;
    }

    /** What is to become of a sum. */
    enum State {
        RETURNING,
        RETURNED,
        OPEN,
        PAYING,
        PAID,
        WITHDRAWN
    }

    /** A row. */
    record Item(
            long id,
            String reference,
            State state,
            InstitutionId from,
            Optional<BankRequest.RemitAcross> remittance,
            Amount amount,
            RefusalCode reason,
            String text,
            Optional<String> account,
            long openedAt) {
        private static Item read(ResultSet row) throws SQLException {
            return new Item(
                    row.getLong("id"),
                    row.getString("reference"),
                    State.valueOf(row.getString("state")),
                    new InstitutionId(row.getInt("from_institution")),
                    Optional.ofNullable(row.getBytes("remittance")).map(b -> (BankRequest.RemitAcross)
                            BankRequest.read(Cbor.decode(Bytes.of(b), Limit.SERVICE_MESSAGE_BYTES))),
                    new Amount(row.getLong("amount")),
                    RefusalCode.byNumber(row.getInt("reason")).orElseThrow(),
                    row.getString("text"),
                    Optional.ofNullable(row.getString("account")),
                    row.getLong("opened_at"));
        }
    }

    /** Takes a sum in, once for each reference, inside the caller's transaction: back it goes if it says what was asked. */
    void take(
            Handle h,
            String reference,
            InstitutionId from,
            Optional<BankRequest.RemitAcross> remittance,
            Amount amount,
            RefusalCode reason,
            String text) {
        if (!Books.post(h, reference + ":suspense", Books.CLEARING, Books.SUSPENSE, amount, text, office.now())) {
            return;
        }
        h.createUpdate("INSERT INTO suspense"
                        + " (reference, state, from_institution, remittance, amount, reason, text, opened_at)"
                        + " VALUES (:reference, :state, :from, :remittance, :amount, :reason, :text, :now)")
                .bind("reference", reference)
                .bind("state", (remittance.isPresent() ? State.RETURNING : State.OPEN).name())
                .bind("from", from.number())
                .bind(
                        "remittance",
                        remittance.map(r -> r.cbor().encode().toArray()).orElse(null))
                .bind("amount", amount.minor())
                .bind("reason", reason.number())
                .bind("text", text)
                .bind("now", office.now().seconds())
                .execute();
    }

    /** What was taken in under this reference. */
    static Optional<Item> find(Handle h, String reference) {
        return h.createQuery("SELECT * FROM suspense WHERE reference = :reference")
                .bind("reference", reference)
                .map((row, context) -> Item.read(row))
                .findOne();
    }

    /** What was taken in under references that begin so. */
    static List<Item> all(Handle h, String prefix) {
        return h.createQuery("SELECT * FROM suspense WHERE starts_with(reference, :prefix) ORDER BY id")
                .bind("prefix", prefix)
                .map((row, context) -> Item.read(row))
                .list();
    }

    /**
     * Finds the account of what lies here, inside the caller's transaction; the next round pays it.
     *
     * @return what was taken in under references that begin so, also what a person has given an account before
     */
    static Amount payTo(Handle h, String prefix, String account) {
        List<Item> items = all(h, prefix);
        items.forEach(item -> become(h, item, State.OPEN, State.PAYING, Optional.of(account)));
        return items.stream().map(Item::amount).reduce(Amount.ZERO, Amount::plus);
    }

    /** The central bank took it back, inside the caller's transaction: what lies here open leaves with it. */
    void withdraw(Handle h, String prefix, String text) {
        for (Item item : all(h, prefix)) {
            if (become(h, item, State.OPEN, State.WITHDRAWN, Optional.empty())) {
                Books.post(
                        h,
                        item.reference() + ":withdrawn",
                        Books.SUSPENSE,
                        Books.CLEARING,
                        item.amount(),
                        text,
                        office.now());
            }
        }
    }

    private List<Item> in(State state) {
        return office.db()
                .snapshot(h -> h.createQuery("SELECT * FROM suspense WHERE state = :state"
                                // as the index has it, whatever the state is when a plan is made
                                + " AND state IN ('RETURNING', 'OPEN', 'PAYING') ORDER BY id LIMIT :most")
                        .bind("state", state.name())
                        .bind("most", MOST_LISTED)
                        .map((row, context) -> Item.read(row))
                        .list());
    }

    /** What lies here now. */
    List<Item> waiting() {
        return office.db()
                .snapshot(h -> h.createQuery("SELECT * FROM suspense WHERE state IN ('RETURNING', 'OPEN', 'PAYING')"
                                + " ORDER BY id LIMIT :most")
                        .bind("most", MOST_LISTED)
                        .map((row, context) -> Item.read(row))
                        .list());
    }

    /** Takes every step that is due. */
    synchronized void run() {
        in(State.RETURNING).forEach(this::sendBack);
        in(State.PAYING).forEach(this::pay);
    }

    private void sendBack(Item item) {
        BankAnswer answer = office.ask(
                new BankRequest.ReturnRemit(item.from(), item.remittance().orElseThrow(), item.reason()));
        if (answer instanceof BankAnswer.RemitReturned) {
            office.db().useSerializable(h -> {
                Books.post(
                        h,
                        item.reference() + ":back",
                        Books.SUSPENSE,
                        Books.CLEARING,
                        item.amount(),
                        "sent back: " + item.reason().meaning(),
                        office.now());
                if (become(h, item, State.RETURNING, State.RETURNED, Optional.empty())) {
                    outbox.add(h, "remitsentback", "", item.reference());
                }
            });
        } else if (answer instanceof BankAnswer.Refused no && no.refusal().code() == RefusalCode.WRONG_INSTITUTION) {
            // the central bank knows of no such remittance: only a person can say whose it is
            LOG.log(Level.SEVERE, "{0} stays in suspense: {1}", new Object[] {item.reference(), no.refusal()});
            office.db().useSerializable(h -> become(h, item, State.RETURNING, State.OPEN, Optional.empty()));
        } else {
            LOG.log(Level.WARNING, "{0} is not sent back yet: {1}", new Object[] {item.reference(), answer});
        }
    }

    private static boolean become(Handle h, Item item, State from, State to, Optional<String> account) {
        return h.createUpdate("UPDATE suspense SET state = :to, account = :account WHERE id = :id AND state = :from")
                        .bind("to", to.name())
                        .bind("account", account.orElse(null))
                        .bind("id", item.id())
                        .bind("from", from.name())
                        .execute()
                == 1;
    }

    /**
     * Pays an open sum to an account; again with the same account it is answered the same.
     *
     * @return the account's balance; 608 where nothing is open under that number, 705, or what the account refuses
     */
    synchronized Decision<Amount> settle(long id, String account) {
        Decision<Item> decided = office.db().serializable(h -> {
            Optional<Item> item = h.createQuery("SELECT * FROM suspense WHERE id = :id FOR UPDATE")
                    .bind("id", id)
                    .map((row, context) -> Item.read(row))
                    .findOne();
            if (item.isEmpty()) {
                return Decision.denied(RefusalCode.WRONG_STATE, "nothing is in suspense under " + id);
            }
            if (Purses.account(h, account).isEmpty()) {
                return Decision.denied(RefusalCode.UNKNOWN_ACCOUNT, account);
            }
            return switch (item.get().state()) {
                case WITHDRAWN -> Decision.denied(RefusalCode.WRONG_STATE, "the central bank took it back");
                case RETURNING, RETURNED ->
                    Decision.denied(
                            RefusalCode.WRONG_STATE,
                            "it goes back to institution " + item.get().from());
                case PAYING, PAID ->
                    item.get().account().equals(Optional.of(account))
                            ? Decision.granted(item.get())
                            : Decision.denied(RefusalCode.WRONG_STATE, "it goes to another account");
                case OPEN -> {
                    become(h, item.get(), State.OPEN, State.PAYING, Optional.of(account));
                    yield Decision.granted(item.get());
                }
            };
        });
        return switch (decided) {
            case Decision.Denied<Item> no -> Decision.denied(no.refusal());
            case Decision.Granted<Item> yes -> pay(yes.value(), account);
        };
    }

    private void pay(Item item) {
        pay(item, item.account().orElseThrow());
    }

    private Decision<Amount> pay(Item item, String account) {
        CoreBanking.Answer answer = office.banking()
                .credit(item.reference() + ":paid", account, item.amount(), CoreBanking.Contra.SUSPENSE, item.text());
        return switch (answer) {
            case CoreBanking.Answer.Refused(Refusal no) -> {
                if (!no.code().isFault()) {
                    office.db().useSerializable(h -> become(h, item, State.PAYING, State.OPEN, Optional.empty()));
                }
                yield Decision.denied(no);
            }
            case CoreBanking.Answer.Booked booked -> {
                office.db().useSerializable(h -> {
                    if (become(h, item, State.PAYING, State.PAID, Optional.of(account))) {
                        outbox.add(h, "suspensepaid", account, item.reference());
                    }
                });
                yield Decision.granted(booked.balance());
            }
        };
    }
}
