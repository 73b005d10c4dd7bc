package org.jiaozi.core.lineage;

import java.nio.charset.StandardCharsets;
import org.jiaozi.core.value.Bytes;
import org.jiaozi.core.value.BytesWriter;

/** Writes fixed-width big-endian fields and short counts. */
final class PackedWriter {
    private final BytesWriter out = new BytesWriter();

    void uint(long value, int width) {
        for (int shift = (width - 1) * 8; shift >= 0; shift -= 8) {
            out.write((int) (value >>> shift));
        }
    }

    /** Seven bits a byte, lowest first, the high bit meaning more. */
    void varint(long value) {
        long rest = value;
        while (rest >= 0x80) {
            out.write((int) (rest & 0x7f) | 0x80);
            rest >>>= 7;
        }
        out.write((int) rest);
    }

    void bytes(Bytes value) {
        value.appendTo(out);
    }

    /** One length byte, then ASCII. */
    void text(String value) {
        byte[] ascii = value.getBytes(StandardCharsets.US_ASCII);
        out.write(ascii.length);
        out.writeBytes(ascii);
    }

    Bytes toBytes() {
        return out.content();
    }
}
