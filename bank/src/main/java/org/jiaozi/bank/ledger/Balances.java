package org.jiaozi.bank.ledger;

import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jiaozi.core.value.Currency;

/**
 * Balances as they follow from postings, in memory. Over all accounts of a currency they add up to zero by construction.
 * Not thread-safe.
 */
public final class Balances {
    private final Map<Currency, TreeMap<AccountName, Long>> books = new HashMap<>();

    /** No posting yet. */
    public Balances() {}

    /** The balances that {@code postings} lead to. */
    public static Balances of(Collection<Posting> postings) {
        Balances balances = new Balances();
        postings.forEach(balances::post);
        return balances;
    }

    /** Minor units, below zero where more went out than came in. */
    public long balance(AccountName account, Currency currency) {
        Long known = books.getOrDefault(currency, new TreeMap<>()).get(account);
        return known == null ? 0 : known;
    }

    /** The account that {@code posting} would take to a side of zero where its kind may not stand. */
    public Optional<AccountName> refuses(Posting posting) {
        long amount = posting.amount().minor();
        long debit = Math.subtractExact(balance(posting.debit(), posting.currency()), amount);
        if (!posting.debit().kind().allows(debit)) {
            return Optional.of(posting.debit());
        }
        long credit = Math.addExact(balance(posting.credit(), posting.currency()), amount);
        return posting.credit().kind().allows(credit) ? Optional.empty() : Optional.of(posting.credit());
    }

    /**
     * Books it.
     *
     * @throws IllegalStateException where an account would stand where its kind may not: whoever posts has asked before
     */
    public void post(Posting posting) {
        refuses(posting).ifPresent(account -> {
            throw new IllegalStateException(posting.reason() + " of " + posting.amount() + " overdraws " + account);
        });
        TreeMap<AccountName, Long> book = books.computeIfAbsent(posting.currency(), c -> new TreeMap<>());
        book.merge(posting.debit(), -posting.amount().minor(), Math::addExact);
        book.merge(posting.credit(), posting.amount().minor(), Math::addExact);
    }

    /** All accounts of a currency that were ever posted to, by name. */
    public Map<AccountName, Long> accounts(Currency currency) {
        return new TreeMap<>(books.getOrDefault(currency, new TreeMap<>()));
    }

    /** Zero, always: what an auditor recomputes. */
    public long sum(Currency currency) {
        return books.getOrDefault(currency, new TreeMap<>()).values().stream()
                .mapToLong(Long::longValue)
                .reduce(0, Math::addExact);
    }
}
