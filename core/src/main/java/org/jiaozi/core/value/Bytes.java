package org.jiaozi.core.value;

import java.io.ByteArrayOutputStream;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.HexFormat;

/** An immutable byte string, compared by content. */
public final class Bytes implements Comparable<Bytes> {
    public static final Bytes EMPTY = new Bytes(new byte[0]);
    private final byte[] content;

    private Bytes(byte[] content) {
        this.content = content;
    }

    /** A copy of {@code source}. */
    public static Bytes of(byte[] source) {
        return new Bytes(source.clone());
    }

    /** A copy of {@code source} from {@code from} inclusive to {@code to} exclusive. */
    public static Bytes of(byte[] source, int from, int to) {
        return new Bytes(Arrays.copyOfRange(source, from, to));
    }

    /** Reads hexadecimal text, upper or lower case. */
    public static Bytes fromHex(String hex) {
        return new Bytes(HexFormat.of().parseHex(hex));
    }

    /** A copy of the content. */
    public byte[] toArray() {
        return content.clone();
    }

    /** The length in bytes. */
    public int size() {
        return content.length;
    }

    /** The byte at {@code index}, 0 to 255. */
    public int at(int index) {
        return content[index] & 0xff;
    }

    /** The bytes from {@code from} inclusive to {@code to} exclusive; throws unless there are so many. */
    public Bytes slice(int from, int to) {
        // the JDK would fill up with zeros what is missing at the end
        if (from < 0 || from > to || to > content.length) {
            throw new IllegalArgumentException("bytes " + from + " to " + to + " of " + content.length);
        }
        return new Bytes(Arrays.copyOfRange(content, from, to));
    }

    /** This followed by {@code other}. */
    public Bytes concat(Bytes other) {
        byte[] joined = Arrays.copyOf(content, content.length + other.content.length);
        System.arraycopy(other.content, 0, joined, content.length, other.content.length);
        return new Bytes(joined);
    }

    /** Adds the content to what was written so far. */
    public void appendTo(ByteArrayOutputStream out) {
        out.write(content, 0, content.length);
    }

    /** Adds the content to what is digested. */
    public void feed(MessageDigest digest) {
        digest.update(content);
    }

    /** Lower-case hexadecimal text. */
    public String hex() {
        return HexFormat.of().formatHex(content);
    }

    /** Orders byte by byte, unsigned; a prefix comes first. */
    @Override
    public int compareTo(Bytes other) {
        return Arrays.compareUnsigned(content, other.content);
    }

    /** Orders the bytes from {@code from} to {@code to} against all of {@code other}, likewise. */
    public int compareRange(int from, int to, Bytes other) {
        return Arrays.compareUnsigned(content, from, to, other.content, 0, other.content.length);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Bytes that && Arrays.equals(content, that.content);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(content);
    }

    /** The first eight bytes as a number, the most significant first; there must be as many. */
    public long firstEight() {
        long first = 0;
        for (int i = 0; i < Long.BYTES; i++) {
            first = (first << Byte.SIZE) | (content[i] & 0xff);
        }
        return first;
    }

    @Override
    public String toString() {
        return hex();
    }
}
