package org.jiaozi.core.policy;

import java.math.BigInteger;
import java.util.List;
import java.util.Map;
import org.jiaozi.core.codec.Cbor;
import org.jiaozi.core.codec.DecodeException;
import org.jiaozi.core.refusal.RefusalCode;

/** Turns what a JSON parser makes (maps, lists, text, whole numbers, Booleans) into the codec's tree. */
final class PlainData {
    private PlainData() {}

    static Cbor toCbor(Object value) {
        return switch (value) {
            case Map<?, ?> map -> {
                Cbor.DictBuilder built = Cbor.map();
                map.forEach((k, v) -> built.put(String.valueOf(k), toCbor(v)));
                yield built.build();
            }
            case List<?> list -> Cbor.array(list.stream().map(PlainData::toCbor).toList());
            case String text -> Cbor.of(text);
            case Boolean bool -> Cbor.of(bool.booleanValue());
            case Integer number -> Cbor.of(number.longValue());
            case Long number -> Cbor.of(number.longValue());
            case BigInteger ignored -> throw new DecodeException(RefusalCode.OUT_OF_RANGE, "a setting beyond 64 bits");
            case null, default ->
                throw new DecodeException(RefusalCode.MALFORMED, "a setting that is no whole number, text or list");
        };
    }
}
