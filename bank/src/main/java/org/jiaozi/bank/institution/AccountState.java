package org.jiaozi.bank.institution;

import org.jiaozi.core.value.Amount;
import org.jiaozi.core.value.Currency;

/**
 * An account as it was looked up.
 *
 * @param name what wallets and people call it, at most 64 bytes
 * @param tier its wallet class: a tier of the policy
 * @param currency what it counts
 * @param balance minor units, what is held for running operations excluded
 * @param block whether and why nothing may leave it
 * @param flagged whether a person wants to look before conflicting deposits are paid
 */
public record AccountState(String name, int tier, Currency currency, Amount balance, Block block, boolean flagged) {
    /** Why an account is blocked. A blocked account still receives what is its own. */
    public enum Block {
        /** It is not. */
        NONE,
        /** A person decided so; deposits come back as notes. */
        OPERATOR,
        /** Its holder reported the device lost. */
        LOST,
        /** One of its purse keys was convicted. */
        CONVICTED
    }

    /** The same with more on it. */
    public AccountState credited(Amount amount) {
        return new AccountState(name, tier, currency, balance.plus(amount), block, flagged);
    }

    public boolean blocked() {
        return block != Block.NONE;
    }
}
