package org.jiaozi.core.value;

/**
 * A value used once: of a request, a load or a deposit batch; 128 random bits drawn by its maker.
 *
 * @param bytes exactly 16 bytes
 */
public record Nonce(Bytes bytes) implements Comparable<Nonce> {
    public static final int SIZE = 16;

    public Nonce {
        if (bytes.size() != SIZE) {
            throw new IllegalArgumentException("Nonce of " + bytes.size() + " bytes, expected " + SIZE);
        }
    }

    /** Reads hexadecimal text. */
    public static Nonce fromHex(String hex) {
        return new Nonce(Bytes.fromHex(hex));
    }

    /** Copies {@code raw}, which must have {@link #SIZE} bytes. */
    public static Nonce of(byte[] raw) {
        return new Nonce(Bytes.of(raw));
    }

    /** Lower-case hexadecimal text. */
    public String hex() {
        return bytes.hex();
    }

    @Override
    public int compareTo(Nonce other) {
        return bytes.compareTo(other.bytes);
    }

    @Override
    public String toString() {
        return bytes.hex();
    }
}
