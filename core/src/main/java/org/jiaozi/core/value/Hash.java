package org.jiaozi.core.value;

/**
 * A SHA-256 value; of a statement: of its COSE {@code Sig_structure} (spec 02, clause 5).
 *
 * @param bytes exactly 32 bytes
 */
public record Hash(Bytes bytes) implements Comparable<Hash> {
    public static final int SIZE = 32;

    public Hash {
        if (bytes.size() != SIZE) {
            throw new IllegalArgumentException("Hash of " + bytes.size() + " bytes, expected " + SIZE);
        }
    }

    /** Reads hexadecimal text. */
    public static Hash fromHex(String hex) {
        return new Hash(Bytes.fromHex(hex));
    }

    /** Copies {@code raw}, which must have {@link #SIZE} bytes. */
    public static Hash of(byte[] raw) {
        return new Hash(Bytes.of(raw));
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
    public int compareTo(Hash other) {
        return bytes.compareTo(other.bytes);
    }

    @Override
    public String toString() {
        return bytes.hex();
    }
}
