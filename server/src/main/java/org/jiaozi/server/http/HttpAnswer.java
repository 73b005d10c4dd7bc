package org.jiaozi.server.http;

import java.nio.charset.StandardCharsets;
import org.jiaozi.core.refusal.Refusal;
import org.jiaozi.core.refusal.RefusalCode;

/** What a server answers: bytes of a type, or a refusal with its number. */
public sealed interface HttpAnswer {

    /** Bytes. They are not copied: whoever hands them over must not change them. */
    final class Content implements HttpAnswer {
        private final int status;
        private final String type;
        private final byte[] body;

        /** Bytes with an HTTP status and a type. */
        public Content(int status, String type, byte[] body) {
            this.status = status;
            this.type = type;
            this.body = body;
        }

        int status() {
            return status;
        }

        String type() {
            return type;
        }

        byte[] body() {
            return body;
        }
    }

    /** A refusal; it becomes a problem body in the form that the caller speaks. */
    record Refused(Refusal refusal) implements HttpAnswer {}

    /** A protocol message, status 200. */
    static HttpAnswer cbor(byte[] body) {
        return new Content(200, MediaType.CBOR, body);
    }

    /** A JSON text, status 200. */
    static HttpAnswer json(String text) {
        return new Content(200, MediaType.JSON, text.getBytes(StandardCharsets.UTF_8));
    }

    /** Any type, status 200. */
    static HttpAnswer content(String type, byte[] body) {
        return new Content(200, type, body);
    }

    /** Done, and nothing to say: status 204. */
    static HttpAnswer done() {
        return new Content(204, MediaType.CBOR, new byte[0]);
    }

    /** A refusal. */
    static HttpAnswer refused(Refusal refusal) {
        return new Refused(refusal);
    }

    /** A refusal with one line of detail for people. */
    static HttpAnswer refused(RefusalCode code, String detail) {
        return new Refused(new Refusal(code, detail));
    }
}
