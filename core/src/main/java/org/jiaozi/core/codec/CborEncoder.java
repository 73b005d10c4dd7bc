package org.jiaozi.core.codec;

import com.upokecenter.cbor.CBORObject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import org.jiaozi.core.value.Bytes;
import org.jiaozi.core.value.BytesWriter;
import org.jiaozi.core.value.Limit;

/**
 * Writing in one pass (spec 02, clause 1): no tree of the library's objects is built first, for a map's entries are in the
 * order of their encodings already. Heads of more than two bytes are the library's.
 */
final class CborEncoder {
    /** Says that an argument follows in one byte; what is less is in the head's first byte itself. */
    private static final int ONE_BYTE_MORE = 24;

    private static final int FALSE = 0xf4;
    private static final int TRUE = 0xf5;
    private static final int NULL = 0xf6;

    private final BytesWriter out = new BytesWriter();

    private CborEncoder() {}

    static Bytes encode(Cbor item) {
        CborEncoder encoder = new CborEncoder();
        try {
            encoder.item(item);
        } catch (IOException e) {
            throw new UncheckedIOException("nothing is written but memory", e);
        }
        return encoder.out.content();
    }

    private void item(Cbor item) throws IOException {
        switch (item) {
            case Cbor.Int i -> integer(i.value());
            case Cbor.Bin b -> {
                head(2, b.value().size());
                b.value().appendTo(out);
            }
            case Cbor.Text t -> {
                byte[] utf8 = utf8(t.value());
                head(3, utf8.length);
                out.write(utf8, 0, utf8.length);
            }
            case Cbor.Arr a -> {
                head(4, a.items().size());
                for (Cbor one : a.items()) {
                    item(one);
                }
            }
            case Cbor.Dict d -> {
                head(5, d.size());
                for (int i = 0; i < d.size(); i++) {
                    item(d.keys().get(i));
                    item(d.values().get(i));
                }
            }
            case Cbor.Bool b -> out.write(b.value() ? TRUE : FALSE);
            case Cbor.Null ignored -> out.write(NULL);
        }
    }

    private void integer(long value) throws IOException {
        if (value < 0) {
            head(1, -1 - value);
        } else {
            head(0, value);
        }
    }

    private void head(int major, long argument) throws IOException {
        // most heads are one byte or two, and the library allocates to write them
        if (argument < ONE_BYTE_MORE) {
            out.write(major << 5 | (int) argument);
        } else if (argument <= Limit.UINT8) {
            out.write(major << 5 | ONE_BYTE_MORE);
            out.write((int) argument);
        } else {
            CBORObject.WriteValue(out, major, argument);
        }
    }

    private static byte[] utf8(String text) {
        for (int at = 0; at < text.length(); at++) {
            int point = text.codePointAt(at);
            if (point >= Character.MIN_SURROGATE && point <= Character.MAX_SURROGATE) {
                throw new IllegalArgumentException("half a surrogate pair has no UTF-8");
            }
            at += Character.charCount(point) - 1;
        }
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
