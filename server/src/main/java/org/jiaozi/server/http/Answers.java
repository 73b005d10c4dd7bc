package org.jiaozi.server.http;

import io.helidon.http.DirectHandler;
import io.helidon.http.HeaderNames;
import io.helidon.http.ServerRequestHeaders;
import io.helidon.http.Status;
import io.helidon.webserver.http.DirectHandlers;
import io.helidon.webserver.http.ServerResponse;
import java.util.function.Consumer;
import org.jiaozi.core.refusal.Refusal;
import org.jiaozi.core.refusal.RefusalCode;

/** Writes answers and refusals in the one form they have, also those of the library. */
final class Answers {
    private Answers() {}

    /** Whether who asks sends or accepts CBOR. */
    static boolean speaksCbor(ServerRequestHeaders headers) {
        return names(headers, "Content-Type") || names(headers, "Accept");
    }

    private static boolean names(ServerRequestHeaders headers, String header) {
        return headers.first(HeaderNames.create(header))
                .filter(value -> value.contains(MediaType.CBOR))
                .isPresent();
    }

    /** The status that an answer goes out with. */
    static int status(HttpAnswer answer) {
        return switch (answer) {
            case HttpAnswer.Content content -> content.status();
            case HttpAnswer.Refused(Refusal refusal) -> Problem.status(refusal.code());
        };
    }

    static void send(ServerResponse response, HttpAnswer answer, boolean cbor) {
        response.status(Status.create(status(answer)));
        switch (answer) {
            case HttpAnswer.Content content -> {
                if (content.body().length > 0) {
                    response.header(HeaderNames.CONTENT_TYPE, content.type());
                }
                response.send(content.body());
            }
            case HttpAnswer.Refused(Refusal refusal) -> {
                response.header(HeaderNames.CONTENT_TYPE, cbor ? MediaType.PROBLEM_CBOR : MediaType.PROBLEM_JSON);
                if (Problem.isForNow(refusal.code())) {
                    response.header(HeaderNames.RETRY_AFTER, Integer.toString(Problem.RETRY_AFTER_SECONDS));
                }
                response.send(cbor ? Problem.cbor(refusal) : Problem.json(refusal));
            }
        }
    }

    /**
     * What the library refuses before a route is reached (broken headers, a bad request line) has the same form.
     *
     * @param told each of these
     */
    static DirectHandlers ofTheLibrary(Consumer<RefusalCode> told) {
        DirectHandlers.Builder handlers = DirectHandlers.builder();
        DirectHandler one = (request, type, status, headers, message) -> {
            RefusalCode code = type == DirectHandler.EventType.PAYLOAD_TOO_LARGE
                    ? RefusalCode.TOO_LARGE
                    : type == DirectHandler.EventType.INTERNAL_ERROR ? RefusalCode.INTERNAL : RefusalCode.MALFORMED;
            told.accept(code);
            return DirectHandler.TransportResponse.builder()
                    .status(Status.create(Problem.status(code)))
                    .header(HeaderNames.CONTENT_TYPE, MediaType.PROBLEM_JSON)
                    .entity(Problem.json(Refusal.of(code)))
                    .build();
        };
        for (DirectHandler.EventType type : DirectHandler.EventType.values()) {
            handlers.addHandler(type, one);
        }
        return handlers.build();
    }
}
