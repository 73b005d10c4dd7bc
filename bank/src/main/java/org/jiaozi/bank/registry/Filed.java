package org.jiaozi.bank.registry;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jiaozi.bank.registry.Effect.TransferRecorded;
import org.jiaozi.core.statement.SliceRef;
import org.jiaozi.core.statement.Transfer;
import org.jiaozi.core.value.Hash;
import org.jiaozi.core.value.Nonce;
import org.jiaozi.core.value.Thumbprint;

/**
 * Effects by what they are asked for, in the order in which they were filed. Nearly all that is asked of a decision is not here, so
 * that not finding costs one look. Not thread-safe.
 */
final class Filed {
    /** What something is filed under; the first says of which kind the second is. */
    record Key(Object first, Object second) {
        static Key of(SliceRef spent) {
            return new Key("spending", spent);
        }

        static Key of(Thumbprint signer, long seq) {
            return new Key(signer, seq);
        }

        static Key paidTo(Thumbprint payee) {
            return new Key("paidTo", payee);
        }

        static Key answering(Thumbprint payee, Nonce nonce) {
            return new Key("answering", List.of(payee, nonce));
        }

        static Key transfer(Hash hash) {
            return new Key(TransferRecorded.class, hash);
        }
    }

    private final Map<Object, Effect> latest = new HashMap<>();
    private final Map<Object, List<Effect>> lists = new HashMap<>();
    /** Transfers that are not filed yet by whom they pay. */
    private final List<TransferRecorded> unsorted = new ArrayList<>();

    /** Instead of what was there before. */
    void put(Object key, Effect effect) {
        latest.put(key, effect);
    }

    /** After what was there before. */
    void add(Object key, Effect effect) {
        lists.computeIfAbsent(key, k -> new ArrayList<>(1)).add(effect);
    }

    /** Under its hash, its number and each output that it takes from; under whom it pays where {@link #sortByPayee} comes after. */
    void transfer(TransferRecorded e) {
        Transfer t = e.transfer().statement();
        put(Key.transfer(e.transfer().hash()), e);
        add(Key.of(e.link().signer(), t.seq()), e);
        t.inputs().forEach(input -> {
            List<Effect> spending = lists.computeIfAbsent(Key.of(input.source()), k -> new ArrayList<>(1));
            // two of its inputs may take from one output
            if (spending.isEmpty() || !spending.getLast().equals(e)) {
                spending.add(e);
            }
        });
        unsorted.add(e);
    }

    /** Files under whom they pay those that are not yet: who asks for that does it first, and deposits, which are most, never ask. */
    void sortByPayee() {
        for (TransferRecorded e : unsorted) {
            Transfer t = e.transfer().statement();
            add(Key.paidTo(t.payee()), e);
            add(Key.answering(t.payee(), t.nonce()), e);
        }
        unsorted.clear();
    }

    <E extends Effect> Optional<E> latest(Class<E> type, Object key) {
        return Optional.ofNullable(latest.get(key)).map(type::cast);
    }

    int count(Object key) {
        return list(key).size();
    }

    <E extends Effect> Stream<E> all(Class<E> type, Object key) {
        return list(key).stream().map(type::cast);
    }

    /** What was on record {@code before}, and {@code which} are here, in one order. */
    <E extends Effect> List<E> all(List<E> before, Class<E> type, Object key, Predicate<E> which, Comparator<E> order) {
        return before.isEmpty() && list(key).isEmpty()
                ? List.of()
                : Stream.concat(before.stream(), all(type, key).filter(which))
                        .sorted(order)
                        .toList();
    }

    private List<Effect> list(Object key) {
        return lists.getOrDefault(key, List.of());
    }
}
