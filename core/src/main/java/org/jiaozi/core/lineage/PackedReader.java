package org.jiaozi.core.lineage;

import java.nio.charset.StandardCharsets;
import org.jiaozi.core.codec.DecodeException;
import org.jiaozi.core.refusal.RefusalCode;
import org.jiaozi.core.value.Bytes;

/** Reads what {@link PackedWriter} writes; never allocates more than the input holds. */
final class PackedReader {
    private final Bytes in;
    private int position;

    PackedReader(Bytes in) {
        this.in = in;
    }

    long uint(int width) {
        need(width);
        long value = 0;
        for (int i = 0; i < width; i++) {
            value = value << 8 | in.at(position++);
        }
        return value;
    }

    /** A count of statements, of which at most {@code max} fit. */
    int count(int max) {
        return count(max, RefusalCode.LINEAGE_TOO_LARGE);
    }

    /** A count of at most {@code max}, refused with {@code beyond}; over-long forms are left to the canonical check. */
    int count(int max, RefusalCode beyond) {
        long value = 0;
        for (int shift = 0; shift < 35; shift += 7) {
            int next = (int) uint(1);
            value |= (long) (next & 0x7f) << shift;
            if ((next & 0x80) == 0) {
                if (value > max) {
                    throw new DecodeException(beyond, value + " where at most " + max + " fit");
                }
                return (int) value;
            }
        }
        throw new DecodeException(RefusalCode.MALFORMED, "an over-long count");
    }

    Bytes bytes(int length) {
        need(length);
        position += length;
        return in.slice(position - length, position);
    }

    int position() {
        return position;
    }

    /** What was read from {@code begin} on. */
    Bytes since(int begin) {
        return in.slice(begin, position);
    }

    String text(int max) {
        int length = (int) uint(1);
        if (length > max) {
            throw new DecodeException(RefusalCode.FIELD_TOO_LONG, "text of " + length + " bytes");
        }
        return new String(bytes(length).toArray(), StandardCharsets.US_ASCII);
    }

    void end() {
        if (position != in.size()) {
            throw new DecodeException(RefusalCode.TRAILING_BYTES, (in.size() - position) + " bytes after the lineage");
        }
    }

    private void need(int length) {
        if (in.size() - position < length) {
            throw new DecodeException(RefusalCode.MALFORMED, "the lineage is cut off");
        }
    }
}
