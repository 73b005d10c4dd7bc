package org.jiaozi.server.central;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.Map;
import java.util.function.Supplier;
import org.jiaozi.core.codec.DecodeException;
import org.jiaozi.core.refusal.RefusalCode;
import org.jiaozi.server.http.HttpAnswer;

/** JSON in and out, where what does not fit is a refusal. */
final class Json {
    private static final ObjectMapper MAPPER = new ObjectMapper();

    private Json() {}

    static ObjectNode object() {
        return MAPPER.createObjectNode();
    }

    static JsonNode tree(Object value) {
        return MAPPER.valueToTree(value);
    }

    /** Reads an object; an empty body is an empty one. */
    static JsonNode read(byte[] body) {
        try {
            JsonNode node = body.length == 0 ? object() : MAPPER.readTree(body);
            if (!node.isObject()) {
                throw new DecodeException(RefusalCode.MALFORMED, "expected a JSON object");
            }
            return node;
        } catch (IOException e) {
            throw new DecodeException(RefusalCode.MALFORMED, "not JSON");
        }
    }

    /** Reads an object as the maps, lists and values that a policy is made of. */
    @SuppressWarnings("unchecked")
    static Map<String, ?> map(byte[] body) {
        return MAPPER.convertValue(read(body), Map.class);
    }

    static String text(JsonNode body, String field) {
        JsonNode value = body.path(field);
        if (!value.isTextual()) {
            throw new DecodeException(RefusalCode.MALFORMED, "field " + field + " is due, as text");
        }
        return value.textValue();
    }

    static long number(JsonNode body, String field) {
        JsonNode value = body.path(field);
        if (!value.isIntegralNumber() || !value.canConvertToLong()) {
            throw new DecodeException(RefusalCode.MALFORMED, "field " + field + " is due, as a whole number");
        }
        return value.longValue();
    }

    /** Answers what {@code work} makes; values out of their bounds are refused. */
    static HttpAnswer answer(Supplier<? extends JsonNode> work) {
        try {
            return HttpAnswer.json(MAPPER.writeValueAsString(work.get()));
        } catch (DecodeException e) {
            return HttpAnswer.refused(e.refusal());
        } catch (IllegalArgumentException e) {
            return HttpAnswer.refused(RefusalCode.OUT_OF_RANGE, String.valueOf(e.getMessage()));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }
}
