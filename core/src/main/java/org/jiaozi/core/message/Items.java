package org.jiaozi.core.message;

import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.jiaozi.core.codec.Cbor;
import org.jiaozi.core.codec.DecodeException;
import org.jiaozi.core.codec.Fields;
import org.jiaozi.core.refusal.RefusalCode;
import org.jiaozi.core.value.Bytes;

/** Small helpers for the messages' arrays. */
final class Items {
    /** The most items any list of a service message holds. */
    static final int MAX = 4096;

    private Items() {}

    static List<Cbor> exactly(Cbor item, int size) {
        List<Cbor> parts = Fields.asArray(item, size);
        if (parts.size() != size) {
            throw new DecodeException(RefusalCode.MALFORMED, parts.size() + " items where " + size + " are due");
        }
        return parts;
    }

    static <T> Cbor list(List<T> items, Function<T, Cbor> writer) {
        return Cbor.array(items.stream().map(writer).toList());
    }

    static <T> List<T> list(Cbor item, int max, Function<Cbor, T> reader) {
        return Fields.asArray(item, max).stream().map(reader).toList();
    }

    static Cbor opt(Optional<Bytes> value) {
        return value.<Cbor>map(Cbor::of).orElse(Cbor.nil());
    }

    static Optional<Cbor> opt(Cbor item) {
        return item instanceof Cbor.Null ? Optional.empty() : Optional.of(item);
    }
}
