package org.jiaozi.server.central;

import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jdbi.v3.core.Handle;
import org.jiaozi.bank.ledger.AccountName;
import org.jiaozi.bank.registry.RegistryView.Flow;
import org.jiaozi.core.value.Currency;

/**
 * What moved between accounts since the last netting cycle, up to some posting, summed by the database. Postings never change and
 * come one change after the other, so what is summed once stays true: a busy day's hundreds of millions are summed beside the
 * changes, in pieces that a connection has the patience for, and what came meanwhile within the one that closes the cycle.
 *
 * @param after the posting that the last cycle ended with
 * @param upTo the last one summed here
 */
record Flows(long after, long upTo, List<Flow> sums) {
    /** How many postings one query sums: about half a second's work. */
    static final long PIECE = 1 << 21;

    /** Nothing summed yet. */
    static final Flows NONE = new Flows(0, 0, List.of());

    private static final Comparator<Flow> ORDER = Comparator.comparing(Flow::debit)
            .thenComparing(Flow::credit)
            .thenComparing(f -> f.currency().code());

    Flows {
        sums = List.copyOf(sums);
    }

    /** Sums all there is, until what came while a piece was summed is less than a piece. */
    static Flows ahead(CentralBank bank, long piece) {
        Flows flows = bank.look(handle -> NONE.fitting(handle));
        for (long left = piece; left >= piece; ) {
            Flows before = flows;
            left = bank.look(Flows::lastPosting) - before.upTo;
            long next = before.upTo + Math.min(left, piece);
            flows = bank.look(handle -> before.with(handle, next));
        }
        return flows;
    }

    /** All of it as {@code handle} sees the record. */
    List<Flow> since(Handle handle) {
        return fitting(handle).with(handle, Long.MAX_VALUE).sums;
    }

    /** These, unless a cycle took them in since they were summed. */
    private Flows fitting(Handle handle) {
        long lastTaken = handle.createQuery("SELECT coalesce(max(to_posting), 0) FROM netting_cycle")
                .mapTo(Long.class)
                .one();
        return lastTaken == after ? this : new Flows(lastTaken, lastTaken, List.of());
    }

    private static long lastPosting(Handle handle) {
        return handle.createQuery("SELECT coalesce(max(id), 0) FROM posting")
                .mapTo(Long.class)
                .one();
    }

    private record Way(AccountName debit, AccountName credit, Currency currency) {}

    private Flows with(Handle handle, long next) {
        Map<Way, Long> summed = new HashMap<>();
        sums.forEach(f -> summed.put(new Way(f.debit(), f.credit(), f.currency()), f.amount()));
        handle.createQuery("SELECT debit, credit, currency, sum(amount)::bigint AS amount FROM posting"
                        + " WHERE id > ? AND id <= ? AND reason <> 'netting' GROUP BY debit, credit, currency")
                .bind(0, upTo)
                .bind(1, next)
                .map((row, context) -> new Flow(
                        AccountName.parse(row.getString("debit")),
                        AccountName.parse(row.getString("credit")),
                        new Currency(row.getString("currency")),
                        row.getLong("amount")))
                .forEach(f -> summed.merge(new Way(f.debit(), f.credit(), f.currency()), f.amount(), Math::addExact));
        return new Flows(
                after,
                next,
                summed.entrySet().stream()
                        .map(e -> new Flow(
                                e.getKey().debit(),
                                e.getKey().credit(),
                                e.getKey().currency(),
                                e.getValue()))
                        .sorted(ORDER)
                        .toList());
    }
}
