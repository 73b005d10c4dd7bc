package org.jiaozi.core.value;

/**
 * SHA-256 of a purse's or institution's COSE_Key (spec 02, clause 6): the name under which a key holds value.
 *
 * @param bytes exactly 32 bytes
 */
public record Thumbprint(Bytes bytes) implements Comparable<Thumbprint> {
    public static final int SIZE = 32;

    public Thumbprint {
        if (bytes.size() != SIZE) {
            throw new IllegalArgumentException("Thumbprint of " + bytes.size() + " bytes, expected " + SIZE);
        }
    }

    /** Reads hexadecimal text. */
    public static Thumbprint fromHex(String hex) {
        return new Thumbprint(Bytes.fromHex(hex));
    }

    /** Copies {@code raw}, which must have {@link #SIZE} bytes. */
    public static Thumbprint of(byte[] raw) {
        return new Thumbprint(Bytes.of(raw));
    }

    /** Lower-case hexadecimal text. */
    public String hex() {
        return bytes.hex();
    }

    /** Some of its bytes are as good as a hash code of all of them. */
    @Override
    public int hashCode() {
        return (int) bytes.firstEight();
    }

    @Override
    public int compareTo(Thumbprint other) {
        return bytes.compareTo(other.bytes);
    }

    @Override
    public String toString() {
        return bytes.hex();
    }
}
