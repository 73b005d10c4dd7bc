package org.jiaozi.core.value;

import java.util.regex.Pattern;

/**
 * What a note counts: an ISO 4217 currency ({@code CNY}) or an asset ({@code x-} and up to 14 lower-case letters,
 * digits or hyphens, then a dot and the number of decimals, 0 to 8: {@code x-gold-mg.3}). Spec 02, clause 4.
 *
 * @param code 3 to 18 characters
 */
public record Currency(String code) {
    private static final Pattern ISO = Pattern.compile("[A-Z]{3}");
    private static final Pattern ASSET = Pattern.compile("x-[a-z0-9][a-z0-9-]{0,13}\\.[0-8]");

    /** The longest code, in bytes. */
    public static final int MAX_LENGTH = 18;

    public Currency {
        boolean iso = ISO.matcher(code).matches();
        if (iso) {
            // refuses codes that ISO 4217 does not list
            java.util.Currency.getInstance(code);
        } else if (!ASSET.matcher(code).matches()) {
            throw new IllegalArgumentException("not an ISO 4217 code nor an asset id: " + code);
        }
    }

    public boolean isAsset() {
        return code.charAt(0) == 'x';
    }

    /** Digits after the decimal point when people write it. */
    public int decimals() {
        if (isAsset()) {
            return code.charAt(code.length() - 1) - '0';
        }
        return Math.max(0, java.util.Currency.getInstance(code).getDefaultFractionDigits());
    }

    @Override
    public String toString() {
        return code;
    }
}
