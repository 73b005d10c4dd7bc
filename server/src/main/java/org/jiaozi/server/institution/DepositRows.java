package org.jiaozi.server.institution;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.jdbi.v3.core.Handle;
import org.jiaozi.bank.institution.AccountState;
import org.jiaozi.core.message.BankMessage;
import org.jiaozi.core.message.WalletAnswer;
import org.jiaozi.core.message.WalletMessage;
import org.jiaozi.core.statement.Signed;
import org.jiaozi.core.value.Amount;
import org.jiaozi.core.value.Bytes;
import org.jiaozi.core.value.Currency;
import org.jiaozi.server.db.Bulk;
import org.jiaozi.server.institution.DepositLots.Handed;

/** What many deposits at once read and write, a statement for all of them. All methods run inside the caller's transaction. */
final class DepositRows {
    private static final String UNTOUCHED =
            "(o.done_at IS NULL AND o.step IS NULL AND o.note IS NULL AND o.answer IS NULL)";

    private final Office office;
    private final Outbox outbox;

    DepositRows(Office office, Outbox outbox) {
        this.office = office;
        this.outbox = outbox;
    }

    /**
     * A deposit that is credited.
     *
     * @param answer what its sender is told
     * @param signed the same, signed; empty if nobody waits for it
     */
    record Credit(Handed deposit, Amount paid, WalletAnswer.Deposited answer, Optional<Signed<BankMessage>> signed) {}

    /**
     * Puts on record the messages and operations of those of which there is neither yet; they, and those that were begun by the
     * same words and went no further. What is left out was answered, or went another way.
     */
    Map<Integer, Handed> open(Handle h, Map<Integer, Handed> lot) {
        Map<Integer, Handed> going = new LinkedHashMap<>(lot);
        Set<Integer> begun = new HashSet<>();
        messages(h, lot, going, begun);
        Bulk messages = Bulk.into("message", "", "sender bytea", "id bytea", "hash bytea", "opened_at bigint");
        long now = office.now().seconds();
        Set<Integer> opened = operations(h, lot, going);
        going.forEach((place, deposit) -> {
            if (deposit.message().isPresent() && !begun.contains(place)) {
                Signed<WalletMessage> message = deposit.message().get();
                WalletMessage m = message.statement();
                messages.add(m.sender().bytes(), m.id().bytes(), message.hash().bytes(), now);
            }
        });
        messages.runEach(h);
        Bulk operations = Bulk.into(
                "operation",
                "",
                "reference text",
                "kind text",
                "account text",
                "request bytea",
                "amount bigint",
                "opened_at bigint");
        going.forEach((place, deposit) -> {
            if (!opened.contains(place)) {
                operations.add(
                        deposit.reference(),
                        Operation.Kind.DEPOSIT.name(),
                        deposit.account(),
                        deposit.request().cbor().encode(),
                        deposit.head().transfer().statement().amount().minor(),
                        now);
            }
        });
        operations.runEach(h);
        return going;
    }

    /** Takes away those whose message was answered, or was another one; which of the others were begun. */
    private static void messages(Handle h, Map<Integer, Handed> lot, Map<Integer, Handed> going, Set<Integer> begun) {
        List<Integer> places = new ArrayList<>();
        Bulk asked = new Bulk(
                "SELECT v.place, m.hash, m.answer IS NOT NULL AS answered FROM %s"
                        + " JOIN message m ON m.sender = v.sender AND m.id = v.id",
                "sender bytea", "id bytea");
        lot.forEach((place, deposit) -> deposit.message().ifPresent(message -> {
            places.add(place);
            asked.add(
                    message.statement().sender().bytes(),
                    message.statement().id().bytes());
        }));
        asked.each(h, row -> {
            int place = places.get(row.getInt("place") - 1);
            Bytes hash = Objects.requireNonNull(lot.get(place))
                    .message()
                    .orElseThrow()
                    .hash()
                    .bytes();
            if (row.getBoolean("answered") || !Bytes.of(row.getBytes("hash")).equals(hash)) {
                going.remove(place);
            } else {
                begun.add(place);
            }
        });
    }

    /** Takes away those whose operation went further, or another way; which of the others were begun. */
    private static Set<Integer> operations(Handle h, Map<Integer, Handed> lot, Map<Integer, Handed> going) {
        List<Integer> places = List.copyOf(lot.keySet());
        Set<Integer> begun = new HashSet<>();
        Bulk asked = new Bulk(
                "SELECT v.place, o.kind, o.account, o.request, " + UNTOUCHED + " AS untouched FROM %s"
                        + " JOIN operation o ON o.reference = v.reference",
                "reference text");
        lot.values().forEach(deposit -> asked.add(deposit.reference()));
        asked.each(h, row -> {
            int place = places.get(row.getInt("place") - 1);
            Handed deposit = Objects.requireNonNull(lot.get(place));
            if (row.getBoolean("untouched")
                    && row.getString("kind").equals(Operation.Kind.DEPOSIT.name())
                    && row.getString("account").equals(deposit.account())
                    && Bytes.of(row.getBytes("request"))
                            .equals(deposit.request().cbor().encode())) {
                begun.add(place);
            } else {
                going.remove(place);
            }
        });
        return begun;
    }

    /** The accounts with their balances. */
    Map<String, AccountState> accounts(Handle h, Collection<Handed> deposits) {
        Bulk asked = new Bulk(
                "SELECT a.*, coalesce(b.balance, 0) AS balance FROM %s JOIN account a ON a.name = v.name"
                        + " LEFT JOIN book b ON b.name = 'user:' || a.name",
                "name text");
        deposits.stream().map(Handed::account).distinct().forEach(asked::add);
        Map<String, AccountState> found = new HashMap<>();
        asked.each(h, row -> {
            String name = row.getString("name");
            found.put(
                    name,
                    new AccountState(
                            name,
                            row.getInt("tier"),
                            new Currency(row.getString("currency")),
                            new Amount(row.getLong("balance")),
                            AccountState.Block.valueOf(row.getString("block")),
                            row.getBoolean("flagged")));
        });
        return found;
    }

    /** That of a deposit; accounts never vanish. */
    AccountState account(Map<String, AccountState> accounts, Handed deposit) {
        return Objects.requireNonNull(accounts.get(deposit.account()));
    }

    /** Those of the accounts that have owed something. */
    Set<String> debtors(Handle h, Set<String> accounts) {
        Bulk asked = new Bulk(
                "SELECT v.name FROM %s WHERE EXISTS (SELECT 1 FROM debt d WHERE d.account = v.name)", "name text");
        accounts.forEach(asked::add);
        Set<String> found = new HashSet<>();
        asked.each(h, row -> found.add(row.getString("name")));
        return found;
    }

    /** References of those with which nobody has gone on, and whose message has no answer yet. */
    Set<String> stillOpen(Handle h, Collection<Handed> deposits) {
        Bulk asked = new Bulk(
                "SELECT o.reference FROM %s JOIN operation o ON o.reference = v.reference WHERE " + UNTOUCHED
                        + " AND NOT EXISTS (SELECT 1 FROM message m"
                        + " WHERE m.sender = v.sender AND m.id = v.id AND m.answer IS NOT NULL)",
                "reference text",
                "sender bytea",
                "id bytea");
        for (Handed deposit : deposits) {
            Optional<WalletMessage> message = deposit.message().map(Signed::statement);
            asked.add(
                    deposit.reference(),
                    message.map(m -> m.sender().bytes()).orElse(null),
                    message.map(m -> m.id().bytes()).orElse(null));
        }
        Set<String> found = new HashSet<>();
        asked.each(h, row -> found.add(row.getString("reference")));
        return found;
    }

    /** Credits all of them, ends their operations and keeps their answers. */
    void book(Handle h, List<Credit> credits) {
        long now = office.now().seconds();
        post(h, credits, now);
        Bulk operations = new Bulk(
                "UPDATE operation o SET step = v.step, answer = v.answer, done_at = v.at, request = v.request"
                        + " FROM %s WHERE o.reference = v.reference",
                "reference text", "step text", "answer bytea", "at bigint", "request bytea");
        Bulk deposits = Bulk.into(
                "deposit",
                "ON CONFLICT (hash) DO NOTHING",
                "hash bytea",
                "account text",
                "signer bytea",
                "moved bigint",
                "credited bigint",
                "withheld bigint",
                "returned bigint",
                "answer bytea",
                "booked_at bigint");
        Bulk messages = new Bulk(
                "UPDATE message m SET answer = v.answer FROM %s WHERE m.sender = v.sender AND m.id = v.id",
                "sender bytea", "id bytea", "answer bytea");
        for (Credit credit : credits) {
            Handed deposit = credit.deposit();
            operations.add(
                    deposit.reference(),
                    credit.paid().isZero() ? null : Operation.Step.CREDIT.name(),
                    credit.answer().cbor().encode(),
                    now,
                    Operations.kept(deposit.request()).cbor().encode());
            deposits.add(
                    deposit.deposit().bytes(),
                    deposit.account(),
                    deposit.head().signer().bytes(),
                    deposit.head().transfer().statement().amount().minor(),
                    credit.paid().minor(),
                    0L,
                    0L,
                    credit.answer().cbor().encode(),
                    now);
            credit.signed().ifPresent(signed -> {
                WalletMessage m = deposit.message().orElseThrow().statement();
                messages.add(m.sender().bytes(), m.id().bytes(), signed.encode());
            });
            outbox.add(
                    h, Operation.Kind.DEPOSIT.name().toLowerCase(Locale.ROOT), deposit.account(), deposit.reference());
        }
        operations.runEach(h);
        deposits.run(h);
        messages.runEach(h);
    }

    private static void post(Handle h, List<Credit> credits, long now) {
        Bulk postings = Bulk.into(
                "posting",
                "",
                "reference text",
                "debit text",
                "credit text",
                "amount bigint",
                "text text",
                "at bigint");
        Map<String, Long> moved = new TreeMap<>();
        for (Credit credit : credits) {
            if (!credit.paid().isZero()) {
                String user = Books.user(credit.deposit().account());
                long amount = credit.paid().minor();
                moved.merge(user, amount, Math::addExact);
                moved.merge(Books.CLEARING, -amount, Math::addExact);
                postings.add(
                        Deposits.credit(credit.deposit().reference()), Books.CLEARING, user, amount, "deposit", now);
            }
        }
        Bulk books = Bulk.into("book", "ON CONFLICT (name) DO NOTHING", "name text", "balance bigint");
        Bulk changes = new Bulk(
                "UPDATE book b SET balance = b.balance + v.delta FROM %s WHERE b.name = v.name",
                "name text", "delta bigint");
        moved.forEach((name, delta) -> {
            books.add(name, 0L);
            changes.add(name, delta);
        });
        books.run(h);
        changes.runEach(h);
        postings.runEach(h);
    }
}
