package org.jiaozi.lab.audit;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jiaozi.core.value.Bytes;

/**
 * A CBOR item (RFC 8949) as the auditor reads it: as much as statements are made of, written apart from the platform's
 * codec. What it does not know, it throws at.
 */
public sealed interface Raw {
    record Int(long value) implements Raw {}

    record Str(Bytes value) implements Raw {}

    record Text(String value) implements Raw {}

    record Arr(List<Raw> items) implements Raw {}

    record Dict(Map<Raw, Raw> entries) implements Raw {}

    record Bool(boolean value) implements Raw {}

    record Nil() implements Raw {}

    /** Reads exactly one item. */
    static Raw read(Bytes bytes) {
        ByteBuffer in = ByteBuffer.wrap(bytes.toArray());
        try {
            Raw item = next(in, 0);
            if (in.hasRemaining()) {
                throw new AuditException(in.remaining() + " bytes after a CBOR item");
            }
            return item;
        } catch (java.nio.BufferUnderflowException e) {
            throw new AuditException("a CBOR item that breaks off");
        }
    }

    private static Raw next(ByteBuffer in, int depth) {
        if (depth > 32) {
            throw new AuditException("CBOR nested too deeply");
        }
        int head = in.get() & 0xff;
        long argument = argument(in, head & 0x1f);
        return switch (head >> 5) {
            case 0 -> new Int(argument);
            case 1 -> new Int(Math.subtractExact(-1L, argument));
            case 2 -> new Str(Bytes.of(take(in, argument)));
            case 3 -> new Text(new String(take(in, argument), StandardCharsets.UTF_8));
            case 4 -> {
                List<Raw> items = new ArrayList<>();
                for (long i = 0; i < argument; i++) {
                    items.add(next(in, depth + 1));
                }
                yield new Arr(List.copyOf(items));
            }
            case 5 -> {
                Map<Raw, Raw> entries = new LinkedHashMap<>();
                for (long i = 0; i < argument; i++) {
                    if (entries.put(next(in, depth + 1), next(in, depth + 1)) != null) {
                        throw new AuditException("a CBOR key twice");
                    }
                }
                yield new Dict(entries);
            }
            default -> simple(head);
        };
    }

    private static Raw simple(int head) {
        return switch (head) {
            case 0xf4 -> new Bool(false);
            case 0xf5 -> new Bool(true);
            case 0xf6 -> new Nil();
            default -> throw new AuditException("CBOR initial byte " + head);
        };
    }

    private static long argument(ByteBuffer in, int additional) {
        long value = switch (additional) {
            case 24 -> in.get() & 0xffL;
            case 25 -> in.getShort() & 0xffffL;
            case 26 -> in.getInt() & 0xffff_ffffL;
            case 27 -> in.getLong();
            default -> additional;
        };
        if (additional > 27 || value < 0) {
            throw new AuditException("a CBOR length or integer beyond 63 bits");
        }
        return value;
    }

    private static byte[] take(ByteBuffer in, long length) {
        if (length > in.remaining()) {
            throw new AuditException("a CBOR string that breaks off");
        }
        byte[] taken = new byte[(int) length];
        in.get(taken);
        return taken;
    }

    /** A definite-length head: major type and argument in the shortest form. */
    static Bytes head(int major, int argument) {
        int type = major << 5;
        if (argument < 24) {
            return Bytes.of(new byte[] {(byte) (type | argument)});
        }
        if (argument < 256) {
            return Bytes.of(new byte[] {(byte) (type | 24), (byte) argument});
        }
        if (argument < 65536) {
            return Bytes.of(new byte[] {(byte) (type | 25), (byte) (argument >> 8), (byte) argument});
        }
        return Bytes.of(
                ByteBuffer.allocate(5).put((byte) (type | 26)).putInt(argument).array());
    }

    /** A byte string with its head. */
    static Bytes string(Bytes content) {
        return head(2, content.size()).concat(content);
    }

    default long integer() {
        if (this instanceof Int i) {
            return i.value();
        }
        throw new AuditException("not an integer");
    }

    default Bytes bytes() {
        if (this instanceof Str s) {
            return s.value();
        }
        throw new AuditException("not a byte string");
    }

    default String text() {
        if (this instanceof Text t) {
            return t.value();
        }
        throw new AuditException("not text");
    }

    default boolean bool() {
        if (this instanceof Bool b) {
            return b.value();
        }
        throw new AuditException("not a Boolean");
    }

    default List<Raw> list() {
        if (this instanceof Arr a) {
            return a.items();
        }
        throw new AuditException("not an array");
    }

    default boolean has(long key) {
        return this instanceof Dict d && d.entries().containsKey(new Int(key));
    }

    /** Whether it is a map of exactly these integer keys. */
    default boolean holds(long... keys) {
        return this instanceof Dict d
                && d.entries().size() == keys.length
                && Arrays.stream(keys).allMatch(this::has);
    }

    /** The value under a text key. */
    default Raw at(String key) {
        Raw value = this instanceof Dict d ? d.entries().get(new Text(key)) : null;
        if (value == null) {
            throw new AuditException("no field " + key);
        }
        return value;
    }

    /** The value under an integer key. */
    default Raw at(long key) {
        if (!has(key)) {
            throw new AuditException("no field " + key);
        }
        return Objects.requireNonNull(((Dict) this).entries().get(new Int(key)));
    }
}
