package org.jiaozi.bank.registry;

import java.util.List;
import java.util.Optional;
import org.jiaozi.bank.ledger.AccountKind;
import org.jiaozi.bank.ledger.AccountName;
import org.jiaozi.core.message.InboxEvent;
import org.jiaozi.core.value.Amount;
import org.jiaozi.core.value.Currency;
import org.jiaozi.core.value.Hash;
import org.jiaozi.core.value.InstitutionId;
import org.jiaozi.core.value.Timestamp;

/** What the central bank's operators do, as effects (spec 07, clause 17). */
public final class Operations {
    private Operations() {}

    /** Puts money into an institution's reserve. */
    public static List<Effect> fundReserve(
            RegistryView view, InstitutionId institution, Currency currency, Amount amount, String reference) {
        Draft draft = Draft.over(view);
        draft.post(
                AccountName.of(AccountKind.ISSUE),
                AccountName.of(AccountKind.RESERVE, institution),
                currency,
                amount,
                "fund",
                reference);
        return draft.finish();
    }

    /** Moves money from an institution's reserve into the guarantee fund; empty if the reserve does not hold it. */
    public static Optional<List<Effect>> contribute(
            RegistryView view, InstitutionId institution, Currency currency, Amount amount, String reference) {
        AccountName reserve = AccountName.of(AccountKind.RESERVE, institution);
        if (view.balance(reserve, currency) < amount.minor()) {
            return Optional.empty();
        }
        Draft draft = Draft.over(view);
        draft.post(reserve, AccountName.of(AccountKind.GUARANTEE), currency, amount, "contribute", reference);
        return Optional.of(draft.finish());
    }

    /** Allows an institution that much outstanding under a quota. */
    public static List<Effect> setQuota(
            RegistryView view, InstitutionId institution, long number, Currency currency, Amount limit) {
        Amount used = view.quota(institution, number, currency)
                .map(Effect.QuotaSet::used)
                .orElse(Amount.ZERO);
        return List.of(new Effect.QuotaSet(institution, number, currency, limit, used));
    }

    /** Says that an institution is gone, or that it is back; nothing where that is the last word already. */
    public static List<Effect> declare(
            RegistryView view, InstitutionId institution, boolean gone, Timestamp now, String reason) {
        return HonourDesk.gone(view, institution) == gone
                ? List.of()
                : List.of(new Effect.StandingSet(institution, gone, now, reason));
    }

    /** Pays out what was withheld, after a person has looked; nothing if it was released before or never withheld. */
    public static List<Effect> release(RegistryView view, Hash deposit) {
        Optional<Effect.HonouredKept> honoured = view.honoured(deposit).filter(h -> !h.released());
        if (honoured.isPresent()) {
            return release(Draft.over(view), honoured.get());
        }
        Optional<Effect.WithheldKept> found = view.withheld(deposit).filter(w -> !w.released());
        if (found.isEmpty()) {
            return List.of();
        }
        Effect.WithheldKept w = found.get();
        Draft draft = Draft.over(view);
        draft.put(new Effect.WithheldKept(deposit, w.institution(), w.currency(), w.amount(), true));
        draft.post(
                AccountKind.HELD,
                w.institution(),
                AccountKind.CLEARING,
                w.institution(),
                w.currency(),
                w.amount(),
                "release",
                deposit.hex());
        draft.tell(w.institution(), n -> new InboxEvent.Released(n, deposit, w.amount()));
        return draft.finish();
    }

    /** The institution that is gone had the value: it leaves its clearing, and it hears of it in case it comes back. */
    private static List<Effect> release(Draft draft, Effect.HonouredKept h) {
        draft.put(new Effect.HonouredKept(h.handover(), h.from(), h.currency(), h.due(), true));
        draft.post(
                AccountKind.CLEARING,
                h.from(),
                AccountKind.CLEARING,
                h.to(),
                h.currency(),
                h.due(),
                "honour",
                h.deposit().hex());
        draft.tell(h.to(), n -> new InboxEvent.Released(n, h.deposit(), h.due()));
        draft.tell(h.from(), n -> new InboxEvent.HonouredElsewhere(n, h.deposit(), h.due(), h.currency()));
        return draft.finish();
    }
}
