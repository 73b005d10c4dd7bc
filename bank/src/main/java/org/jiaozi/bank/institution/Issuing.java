package org.jiaozi.bank.institution;

import java.util.List;
import java.util.Optional;
import org.jiaozi.core.message.WalletRequest.Load;
import org.jiaozi.core.policy.Profile;
import org.jiaozi.core.policy.Tier;
import org.jiaozi.core.refusal.Refusal;
import org.jiaozi.core.refusal.RefusalCode;
import org.jiaozi.core.statement.Note;
import org.jiaozi.core.value.Amount;
import org.jiaozi.core.value.Currency;
import org.jiaozi.core.value.Nonce;
import org.jiaozi.core.value.Thumbprint;
import org.jiaozi.core.value.Timestamp;

/** Makes notes: for a load, for a return, for a deposit that is not taken (spec 04). */
public final class Issuing {
    private static final long MINUTE = 60;

    private Issuing() {}

    /**
     * Judges a load: the note it makes. Whether the account covers it is the core-banking port's business.
     *
     * @param keys the purse's keys
     * @return the lowest of 107, 306, 504, 706, 716
     */
    public static Decision<Note> load(Setting setting, Load load, AccountState account, List<PurseKeyState> keys) {
        if (load.amount().isZero()) {
            return Decision.denied(RefusalCode.OUT_OF_RANGE, "a load of nothing");
        }
        if (!load.currency().equals(account.currency())) {
            return Decision.denied(RefusalCode.CURRENCY_MISMATCH, "the account counts " + account.currency());
        }
        return switch (Certifying.tier(setting, account)) {
            case Decision.Denied<Tier> no -> Decision.denied(no.refusal());
            case Decision.Granted<Tier> tier -> {
                Optional<Refusal> no = refusesHolder(setting.policy(), tier.value(), load, keys);
                yield no.isPresent()
                        ? Decision.denied(no.get())
                        : Decision.granted(
                                note(setting, load.currency(), load.amount(), load.holder(), load.loadNonce()));
            }
        };
    }

    private static Optional<Refusal> refusesHolder(Profile policy, Tier tier, Load load, List<PurseKeyState> keys) {
        List<PurseKeyState> active = keys.stream().filter(PurseKeyState::active).toList();
        for (int i = 0; i < active.size(); i++) {
            PurseKeyState key = active.get(i);
            if (key.thumbprint().equals(load.holder())) {
                long most =
                        policy.limitsFor(tier, key.element(), i, active.size()).holding();
                return load.amount().minor() > most
                        ? Optional.of(new Refusal(RefusalCode.OVER_HOLDING_LIMIT, "this key may hold " + most))
                        : Optional.empty();
            }
        }
        return Optional.of(new Refusal(RefusalCode.UNKNOWN_PURSE, "the holder is no active key of this purse"));
    }

    /**
     * Another note in the place of one that was refused, which the registry does not take any more. It is never that one, and
     * within a minute each expires a second before the last.
     */
    public static Note again(Setting setting, Note refused) {
        Note fresh = note(setting, refused.currency(), refused.value(), refused.holder(), refused.loadNonce());
        long before = refused.expiry().seconds() - 1;
        boolean soon = fresh.expiry().seconds() > before && fresh.expiry().seconds() <= before + MINUTE;
        return soon
                ? new Note(
                        fresh.issuer(),
                        fresh.quota(),
                        fresh.currency(),
                        fresh.value(),
                        new Timestamp(before),
                        fresh.maxHops(),
                        fresh.holder(),
                        fresh.loadNonce())
                : fresh;
    }

    /** The note that a nonce makes now: expiry and hops are the policy's of this moment. */
    public static Note note(Setting setting, Currency currency, Amount value, Thumbprint holder, Nonce nonce) {
        return new Note(
                setting.key(),
                setting.quota(),
                currency,
                value,
                setting.now().plus(setting.policy().noteValidity()),
                setting.policy().maxHops(),
                holder,
                nonce);
    }
}
