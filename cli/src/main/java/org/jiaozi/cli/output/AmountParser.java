package org.jiaozi.cli.output;

import java.util.regex.Pattern;

/**
 * Amounts as people write them ({@code 12.50}) to minor units (1250 fen) and back. The point is the only separator,
 * because {@code 1,234} is a thousand to one reader and a little over one to another.
 */
public final class AmountParser {
    /** One more than the largest amount, in minor units: 2^48. */
    public static final long LIMIT_MINOR_UNITS = 1L << 48;

    private static final int MAX_DECIMALS = 14;
    private static final Pattern PLAIN = Pattern.compile("[0-9]+(\\.[0-9]+)?");
    /** 2^48 has fifteen digits. More are refused by their count, so that the arithmetic cannot overflow. */
    private static final Pattern LEADING_ZEROS = Pattern.compile("^0+(?=[0-9])");

    private static final int MAX_DIGITS = 15;

    private AmountParser() {}

    /**
     * Reads an amount, zero included.
     *
     * @param decimals how many digits the currency has after the point, 0 to 14
     * @return minor units, 0 to 2^48 - 1
     * @throws IllegalArgumentException with one line for the person who typed it: a sign, a comma or any other
     *     separator, more decimals than the currency has, nothing before or after the point, or too much
     */
    public static long parse(String typed, int decimals) {
        checkDecimals(decimals);
        String text = typed.strip();
        if (text.isEmpty()) {
            throw refuse(typed, "write an amount such as " + example(decimals));
        }
        if (text.startsWith("-") || text.startsWith("\u2212")) {
            throw refuse(typed, "an amount cannot be negative");
        }
        if (text.indexOf(',') >= 0 || text.indexOf('\'') >= 0 || text.indexOf('_') >= 0 || hasSpace(text)) {
            throw refuse(typed, "write it without separators, and a point before the decimals: " + example(decimals));
        }
        if (!PLAIN.matcher(text).matches()) {
            throw refuse(
                    typed,
                    "write digits" + (decimals == 0 ? " only" : " and at most one point") + ": " + example(decimals));
        }
        int point = text.indexOf('.');
        String whole = point < 0 ? text : text.substring(0, point);
        String fraction = point < 0 ? "" : text.substring(point + 1);
        if (fraction.length() > decimals) {
            throw refuse(typed, "this currency has " + (decimals == 0 ? "no" : "at most " + decimals) + " decimals");
        }
        String digits = LEADING_ZEROS
                .matcher(whole + fraction + "0".repeat(decimals - fraction.length()))
                .replaceFirst("");
        long minorUnits = digits.length() > MAX_DIGITS ? LIMIT_MINOR_UNITS : Long.parseLong(digits);
        if (minorUnits >= LIMIT_MINOR_UNITS) {
            throw refuse(typed, "the most is " + format(LIMIT_MINOR_UNITS - 1, decimals));
        }
        return minorUnits;
    }

    /**
     * Writes minor units with every decimal of the currency, as {@link #parse} reads them.
     *
     * @param minorUnits may be negative, as in a statement
     */
    public static String format(long minorUnits, int decimals) {
        checkDecimals(decimals);
        String digits = Long.toString(Math.absExact(minorUnits));
        String padded = "0".repeat(Math.max(0, decimals + 1 - digits.length())) + digits;
        int point = padded.length() - decimals;
        String sign = minorUnits < 0 ? "-" : "";
        return decimals == 0 ? sign + padded : sign + padded.substring(0, point) + "." + padded.substring(point);
    }

    private static boolean hasSpace(String text) {
        return text.chars().anyMatch(c -> Character.isWhitespace(c) || Character.isSpaceChar(c));
    }

    private static String example(int decimals) {
        return format(1234 * pow10(decimals) + (decimals == 0 ? 0 : pow10(decimals) / 2), decimals);
    }

    private static long pow10(int exponent) {
        long power = 1;
        for (int i = 0; i < exponent; i++) {
            power = Math.multiplyExact(power, 10L);
        }
        return power;
    }

    private static void checkDecimals(int decimals) {
        if (decimals < 0 || decimals > MAX_DECIMALS) {
            throw new IllegalStateException("a currency has 0 to " + MAX_DECIMALS + " decimals, not " + decimals);
        }
    }

    private static IllegalArgumentException refuse(String typed, String why) {
        String shown = typed.length() <= 40 ? typed : typed.substring(0, 40) + "…";
        return new IllegalArgumentException("'" + shown.replaceAll("\\p{Cntrl}", "?") + "' is no amount: " + why);
    }
}
