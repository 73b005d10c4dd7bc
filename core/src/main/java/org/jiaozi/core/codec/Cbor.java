package org.jiaozi.core.codec;

import com.upokecenter.cbor.CBORObject;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jiaozi.core.value.Bytes;

/**
 * The CBOR that the protocol uses: integers, byte and text strings, arrays, maps with integer or text keys, true, false
 * and null, in deterministic encoding (RFC 8949, 4.2.1; spec 02, clause 1). No floats, tags or indefinite lengths.
 */
public sealed interface Cbor {

    /** An integer, -2^63 to 2^63-1. */
    record Int(long value) implements Cbor {}

    /** A byte string. */
    record Bin(Bytes value) implements Cbor {}

    /** A text string. */
    record Text(String value) implements Cbor {}

    /** An array. */
    record Arr(List<Cbor> items) implements Cbor {
        public Arr {
            items = List.copyOf(items);
        }
    }

    /** A map; keys are {@link Int} or {@link Text}, held in encoded order. */
    record Dict(Map<Cbor, Cbor> entries) implements Cbor {
        public Dict {
            TreeMap<Cbor, Cbor> sorted = new TreeMap<>(KeyOrder.KEYS);
            sorted.putAll(entries);
            entries = java.util.Collections.unmodifiableSortedMap(sorted);
        }
    }

    /** True or false. */
    record Bool(boolean value) implements Cbor {}

    /** The null value. */
    record Null() implements Cbor {}

    /** The null value. */
    static Cbor nil() {
        return new Null();
    }

    static Cbor of(long value) {
        return new Int(value);
    }

    static Cbor of(Bytes value) {
        return new Bin(value);
    }

    static Cbor of(String value) {
        return new Text(value);
    }

    static Cbor of(boolean value) {
        return new Bool(value);
    }

    static Cbor array(Cbor... items) {
        return new Arr(List.of(items));
    }

    static Cbor array(Collection<? extends Cbor> items) {
        return new Arr(List.copyOf(items));
    }

    static DictBuilder map() {
        return new DictBuilder();
    }

    /** Gathers a map's entries. */
    final class DictBuilder {
        private final Map<Cbor, Cbor> entries = new java.util.HashMap<>();

        private DictBuilder() {}

        public DictBuilder put(long key, Cbor value) {
            return put(new Int(key), value);
        }

        public DictBuilder put(String key, Cbor value) {
            return put(new Text(key), value);
        }

        private DictBuilder put(Cbor key, Cbor value) {
            if (entries.put(key, value) != null) {
                throw new IllegalArgumentException("key twice: " + key);
            }
            return this;
        }

        public Dict build() {
            return new Dict(entries);
        }
    }

    /** The one deterministic encoding. */
    default Bytes encode() {
        return Bytes.of(toObject(this).EncodeToBytes());
    }

    /**
     * Reads exactly one item that is in deterministic encoding and fills {@code bytes}. Refuses malformed,
     * non-canonical, duplicate-keyed and trailing bytes and types outside this interface.
     *
     * @throws DecodeException with the refusal
     */
    static Cbor decode(Bytes bytes, int maxBytes) {
        return CborDecoder.decode(bytes, maxBytes);
    }

    private static CBORObject toObject(Cbor item) {
        return switch (item) {
            case Int i -> CBORObject.FromObject(i.value());
            case Bin b -> CBORObject.FromObject(b.value().toArray());
            case Text t -> CBORObject.FromObject(t.value());
            case Arr a -> {
                CBORObject array = CBORObject.NewArray();
                a.items().forEach(x -> array.Add(toObject(x)));
                yield array;
            }
            case Dict d -> {
                CBORObject map = CBORObject.NewOrderedMap();
                d.entries().forEach((k, v) -> map.set(toObject(k), toObject(v)));
                yield map;
            }
            case Bool b -> b.value() ? CBORObject.True : CBORObject.False;
            case Null ignored -> CBORObject.Null;
        };
    }
}
