package org.jiaozi.bank.ledger;

import org.jiaozi.core.value.Amount;
import org.jiaozi.core.value.Currency;

/**
 * One movement of money. It names the account it leaves and the account it enters, so books made of postings cannot be
 * unbalanced; a posting of nothing, or from an account to itself, cannot be written (spec 07, clause 14).
 *
 * @param debit the account it leaves
 * @param credit the account it enters
 * @param currency of both
 * @param amount minor units, above 0
 * @param reason a short word for reports, such as {@code redeem}
 * @param reference what it belongs to, such as a deposit's hash in hexadecimal; at most 128 characters
 */
public record Posting(
        AccountName debit, AccountName credit, Currency currency, Amount amount, String reason, String reference) {
    private static final int MAX_REASON = 32;
    private static final int MAX_REFERENCE = 128;

    public Posting {
        if (amount.isZero()) {
            throw new IllegalArgumentException("a posting of nothing");
        }
        if (debit.equals(credit)) {
            throw new IllegalArgumentException("a posting from " + debit + " to itself");
        }
        if (reason.isEmpty() || reason.length() > MAX_REASON || reference.length() > MAX_REFERENCE) {
            throw new IllegalArgumentException("reason or reference is empty or too long");
        }
    }
}
