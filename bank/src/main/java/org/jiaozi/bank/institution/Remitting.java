package org.jiaozi.bank.institution;

import java.util.Optional;
import org.jiaozi.core.message.WalletRequest.Remit;
import org.jiaozi.core.policy.Tier;
import org.jiaozi.core.refusal.Refusal;
import org.jiaozi.core.refusal.RefusalCode;
import org.jiaozi.core.value.Amount;
import org.jiaozi.core.value.Currency;

/** Account to account, online: the limits of the account's class. */
public final class Remitting {
    private Remitting() {}

    /**
     * What an account paid before.
     *
     * @param day minor units on this day
     * @param year minor units in this year
     */
    public record Paid(long day, long year) {}

    /**
     * Judges a remittance; whether the account covers it is the core-banking port's business.
     *
     * @return 107, 501, 502, 705, 715 or 716
     */
    public static Optional<Refusal> refuses(Setting setting, Remit remit, AccountState from, Tier tier, Paid paid) {
        if (remit.amount().isZero()) {
            return Optional.of(new Refusal(RefusalCode.OUT_OF_RANGE, "a remittance of nothing"));
        }
        long amount = remit.amount().minor();
        Optional<Refusal> limits =
                tier.refusesPayment(amount, Math.addExact(paid.day(), amount), Math.addExact(paid.year(), amount));
        if (limits.isPresent()) {
            return limits;
        }
        if (remit.toInstitution().equals(setting.self()) && remit.toAccount().equals(from.name())) {
            return Optional.of(new Refusal(RefusalCode.UNKNOWN_ACCOUNT, "sender and receiver are one"));
        }
        if (setting.bulletin().institution(remit.toInstitution()).isEmpty()) {
            return Optional.of(new Refusal(RefusalCode.WRONG_INSTITUTION, "no institution " + remit.toInstitution()));
        }
        return Optional.empty();
    }

    /**
     * Whether money from somebody else may enter an account here.
     *
     * @param to the account that is named, if there is one
     * @return 306, 504, 703, 705 or 716
     */
    public static Optional<Refusal> refusesReceiver(
            Setting setting, Optional<AccountState> to, Currency currency, Amount amount) {
        if (to.isEmpty()) {
            return Optional.of(Refusal.of(RefusalCode.UNKNOWN_ACCOUNT));
        }
        if (!to.get().currency().equals(currency)) {
            return Optional.of(new Refusal(RefusalCode.CURRENCY_MISMATCH, "the account counts another currency"));
        }
        return switch (Certifying.tier(setting, to.get())) {
            case Decision.Denied<Tier> no -> Optional.of(no.refusal());
            case Decision.Granted<Tier> tier -> Depositing.refusesCredit(tier.value(), to.get(), amount);
        };
    }

    /** What the statement of an account says of its money that came back. */
    public static String returned(RefusalCode reason, String reference) {
        String why = reason == RefusalCode.OVER_HOLDING_LIMIT ? "above what the account may hold" : reason.meaning();
        return "returned: " + why + (reference.isEmpty() ? "" : " (" + reference + ")");
    }
}
