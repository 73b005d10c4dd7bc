package org.jiaozi.lab.world;

import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jiaozi.bank.ledger.AccountKind;
import org.jiaozi.bank.ledger.Posting;
import org.jiaozi.bank.registry.Effect;

/** What happened in a world, so that a quiet one cannot pass for a sound one. Not thread-safe. */
final class Tally {
    /** What is counted. */
    enum Event {
        PURSE_OPERATION,
        PAYMENT,
        CREDIT,
        DEPOSIT,
        RETURN,
        LOAD,
        RENEWAL,
        TEAR,
        DUPLICATE,
        ALTERED,
        LOST_MESSAGE,
        LATE_MESSAGE,
        LOST_REQUEST,
        LATE_REQUEST,
        SERVER_CRASH,
        POWER_CUT,
        ROLLED_BACK,
        FULL_DISK,
        TORN_WRITE,
        NO_ROOM,
        WRONG_CLOCK,
        COPY,
        FORGERY,
        TWO_FACED,
        RECEIPT_DENIED,
        HOSTILE_HOST,
        ROGUE_INSTITUTION,
        MADE_UP_KEY,
        NOBODYS_DEBT,
        TWIN_NOTE,
        NO_RESERVE,
        BOOKS_COMPARED,
        LOST_DEVICE,
        CLAIM,
        CLAIM_MOVED,
        CLAIM_MOVED_AGAIN,
        CLAIMANT_DEBT,
        MADE_WHOLE,
        REFUND_MADE_WHOLE,
        WITHHELD,
        FUND_PAYOUT,
        NETTING
    }

    private final Map<Event, Long> counts = new EnumMap<>(Event.class);

    void count(Event event) {
        counts.merge(event, 1L, Math::addExact);
    }

    /** Counts what the registry puts on record that is hard to come by. */
    void count(List<Effect> effects) {
        boolean refund = effects.stream().anyMatch(Effect.RefundKept.class::isInstance);
        for (Effect effect : effects) {
            switch (effect) {
                case Effect.ClaimMoved e -> count(e.number() > 1 ? Event.CLAIM_MOVED_AGAIN : Event.CLAIM_MOVED);
                case Effect.WithheldKept e when !e.released() -> count(Event.WITHHELD);
                case Effect.Posted(Posting p)
                when p.reason().equals("make whole") -> count(refund ? Event.REFUND_MADE_WHOLE : Event.MADE_WHOLE);
                case Effect.Posted(Posting p)
                when p.reason().equals("recover") && p.debit().kind() == AccountKind.GUARANTEE ->
                    count(Event.FUND_PAYOUT);
                default -> {
                    // is not hard to come by
                }
            }
        }
    }

    long of(Event event) {
        return counts.getOrDefault(event, 0L);
    }

    /** By name, in lower case. */
    Map<String, Object> figures() {
        Map<String, Object> figures = new LinkedHashMap<>();
        for (Event event : Event.values()) {
            figures.put(event.name().toLowerCase(Locale.ROOT).replace('_', ' '), of(event));
        }
        return figures;
    }
}
