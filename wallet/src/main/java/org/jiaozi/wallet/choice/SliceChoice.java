package org.jiaozi.wallet.choice;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.ToIntFunction;
import org.jiaozi.core.lineage.Slice;
import org.jiaozi.core.refusal.Refusal;
import org.jiaozi.core.refusal.RefusalCode;
import org.jiaozi.core.statement.TransferInput;
import org.jiaozi.core.value.Amount;
import org.jiaozi.core.value.Limit;
import org.jiaozi.core.value.Thumbprint;
import org.jiaozi.core.value.Timestamp;

/** Picks the slices of one pseudonym that make the smallest payment (spec 08, clause 7). */
public final class SliceChoice {
    /** Better comes first: fewer hops, earlier expiry, then amount and name so that there is one answer. */
    private static final Comparator<Slice> PREFERENCE = Comparator.comparingInt(Slice::hops)
            .thenComparing(Slice::expiry)
            .thenComparing(Slice::amount)
            .thenComparing(Slice::source);

    private SliceChoice() {}

    /** The answer. */
    public sealed interface Choice {
        /** Pay so. */
        record Chosen(Thumbprint key, List<TransferInput> inputs) implements Choice {
            public Chosen {
                inputs = List.copyOf(inputs);
            }
        }

        /** It cannot be paid, and what would help. */
        record Unable(Refusal refusal) implements Choice {}
    }

    /**
     * What the choice is about.
     *
     * @param amount to be paid, above 0
     * @param at the request's time
     * @param slices everything held
     * @param keys the pseudonyms
     * @param refused why a pseudonym may not pay this amount, if so
     * @param hopLimit how many hops a slice may have here and now
     * @param depositOnly slices whose lineage a payee would refuse
     */
    public record Question(
            Amount amount,
            Timestamp at,
            List<Slice> slices,
            List<Thumbprint> keys,
            Function<Thumbprint, Optional<Refusal>> refused,
            ToIntFunction<Slice> hopLimit,
            Predicate<Slice> depositOnly) {
        public Question {
            slices = List.copyOf(slices);
            keys = List.copyOf(keys);
        }

        private boolean live(Slice slice) {
            return !at.isAfter(slice.expiry());
        }

        private boolean spendable(Slice slice) {
            return live(slice) && slice.hops() < hopLimit.applyAsInt(slice) && !depositOnly.test(slice);
        }

        private List<Slice> spendable(Thumbprint key) {
            return slices.stream()
                    .filter(s -> s.holder().equals(key) && spendable(s))
                    .toList();
        }
    }

    /** Chooses. */
    public static Choice choose(Question question) {
        Optional<List<Slice>> best = Optional.empty();
        for (Thumbprint key : question.keys()) {
            if (question.refused().apply(key).isEmpty()) {
                Optional<List<Slice>> mine = fewest(question.spendable(key), question.amount());
                if (mine.isPresent() && (best.isEmpty() || compare(mine.get(), best.get()) < 0)) {
                    best = mine;
                }
            }
        }
        if (best.isEmpty()) {
            return new Choice.Unable(explain(question));
        }
        return new Choice.Chosen(best.get().getFirst().holder(), inputs(best.get(), question.amount()));
    }

    private static Optional<List<Slice>> fewest(List<Slice> slices, Amount amount) {
        List<Slice> rest = new ArrayList<>(slices);
        rest.sort(Comparator.comparing(Slice::amount).reversed().thenComparing(PREFERENCE));
        List<Slice> chosen = new ArrayList<>();
        while (sum(chosen).compareTo(amount) < 0) {
            if (rest.isEmpty() || chosen.size() == Limit.TAP_INPUTS) {
                return Optional.empty();
            }
            chosen.add(rest.removeFirst());
        }
        boolean better = true;
        while (better) {
            // each exchange improves the choice, so this ends
            better = exchange(chosen, rest, amount);
        }
        return Optional.of(chosen);
    }

    /** Swaps the worst chosen slice that can give way for the best one that still covers the amount. */
    private static boolean exchange(List<Slice> chosen, List<Slice> rest, Amount amount) {
        long spare = sum(chosen).minus(amount).minor();
        chosen.sort(PREFERENCE.reversed());
        rest.sort(PREFERENCE);
        for (int i = 0; i < chosen.size(); i++) {
            Slice out = chosen.get(i);
            for (int j = 0; j < rest.size() && PREFERENCE.compare(rest.get(j), out) < 0; j++) {
                Slice in = rest.get(j);
                if (out.amount().minor() - in.amount().minor() <= spare) {
                    chosen.set(i, in);
                    rest.set(j, out);
                    return true;
                }
            }
        }
        return false;
    }

    private static int compare(List<Slice> one, List<Slice> other) {
        int byCount = Integer.compare(one.size(), other.size());
        if (byCount != 0) {
            return byCount;
        }
        int byHops = Integer.compare(hops(one), hops(other));
        return byHops != 0 ? byHops : soonest(one).compareTo(soonest(other));
    }

    private static int hops(List<Slice> slices) {
        return slices.stream().mapToInt(Slice::hops).sum();
    }

    private static Timestamp soonest(List<Slice> slices) {
        return slices.stream().map(Slice::expiry).min(Comparator.naturalOrder()).orElseThrow();
    }

    /** All but the one that expires last are used up; that one gives the change. */
    private static List<TransferInput> inputs(List<Slice> chosen, Amount amount) {
        List<Slice> order = new ArrayList<>(chosen);
        order.sort(Comparator.comparing(Slice::expiry).thenComparing(Slice::source));
        List<TransferInput> inputs = new ArrayList<>();
        Amount left = amount;
        for (Slice slice : order) {
            Amount part = slice.amount().min(left);
            inputs.add(slice.input(part));
            left = left.minus(part);
        }
        return inputs;
    }

    private static Refusal explain(Question q) {
        List<Refusal> limits = new ArrayList<>();
        Amount free = Amount.ZERO;
        Amount moving = Amount.ZERO;
        for (Thumbprint key : q.keys()) {
            Amount mine = sum(q.spendable(key));
            moving = moving.plus(mine);
            Optional<Refusal> no = q.refused().apply(key);
            if (no.isPresent()) {
                limits.add(no.get());
            } else if (mine.compareTo(q.amount()) >= 0) {
                return new Refusal(RefusalCode.TOO_MANY_SLICES, "more than " + Limit.TAP_INPUTS + " inputs");
            } else {
                free = free.plus(mine);
            }
        }
        if (free.compareTo(q.amount()) >= 0) {
            return Refusal.of(RefusalCode.SPLIT_ACROSS_KEYS);
        }
        Optional<Refusal> limit =
                limits.stream().min(Comparator.comparingInt(r -> r.code().number()));
        if (limit.isPresent() && (q.keys().size() == limits.size() || moving.compareTo(q.amount()) >= 0)) {
            return limit.get();
        }
        List<Slice> live = q.slices().stream().filter(q::live).toList();
        if (sum(live).compareTo(q.amount()) >= 0) {
            boolean frozen =
                    live.stream().anyMatch(s -> s.hops() >= q.hopLimit().applyAsInt(s));
            return Refusal.of(frozen ? RefusalCode.FROZEN_UNTIL_SYNC : RefusalCode.LINEAGE_REVOKED);
        }
        return sum(q.slices()).compareTo(q.amount()) >= 0
                ? Refusal.of(RefusalCode.NOTE_EXPIRED)
                : new Refusal(RefusalCode.INSUFFICIENT_FUNDS, moving + " spendable");
    }

    private static Amount sum(List<Slice> slices) {
        return slices.stream().map(Slice::amount).reduce(Amount.ZERO, Amount::plus);
    }
}
