package org.jiaozi.core.codec;

import java.util.Comparator;

/**
 * The bytewise order of two map keys' encodings, without encoding them: integers from 0 up, then from -1 down, then texts,
 * shorter ones first (RFC 8949, 4.2.1).
 */
public final class KeyOrder {
    public static final Comparator<Cbor> KEYS = KeyOrder::compare;

    private KeyOrder() {}

    private static int compare(Cbor one, Cbor other) {
        if (one instanceof Cbor.Int a && other instanceof Cbor.Int b) {
            return integers(a.value(), b.value());
        }
        if (one instanceof Cbor.Text a && other instanceof Cbor.Text b) {
            return texts(a.value(), b.value());
        }
        return Integer.compare(major(one), major(other));
    }

    private static int integers(long a, long b) {
        // a negative integer comes after those from 0 up, and -2 after -1: in both cases the lower one comes last
        return a < 0 || b < 0 ? Long.compare(b, a) : Long.compare(a, b);
    }

    private static int texts(String a, String b) {
        int shorter = Integer.compare(length(a), length(b));
        // the order of UTF-8 is that of code points
        return shorter != 0 ? shorter : codePoints(a, b);
    }

    private static int codePoints(String a, String b) {
        int at = 0;
        while (at < a.length() && at < b.length()) {
            int left = a.codePointAt(at);
            int right = b.codePointAt(at);
            if (left != right) {
                return Integer.compare(left, right);
            }
            at += Character.charCount(left);
        }
        return 0;
    }

    /** In UTF-8. */
    private static int length(String text) {
        int length = text.length();
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            // both halves of a pair have four bytes between them
            length += c < 0x80 ? 0 : c < 0x800 || Character.isSurrogate(c) ? 1 : 2;
        }
        return length;
    }

    private static int major(Cbor key) {
        if (key instanceof Cbor.Int) {
            return 0;
        }
        if (key instanceof Cbor.Text) {
            return 3;
        }
        throw new IllegalArgumentException("a map key that is neither integer nor text");
    }
}
