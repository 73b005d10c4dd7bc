package org.jiaozi.bank.registry;

import org.jiaozi.core.value.Amount;

/**
 * Who bears what a culprit cost: first the culprit, then the guarantee fund up to its cap for one culprit, then the
 * institution that certified the key (spec 07, clause 13). A function of totals, so that a later, larger report moves
 * back what fund and institution bore too much.
 *
 * @param culprit minor units
 * @param fund minor units
 * @param institution minor units
 */
public record Waterfall(Amount culprit, Amount fund, Amount institution) {
    /**
     * Shares out {@code owed}.
     *
     * @param recovered from the culprit, in all; anything above {@code owed} is not needed
     * @param cap most that the fund bears for one culprit
     * @param inFund what the fund can bear, what it already bore for this culprit included
     */
    public static Waterfall of(Amount owed, Amount recovered, Amount cap, Amount inFund) {
        Amount culprit = recovered.min(owed);
        Amount fund = owed.minus(culprit).min(cap).min(inFund);
        return new Waterfall(culprit, fund, owed.minus(culprit).minus(fund));
    }
}
