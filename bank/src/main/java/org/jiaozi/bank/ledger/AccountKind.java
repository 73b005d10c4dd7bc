package org.jiaozi.bank.ledger;

import java.util.Locale;

/**
 * What an account is for, and on which side of zero it may stand. A balance is what came in minus what went out, so a
 * positive one is money the book's keeper owes to the account's owner (spec 07, clause 14).
 */
public enum AccountKind {
    /** Central bank: where all money comes from; minus what it ever put out. */
    ISSUE(Side.NOT_POSITIVE),
    /** Central bank: an institution's reserve. Below zero is an overdraft, which is reported. */
    RESERVE(Side.ANY),
    /** Both: what backs notes that are outstanding, per issuer. */
    FLOAT(Side.NOT_NEGATIVE),
    /** Both: between institutions until the next netting cycle. */
    CLEARING(Side.ANY),
    /** Central bank: advanced to honest holders, and due from the institution that certified the culprit. */
    RECOVERY(Side.NOT_POSITIVE),
    /** Both: withheld until a person has looked. */
    HELD(Side.NOT_NEGATIVE),
    /** Central bank: the guarantee fund. */
    GUARANTEE(Side.NOT_NEGATIVE),
    /** Institution: a customer's account. */
    CUSTOMER(Side.NOT_NEGATIVE),
    /** Institution: what a culprit or claimant owes. */
    DEBT(Side.NOT_POSITIVE),
    /** Institution: what it lost for good. */
    LOSS(Side.NOT_POSITIVE),
    /** Institution: cash and transfers from outside the system, by which accounts are funded. */
    OUTSIDE(Side.ANY);

    /** Where a balance may stand. */
    public enum Side {
        ANY,
        NOT_NEGATIVE,
        NOT_POSITIVE
    }

    private final Side side;

    AccountKind(Side side) {
        this.side = side;
    }

    public Side side() {
        return side;
    }

    /** Whether an account of this kind may stand at {@code balance}. */
    public boolean allows(long balance) {
        return switch (side) {
            case ANY -> true;
            case NOT_NEGATIVE -> balance >= 0;
            case NOT_POSITIVE -> balance <= 0;
        };
    }

    /** The kind's name in account names: lower case. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** The kind of that label; others throw. */
    public static AccountKind ofLabel(String label) {
        return valueOf(label.toUpperCase(Locale.ROOT));
    }
}
