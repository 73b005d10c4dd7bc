package org.jiaozi.bank.ledger;

import java.util.regex.Pattern;
import org.jiaozi.core.value.InstitutionId;

/**
 * An account: its kind, and whose it is. Written {@code kind:owner}, such as {@code float:1} or {@code customer:1001};
 * an account that exists once has no owner and is written {@code guarantee}.
 *
 * @param kind what it is for
 * @param owner up to 64 letters, digits, dots, underscores and hyphens; empty where there is one only
 */
public record AccountName(AccountKind kind, String owner) implements Comparable<AccountName> {
    private static final Pattern OWNER = Pattern.compile("[A-Za-z0-9._-]{0,64}");

    public AccountName {
        if (!OWNER.matcher(owner).matches()) {
            throw new IllegalArgumentException("not an account's owner: " + owner);
        }
    }

    /** An account that exists once. */
    public static AccountName of(AccountKind kind) {
        return new AccountName(kind, "");
    }

    /** An institution's account. */
    public static AccountName of(AccountKind kind, InstitutionId owner) {
        return new AccountName(kind, owner.toString());
    }

    /** Reads {@code kind:owner}. */
    public static AccountName parse(String text) {
        int colon = text.indexOf(':');
        return colon < 0
                ? of(AccountKind.ofLabel(text))
                : new AccountName(AccountKind.ofLabel(text.substring(0, colon)), text.substring(colon + 1));
    }

    @Override
    public int compareTo(AccountName other) {
        int byKind = kind.compareTo(other.kind);
        return byKind != 0 ? byKind : owner.compareTo(other.owner);
    }

    @Override
    public String toString() {
        return owner.isEmpty() ? kind.label() : kind.label() + ":" + owner;
    }
}
