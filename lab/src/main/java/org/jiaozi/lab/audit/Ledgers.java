package org.jiaozi.lab.audit;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jiaozi.cli.output.AmountParser;
import org.jiaozi.core.value.Currency;

/** Books recomputed from their postings. */
final class Ledgers {
    private Ledgers() {}

    /** A sum as people write it; what the record calls a currency and is none leaves it in minor units. */
    static String shown(long minor, String currency) {
        try {
            return AmountParser.format(minor, new Currency(currency).decimals()) + " " + currency;
        } catch (IllegalArgumentException e) {
            return minor + " minor units";
        }
    }

    /** One movement; all of an institution's are in the one currency that its accounts count. */
    record Posting(
            long id, String debit, String credit, String currency, long amount, String reason, String reference) {}

    /** An account in a currency. */
    record Account(String name, String currency) implements Comparable<Account> {
        @Override
        public int compareTo(Account other) {
            int byName = name.compareTo(other.name);
            return byName != 0 ? byName : currency.compareTo(other.currency);
        }

        @Override
        public String toString() {
            return name;
        }

        /** A sum that stands here. */
        String shown(long minor) {
            return Ledgers.shown(minor, currency);
        }
    }

    /** What postings come to, taken one by one: no more is held than there are accounts. Not thread-safe. */
    static final class Sums {
        private final Map<Account, Long> balances = new HashMap<>();
        private final List<Long> idle = new ArrayList<>();
        private long count;

        void take(Posting p) {
            count++;
            if (p.amount() <= 0 || p.debit().equals(p.credit())) {
                idle.add(p.id());
            }
            balances.merge(new Account(p.debit(), p.currency()), -p.amount(), Math::addExact);
            balances.merge(new Account(p.credit(), p.currency()), p.amount(), Math::addExact);
        }
    }

    /** Compares what is kept with what follows from postings, and that no money came from nowhere. */
    static void check(String whose, Sums postings, Map<Account, Long> kept, Findings findings) {
        postings.idle.forEach(id -> findings.breach(whose + ": posting " + id + " moves nothing"));
        Map<Account, Long> computed = postings.balances;
        Map<Account, Long> both = new TreeMap<>(computed);
        kept.forEach((account, balance) -> both.putIfAbsent(account, 0L));
        for (Account account : both.keySet()) {
            long now = kept.getOrDefault(account, 0L);
            long due = computed.getOrDefault(account, 0L);
            findings.expect(
                    now == due,
                    whose + ": " + account + " stands at " + account.shown(now) + ", its postings say "
                            + account.shown(due));
        }
        Map<String, Long> sums = new TreeMap<>();
        kept.forEach((account, balance) -> sums.merge(account.currency(), balance, Math::addExact));
        sums.forEach((currency, sum) ->
                findings.expect(sum == 0, whose + ": the books add up to " + shown(sum, currency) + ", not to zero"));
        findings.counted("postings", postings.count);
    }
}
