package org.jiaozi.server.http;

import java.time.Duration;
import java.util.Optional;
import org.jiaozi.core.refusal.Refusal;
import org.jiaozi.core.refusal.RefusalCode;

/** What a server answered. */
public final class HttpReply {
    private final int status;
    private final String type;
    private final byte[] body;
    private final Optional<Duration> retryAfter;

    HttpReply(int status, String type, byte[] body, Optional<Duration> retryAfter) {
        this.status = status;
        this.type = type;
        this.body = body;
        this.retryAfter = retryAfter;
    }

    /** The HTTP status. */
    public int status() {
        return status;
    }

    /** The type of the body; empty where there is none. */
    public String type() {
        return type;
    }

    /** The bytes; nobody may change them. */
    public byte[] body() {
        return body;
    }

    /** How long the server wants to be left alone before it is asked again, if it says so. */
    public Optional<Duration> retryAfter() {
        return retryAfter;
    }

    /** True where the server did what was asked. */
    public boolean ok() {
        return status >= 200 && status < 300;
    }

    /**
     * The refusal in this reply; empty where it is none. A failure without a problem body (some other program listens
     * there) counts as refusal 804.
     */
    public Optional<Refusal> refusal() {
        if (ok()) {
            return Optional.empty();
        }
        return Problem.read(type, body)
                .or(() -> Optional.of(new Refusal(RefusalCode.INTERNAL, "the server answered with status " + status)));
    }
}
