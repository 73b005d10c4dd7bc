package org.jiaozi.bank.institution;

import org.jiaozi.core.value.Amount;

/**
 * What an account owes for a convicted purse key or a claim that was paid twice. It is taken from the account as soon as
 * there is anything in it.
 *
 * @param owed minor units in all
 * @param recovered minor units taken so far, at most {@code owed}
 */
public record Debts(Amount owed, Amount recovered) {
    public Debts {
        if (recovered.compareTo(owed) > 0) {
            throw new IllegalArgumentException("recovered " + recovered + " of " + owed);
        }
    }

    /** What is still to be taken. */
    public Amount open() {
        return owed.minus(recovered);
    }

    /** What a balance yields towards it. */
    public Amount seizable(Amount balance) {
        return open().min(balance);
    }

    /** The debt after something was taken. */
    public Debts less(Amount taken) {
        return new Debts(owed, recovered.plus(taken));
    }

    /** The debt at a new total; totals only rise, so an older one changes nothing. */
    public Debts raisedTo(Amount total) {
        return new Debts(total.compareTo(owed) > 0 ? total : owed, recovered);
    }
}
