package org.jiaozi.core.codec;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jiaozi.core.refusal.RefusalCode;
import org.jiaozi.core.value.Bytes;
import org.jspecify.annotations.Nullable;

/**
 * Strict reading in one pass (spec 02, clause 1). It is written by hand so that hostile bytes cost no more than their
 * length: nothing is allocated on the word of a length field, no map is hashed or sorted, and nothing is encoded again to
 * learn whether it was canonical.
 */
final class CborDecoder {
    static final int MAX_DEPTH = 12;
    /** Most items in one message: a byte may be an item, and an item takes tens of bytes of memory. */
    static final int MAX_ITEMS = 1 << 20;

    private static final int INDEFINITE = 31;

    private final Bytes in;
    private int at;
    private int items;

    private CborDecoder(Bytes in) {
        this.in = in;
    }

    static Cbor decode(Bytes bytes, int maxBytes) {
        if (bytes.size() > maxBytes) {
            throw new DecodeException(
                    RefusalCode.TOO_LARGE, bytes.size() + " bytes where at most " + maxBytes + " are allowed");
        }
        CborDecoder decoder = new CborDecoder(bytes);
        Cbor item = decoder.item(0);
        if (decoder.left() > 0) {
            throw new DecodeException(RefusalCode.TRAILING_BYTES, decoder.left() + " bytes after the end");
        }
        return item;
    }

    private Cbor item(int depth) {
        if (depth > MAX_DEPTH) {
            throw DecodeException.malformed("nested deeper than " + MAX_DEPTH);
        }
        if (++items > MAX_ITEMS) {
            throw new DecodeException(RefusalCode.TOO_LARGE, "more than " + MAX_ITEMS + " items");
        }
        int initial = next();
        int major = initial >> 5;
        int info = initial & 0x1f;
        return switch (major) {
            case 0 -> Cbor.of(integer(info));
            case 1 -> new Cbor.Int(-1 - integer(info));
            case 2 -> new Cbor.Bin(take(length(info, 1)));
            case 3 -> new Cbor.Text(text(take(length(info, 1)).toArray()));
            case 4 -> array(length(info, 1), depth);
            case 5 -> map(length(info, 2), depth);
            case 6 -> throw DecodeException.malformed("a tag");
            default -> simple(info);
        };
    }

    private Cbor array(int count, int depth) {
        List<Cbor> read = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            read.add(item(depth + 1));
        }
        return new Cbor.Arr(read);
    }

    private Cbor map(int count, int depth) {
        Cbor.DictBuilder map = Cbor.map();
        @Nullable Cbor last = null;
        for (int i = 0; i < count; i++) {
            Cbor key = item(depth + 1);
            if (!(key instanceof Cbor.Int) && !(key instanceof Cbor.Text)) {
                throw DecodeException.malformed("a map key that is neither integer nor text");
            }
            int order = last == null ? -1 : KeyOrder.KEYS.compare(last, key);
            if (order == 0) {
                throw new DecodeException(RefusalCode.DUPLICATE_KEY, "a map key twice");
            }
            if (order > 0) {
                throw nonCanonical("map keys out of order");
            }
            last = key;
            map.put(key, item(depth + 1));
        }
        return map.build();
    }

    private static Cbor simple(int info) {
        return switch (info) {
            case 20 -> new Cbor.Bool(false);
            case 21 -> new Cbor.Bool(true);
            case 22 -> Cbor.nil();
            default -> throw DecodeException.malformed("a type outside the protocol");
        };
    }

    private long integer(int info) {
        if (info == INDEFINITE) {
            throw DecodeException.malformed("an integer without an end");
        }
        long value = argument(info);
        if (value < 0) {
            throw DecodeException.malformed("integer beyond 64 bits");
        }
        return value;
    }

    /** A length or count whose content, of at least {@code unit} bytes each, may still be there. */
    private int length(int info, int unit) {
        if (info == INDEFINITE) {
            throw nonCanonical("an indefinite length");
        }
        long value = argument(info);
        if (value < 0 || value > left() / unit) {
            throw cutOff();
        }
        return (int) value;
    }

    /** The unsigned argument; at least 2^63 comes out negative. */
    private long argument(int info) {
        if (info < 24) {
            return info;
        }
        if (info > 27) {
            throw DecodeException.malformed("not CBOR");
        }
        int width = 1 << (info - 24);
        long value = 0;
        for (int i = 0; i < width; i++) {
            value = value << 8 | next();
        }
        boolean shorter = width == 1 ? value < 24 : value >>> (width * 4) == 0;
        if (shorter) {
            throw nonCanonical("a number wider than it needs");
        }
        return value;
    }

    private static String text(byte[] utf8) {
        String text = new String(utf8, StandardCharsets.UTF_8);
        // what is not UTF-8 comes back as replacement characters
        if (!Arrays.equals(text.getBytes(StandardCharsets.UTF_8), utf8)) {
            throw DecodeException.malformed("text that is not UTF-8");
        }
        return text;
    }

    private int next() {
        if (left() == 0) {
            throw cutOff();
        }
        return in.at(at++);
    }

    private Bytes take(int length) {
        at += length;
        return in.slice(at - length, at);
    }

    private int left() {
        return in.size() - at;
    }

    private static DecodeException cutOff() {
        return DecodeException.malformed("not CBOR: cut off");
    }

    private static DecodeException nonCanonical(String detail) {
        return new DecodeException(RefusalCode.NON_CANONICAL, detail);
    }
}
