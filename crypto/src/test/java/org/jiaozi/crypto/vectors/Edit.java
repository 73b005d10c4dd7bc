package org.jiaozi.crypto.vectors;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.jiaozi.core.codec.Cbor;
import org.jiaozi.core.crypto.Signer;
import org.jiaozi.core.statement.Signed;
import org.jiaozi.core.value.Bytes;
import org.jspecify.annotations.Nullable;

/**
 * Changes one place in CBOR and signs what the project's own records would not hold, so that a vector has one fault and
 * no other. A path is map keys (numbers or text) and array positions; the position after the last appends.
 */
final class Edit {
    private Edit() {}

    static Cbor get(Cbor item, Object... path) {
        Cbor at = item;
        for (Object step : path) {
            at = switch (at) {
                case Cbor.Arr a -> a.items().get((Integer) step);
                case Cbor.Dict d -> d.get(key(step));
                default -> throw new IllegalArgumentException("nothing below " + at);
            };
        }
        return at;
    }

    static Cbor set(Cbor item, Cbor value, Object... path) {
        return change(item, value, List.of(path));
    }

    static Cbor without(Cbor item, Object... path) {
        return change(item, null, List.of(path));
    }

    private static Cbor change(Cbor item, @Nullable Cbor value, List<Object> path) {
        Object step = path.getFirst();
        List<Object> rest = path.subList(1, path.size());
        return switch (item) {
            case Cbor.Arr a -> {
                List<Cbor> items = new ArrayList<>(a.items());
                int at = (Integer) step;
                if (!rest.isEmpty()) {
                    items.set(at, change(items.get(at), value, rest));
                } else if (value == null) {
                    items.remove(at);
                } else if (at == items.size()) {
                    items.add(value);
                } else {
                    items.set(at, value);
                }
                yield new Cbor.Arr(items);
            }
            case Cbor.Dict d -> {
                Map<Cbor, Cbor> entries = new HashMap<>(d.entries());
                Cbor key = key(step);
                if (!rest.isEmpty()) {
                    entries.put(key, change(get(item, step), value, rest));
                } else if (value == null) {
                    entries.remove(key);
                } else {
                    entries.put(key, value);
                }
                yield Cbor.Dict.of(entries);
            }
            default -> throw new IllegalArgumentException("nothing below " + item);
        };
    }

    private static Cbor key(Object step) {
        return step instanceof String text ? Cbor.of(text) : Cbor.of(((Number) step).longValue());
    }

    /** The statement with another payload, signed. */
    static Bytes payload(Signed<?> signed, Signer signer, UnaryOperator<Cbor> change) {
        Cbor payload = Cbor.decode(signed.statement().payload(), 1 << 23);
        return sign(
                signer,
                signed.statement().type().label(),
                signed.statement().protectedHeader(),
                change.apply(payload).encode());
    }

    /** A COSE_Sign1 of whatever bytes, with a signature that verifies. */
    static Bytes sign(Signer signer, String label, Bytes header, Bytes payload) {
        Bytes aad = Bytes.of(("jiaozi/1/" + label).getBytes(StandardCharsets.US_ASCII));
        Bytes signed = Cbor.array(Cbor.of("Signature1"), Cbor.of(header), Cbor.of(aad), Cbor.of(payload))
                .encode();
        return cose(header, payload, signer.sign(signed).bytes()).encode();
    }

    static Cbor cose(Bytes header, Bytes payload, Bytes signature) {
        return Cbor.array(Cbor.of(header), Cbor.map().build(), Cbor.of(payload), Cbor.of(signature));
    }
}
