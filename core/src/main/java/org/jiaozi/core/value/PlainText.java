package org.jiaozi.core.value;

/**
 * Text that says what it shows (spec 02, clause 2): names, references and reasons come from strangers and are printed on
 * terminals, where a control character could erase a line or write another one.
 */
public final class PlainText {
    private static final int REPLACEMENT = 0xfffd;

    private PlainText() {}

    /** Whether {@code text} has no control character, line separator, bidirectional override or half of a pair. */
    public static boolean isPlain(String text) {
        return text.codePoints().allMatch(PlainText::isPlain);
    }

    /** {@code text} with U+FFFD for every character that is not plain. */
    public static String of(String text) {
        return isPlain(text)
                ? text
                : text.codePoints()
                        .map(c -> isPlain(c) ? c : REPLACEMENT)
                        .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                        .toString();
    }

    private static boolean isPlain(int c) {
        boolean control = c < 0x20 || (c >= 0x7f && c <= 0x9f);
        boolean line = c == 0x2028 || c == 0x2029;
        boolean bidirectional = (c >= 0x202a && c <= 0x202e) || (c >= 0x2066 && c <= 0x2069);
        boolean half = c >= 0xd800 && c <= 0xdfff;
        return !control && !line && !bidirectional && !half;
    }
}
