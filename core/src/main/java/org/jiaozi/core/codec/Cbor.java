package org.jiaozi.core.codec;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jiaozi.core.value.Bytes;
import org.jspecify.annotations.Nullable;

/**
 * The CBOR that the protocol uses: integers, byte and text strings, arrays, maps with integer or text keys, true, false
 * and null, in deterministic encoding (RFC 8949, 4.2.1; spec 02, clause 1). No floats, tags or indefinite lengths.
 */
public sealed interface Cbor {

    /** An integer, -2^63 to 2^63-1. */
    record Int(long value) implements Cbor {
        /** Most are keys of maps. */
        private static final Int[] SMALL =
                java.util.stream.LongStream.range(0, 64).mapToObj(Int::new).toArray(Int[]::new);

        static Int of(long value) {
            return value >= 0 && value < SMALL.length ? SMALL[(int) value] : new Int(value);
        }
    }

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
    final class Dict implements Cbor {
        private final List<Cbor> keys;
        private final List<Cbor> values;

        private Dict(List<Cbor> keys, List<Cbor> values) {
            this.keys = List.copyOf(keys);
            this.values = List.copyOf(values);
        }

        public static Dict of(Map<Cbor, Cbor> entries) {
            DictBuilder built = new DictBuilder();
            entries.forEach(built::put);
            return built.build();
        }

        public int size() {
            return keys.size();
        }

        /** In encoded order. */
        public List<Cbor> keys() {
            return keys;
        }

        /** As the keys are ordered. */
        public List<Cbor> values() {
            return values;
        }

        /** The value under {@code key}, or null. */
        public @Nullable Cbor get(Cbor key) {
            int at = indexOf(key);
            return at < 0 ? null : values.get(at);
        }

        /** The place of {@code key}, or below zero. */
        int indexOf(Cbor key) {
            return Collections.binarySearch(keys, key, KeyOrder.KEYS);
        }

        /** A copy that may be changed. */
        public Map<Cbor, Cbor> entries() {
            Map<Cbor, Cbor> copy = new TreeMap<>(KeyOrder.KEYS);
            for (int i = 0; i < keys.size(); i++) {
                copy.put(keys.get(i), values.get(i));
            }
            return copy;
        }

        @Override
        public boolean equals(Object other) {
            return other instanceof Dict that && keys.equals(that.keys) && values.equals(that.values);
        }

        @Override
        public int hashCode() {
            return 31 * keys.hashCode() + values.hashCode();
        }

        @Override
        public String toString() {
            return entries().toString();
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
        return Int.of(value);
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
        // most maps are built in order already, so that each entry is added at the end
        private final List<Cbor> keys = new ArrayList<>();
        private final List<Cbor> values = new ArrayList<>();

        private DictBuilder() {}

        public DictBuilder put(long key, Cbor value) {
            return put(Int.of(key), value);
        }

        public DictBuilder put(String key, Cbor value) {
            return put(new Text(key), value);
        }

        DictBuilder put(Cbor key, Cbor value) {
            int last = keys.size() - 1;
            int at = last < 0 || KeyOrder.KEYS.compare(keys.get(last), key) < 0
                    ? -keys.size() - 1
                    : Collections.binarySearch(keys, key, KeyOrder.KEYS);
            if (at >= 0) {
                throw new IllegalArgumentException("key twice: " + key);
            }
            keys.add(-at - 1, key);
            values.add(-at - 1, value);
            return this;
        }

        public Dict build() {
            return new Dict(keys, values);
        }
    }

    /** The one deterministic encoding. */
    default Bytes encode() {
        return CborEncoder.encode(this);
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
}
