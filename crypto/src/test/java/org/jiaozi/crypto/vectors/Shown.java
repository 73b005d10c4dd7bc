package org.jiaozi.crypto.vectors;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.lang.reflect.RecordComponent;
import java.util.Collection;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jiaozi.core.codec.Cbor;
import org.jiaozi.core.crypto.PublicKey;
import org.jiaozi.core.evidence.Evidence;
import org.jiaozi.core.message.Outcome;
import org.jiaozi.core.refusal.RefusalCode;
import org.jiaozi.core.statement.PurseCertificate.ElementClass;
import org.jiaozi.core.statement.Signed;
import org.jiaozi.core.statement.TransferInput;
import org.jiaozi.core.value.Bytes;
import org.jiaozi.core.value.Range;

/**
 * What a reader understood, as the JSON that a vector's {@code fields} hold: bytes in hexadecimal, a record of one value as
 * that value, any other record as an object of its components. A renamed component needs its old name here.
 */
final class Shown {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

    private static final Set<String> LATER = Set.of("gone");

    private Shown() {}

    /** As it would come out of a file: whole numbers compare by value and not by width. */
    static JsonNode of(Object value) {
        try {
            return JSON.readTree(JSON.writeValueAsString(node(value)));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }

    private static JsonNode node(Object value) {
        return switch (value) {
            case String text -> NODES.textNode(text);
            case Boolean bool -> NODES.booleanNode(bool);
            case Number number -> NODES.numberNode(number.longValue());
            case Bytes bytes -> NODES.textNode(bytes.hex());
            case Cbor cbor -> NODES.textNode(cbor.encode().hex());
            case ElementClass element -> NODES.numberNode(element.code());
            case Outcome.Kind kind -> NODES.numberNode(kind.number());
            case Evidence.Kind kind -> NODES.numberNode(kind.number());
            case RefusalCode code -> NODES.numberNode(code.number());
            case Optional<?> some -> some.<JsonNode>map(Shown::node).orElse(NODES.nullNode());
            case Collection<?> items -> array(items);
            case Map<?, ?> map -> {
                ObjectNode object = NODES.objectNode();
                map.entrySet().stream()
                        .sorted(java.util.Comparator.comparing(e -> name(e.getKey())))
                        .forEach(e -> object.set(name(e.getKey()), node(e.getValue())));
                yield object;
            }
            case Range range -> array(java.util.List.of(range.lo(), range.hi()));
            case TransferInput input ->
                array(java.util.List.of(
                        input.source().parent(),
                        input.source().index(),
                        input.range().lo(),
                        input.range().hi()));
            case Signed<?> signed -> {
                ObjectNode object = (ObjectNode) node(signed.statement());
                object.put("hash", signed.hash().hex());
                object.put("signature", signed.signature().bytes().hex());
                yield object;
            }
            case PublicKey key -> node(key.compressed());
            case Record one -> record(one);
            default -> throw new IllegalArgumentException("no way to show a " + value.getClass());
        };
    }

    private static String name(Object key) {
        return key.toString().toLowerCase(Locale.ROOT);
    }

    private static ArrayNode array(Collection<?> items) {
        ArrayNode array = NODES.arrayNode();
        items.forEach(i -> array.add(node(i)));
        return array;
    }

    private static JsonNode record(Record one) {
        RecordComponent[] components = one.getClass().getRecordComponents();
        String home = one.getClass().getPackageName();
        boolean value = home.endsWith(".value") || home.endsWith(".crypto");
        if (value && components.length == 1) {
            return node(read(one, components[0]));
        }
        ObjectNode object = NODES.objectNode();
        for (RecordComponent component : components) {
            Object shown = read(one, component);
            // what was added later is left out where there is none, as in the cases from before
            if (!(LATER.contains(component.getName()) && shown.equals(Optional.empty()))) {
                object.set(component.getName(), node(shown));
            }
        }
        return object;
    }

    private static Object read(Record one, RecordComponent component) {
        try {
            return component.getAccessor().invoke(one);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(e);
        }
    }
}
