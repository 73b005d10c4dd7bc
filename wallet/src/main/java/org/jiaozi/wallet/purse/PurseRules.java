package org.jiaozi.wallet.purse;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jiaozi.core.lineage.Slice;
import org.jiaozi.core.refusal.Refusal;
import org.jiaozi.core.refusal.RefusalCode;
import org.jiaozi.core.statement.PurseCertificate;
import org.jiaozi.core.statement.Request;
import org.jiaozi.core.statement.SliceRef;
import org.jiaozi.core.statement.TransferInput;
import org.jiaozi.core.value.Amount;
import org.jiaozi.core.value.Currency;
import org.jiaozi.core.value.Limit;
import org.jiaozi.core.value.Thumbprint;
import org.jiaozi.core.value.Timestamp;

/** What a purse refuses; of several reasons the lowest number is answered (spec 06, clause 11). */
public final class PurseRules {
    private PurseRules() {}

    /**
     * Whether {@code key}'s certificate lets it pay {@code amount} for a request of {@code at}; slices are not looked at,
     * so that a host can tell which keys to choose from.
     */
    public static Optional<Refusal> refusesToPay(
            PurseState state, Thumbprint key, Amount amount, Currency currency, Timestamp at, PurseContext context) {
        Optional<Refusal> unusable = unusable(state, key);
        if (unusable.isPresent()) {
            return unusable;
        }
        Pseudonym pseudonym = state.pseudonym(key).orElseThrow();
        PurseCertificate c = pseudonym.certificate().orElseThrow().statement();
        PurseCertificate.Limits limits = context.policy().effectiveLimits(c.limits(), context.now(), context.region());
        List<Refusal> reasons = new ArrayList<>(validity(c, at));
        if (!c.currency().equals(currency)) {
            reasons.add(new Refusal(RefusalCode.CURRENCY_MISMATCH, "this purse pays " + c.currency()));
        }
        if (amount.minor() > limits.perPayment()) {
            reasons.add(new Refusal(RefusalCode.OVER_PAYMENT_LIMIT, amount + " of " + limits.perPayment()));
        }
        long spent = Math.addExact(pseudonym.spentTotal() - c.spentBase(), amount.minor());
        if (spent > limits.total()) {
            reasons.add(new Refusal(RefusalCode.OVER_TOTAL_LIMIT, spent + " of " + limits.total()));
        }
        if (Math.addExact(pseudonym.spentTotal(), amount.minor()) > Limit.UINT48 || pseudonym.seq() == Limit.UINT48) {
            reasons.add(new Refusal(RefusalCode.OVER_TOTAL_LIMIT, "this key's counters are at their end"));
        }
        long count = pseudonym.seq() + 1 - c.seqBase();
        if (count > limits.count()) {
            reasons.add(new Refusal(RefusalCode.OVER_COUNT_LIMIT, "payment " + count + " of " + limits.count()));
        }
        return lowest(reasons);
    }

    /** Whether {@code key} may ask for {@code amount} now. */
    static Optional<Refusal> refusesToAsk(PurseState state, Thumbprint key, Amount amount, PurseContext context) {
        Optional<Refusal> unusable = unusable(state, key);
        if (unusable.isPresent()) {
            return unusable;
        }
        PurseCertificate c =
                state.pseudonym(key).orElseThrow().certificate().orElseThrow().statement();
        List<Refusal> reasons = new ArrayList<>(validity(c, context.now()));
        if (context.bulletin().isStale(context.now())) {
            reasons.add(Refusal.of(RefusalCode.STALE_BULLETIN));
        }
        reasons.addAll(room(state, key, amount, 1, context));
        return lowest(reasons);
    }

    /** Why crediting {@code amount} in {@code more} slices would be too much. */
    static List<Refusal> room(PurseState state, Thumbprint key, Amount amount, int more, PurseContext context) {
        List<Refusal> reasons = new ArrayList<>();
        state.pseudonym(key).flatMap(Pseudonym::certificate).ifPresent(c -> {
            long most = context.policy()
                    .effectiveLimits(c.statement().limits(), context.now(), context.region())
                    .holding();
            long after = Math.addExact(state.holding(key).minor(), amount.minor());
            if (after > most) {
                reasons.add(new Refusal(RefusalCode.OVER_HOLDING_LIMIT, after + " of " + most));
            }
        });
        if (overflows(state, amount)) {
            reasons.add(new Refusal(RefusalCode.OVER_HOLDING_LIMIT, "the purse's total would not be below 2^48"));
        }
        if (state.slices().size() + more > context.policy().maxPurseSlices()) {
            reasons.add(Refusal.of(RefusalCode.PURSE_FULL));
        }
        return reasons;
    }

    /** Whether the purse as a whole, over all its keys, would hold more than a number of the protocol can say. */
    static boolean overflows(PurseState state, Amount more) {
        return Math.addExact(state.holding().minor(), more.minor()) > Limit.UINT48;
    }

    /** Whether a payment's inputs are {@code key}'s to spend at the request's time. */
    static Optional<Refusal> refusesInputs(
            PurseState state, Thumbprint key, List<TransferInput> inputs, Request request) {
        List<Refusal> reasons = new ArrayList<>();
        if (inputs.size() > Limit.TAP_INPUTS) {
            reasons.add(new Refusal(RefusalCode.TOO_MANY_SLICES, inputs.size() + " inputs"));
        }
        reasons.addAll(pointers(state, key, inputs));
        if (reasons.isEmpty()) {
            for (TransferInput input : inputs) {
                Slice slice = state.slices().get(input.source());
                if (slice != null && request.at().isAfter(slice.expiry())) {
                    reasons.add(new Refusal(RefusalCode.NOTE_EXPIRED, "note " + slice.note()));
                }
            }
            Amount sum = inputs.stream().map(i -> i.range().amount()).reduce(Amount.ZERO, Amount::plus);
            if (!sum.equals(request.amount())) {
                reasons.add(new Refusal(RefusalCode.AMOUNT_MISMATCH, sum + " of " + request.amount()));
            }
        }
        return lowest(reasons);
    }

    /** Every input takes the lowest part of a slice of this key, no slice twice: pointers only move up. */
    static List<Refusal> pointers(PurseState state, Thumbprint key, List<TransferInput> inputs) {
        List<Refusal> reasons = new ArrayList<>();
        Set<SliceRef> used = new HashSet<>();
        for (TransferInput input : inputs) {
            Slice slice = state.slices().get(input.source());
            if (slice == null) {
                reasons.add(new Refusal(RefusalCode.UNKNOWN_PARENT, input.source() + " is not held"));
            } else if (!slice.holder().equals(key)) {
                reasons.add(new Refusal(RefusalCode.WRONG_HOLDER, input.source() + " is another key's"));
            } else if (!slice.range().contains(input.range())
                    || slice.range().lo() != input.range().lo()) {
                reasons.add(new Refusal(RefusalCode.RANGE_OUTSIDE_PARENT, input.range() + " of " + slice.range()));
            }
            if (!used.add(input.source())) {
                reasons.add(new Refusal(RefusalCode.INPUTS_OVERLAP, input.source() + " twice"));
            }
        }
        return reasons;
    }

    private static Optional<Refusal> unusable(PurseState state, Thumbprint key) {
        if (state.rolledBack()) {
            return Optional.of(Refusal.of(RefusalCode.ROLLED_BACK));
        }
        Optional<Pseudonym> pseudonym = state.pseudonym(key);
        if (pseudonym.isEmpty() || pseudonym.get().certificate().isEmpty()) {
            return Optional.of(Refusal.of(RefusalCode.NOT_ENROLLED));
        }
        return pseudonym.get().status() == Pseudonym.Status.ACTIVE
                ? Optional.empty()
                : Optional.of(Refusal.of(RefusalCode.KEYS_RETIRED));
    }

    private static List<Refusal> validity(PurseCertificate c, Timestamp at) {
        if (at.isAfter(c.expiry())) {
            return List.of(Refusal.of(RefusalCode.CERTIFICATE_EXPIRED));
        }
        return at.isBefore(c.notBefore()) ? List.of(Refusal.of(RefusalCode.CERTIFICATE_NOT_YET_VALID)) : List.of();
    }

    static Optional<Refusal> lowest(List<Refusal> reasons) {
        return reasons.stream().min(Comparator.comparingInt(r -> r.code().number()));
    }
}
