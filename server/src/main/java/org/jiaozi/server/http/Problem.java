package org.jiaozi.server.http;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.Map;
import java.util.Optional;
import org.jiaozi.core.codec.Cbor;
import org.jiaozi.core.codec.DecodeException;
import org.jiaozi.core.refusal.Refusal;
import org.jiaozi.core.refusal.RefusalCode;
import org.jiaozi.core.value.Bytes;

/** The one body that says no, written and read: {@code {number, name, retry, detail}} in JSON or CBOR. */
public final class Problem {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int MAX_BYTES = 64 << 10;
    private static final String NUMBER = "number";
    private static final String NAME = "name";
    private static final String RETRY = "retry";
    private static final String DETAIL = "detail";

    private static final int FIRST_BEYOND_ENCODING = 200;
    private static final int UNAVAILABLE = 503;

    /** After how many seconds to ask again: by then some request is through, and what starts or recovers may be back. */
    static final int RETRY_AFTER_SECONDS = 1;

    private static final Map<RefusalCode, Integer> STATUS = Map.of(
            RefusalCode.TOO_LARGE, 413,
            RefusalCode.NOT_AUTHORISED, 403,
            RefusalCode.CLIENT_REFUSED, 403,
            RefusalCode.UNKNOWN_ACCOUNT, 404,
            RefusalCode.UNKNOWN_PURSE, 404,
            RefusalCode.UNKNOWN_NOTE, 404,
            RefusalCode.UNREACHABLE, UNAVAILABLE,
            RefusalCode.BUSY, UNAVAILABLE,
            RefusalCode.STORAGE_FULL, 507,
            RefusalCode.INTERNAL, 500);

    private Problem() {}

    /** The HTTP status that goes with a refusal. A refusal is an answer, so most are 422 rather than a fault. */
    public static int status(RefusalCode code) {
        Integer special = STATUS.get(code);
        return special != null ? special : code.number() < FIRST_BEYOND_ENCODING ? 400 : 422;
    }

    /** Whether a refusal is for now only: whoever asks is told when to ask again. */
    static boolean isForNow(RefusalCode code) {
        return status(code) == UNAVAILABLE;
    }

    static byte[] json(Refusal refusal) {
        ObjectNode node = JSON.createObjectNode()
                .put(NUMBER, refusal.code().number())
                .put(NAME, refusal.code().name())
                .put(RETRY, refusal.code().retry().name())
                .put(DETAIL, detail(refusal));
        try {
            return JSON.writeValueAsBytes(node);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }

    static byte[] cbor(Refusal refusal) {
        return Cbor.map()
                .put(NUMBER, Cbor.of(refusal.code().number()))
                .put(NAME, Cbor.of(refusal.code().name()))
                .put(RETRY, Cbor.of(refusal.code().retry().name()))
                .put(DETAIL, Cbor.of(detail(refusal)))
                .build()
                .encode()
                .toArray();
    }

    private static String detail(Refusal refusal) {
        return refusal.detail().isEmpty() ? refusal.code().meaning() : refusal.detail();
    }

    /** Reads a problem body of either form; empty where it is none or its number is unknown. */
    public static Optional<Refusal> read(String type, byte[] body) {
        try {
            if (type.startsWith(MediaType.PROBLEM_CBOR)) {
                return Cbor.decode(Bytes.of(body), MAX_BYTES) instanceof Cbor.Dict map
                                && map.get(Cbor.of(NUMBER)) instanceof Cbor.Int number
                        ? refusal(
                                Math.toIntExact(number.value()),
                                map.get(Cbor.of(DETAIL)) instanceof Cbor.Text detail ? detail.value() : "")
                        : Optional.empty();
            }
            if (type.startsWith(MediaType.PROBLEM_JSON)) {
                JsonNode node = JSON.readTree(body);
                return refusal(node.path(NUMBER).asInt(0), node.path(DETAIL).asText(""));
            }
            return Optional.empty();
        } catch (DecodeException | ArithmeticException | IOException e) {
            return Optional.empty();
        }
    }

    private static Optional<Refusal> refusal(int number, String detail) {
        return RefusalCode.byNumber(number).map(code -> new Refusal(code, detail));
    }
}
