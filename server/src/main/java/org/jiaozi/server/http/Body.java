package org.jiaozi.server.http;

import io.helidon.webserver.http.ServerRequest;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.Optional;
import java.util.OptionalLong;
import org.jiaozi.core.refusal.Refusal;
import org.jiaozi.core.refusal.RefusalCode;

/** The body of one request, which takes as much memory as has come of it, twice at most, and only while the door allows. */
final class Body {
    private static final int PIECE = 64 << 10;

    private final Door door;
    private final int most;
    private byte[] bytes = new byte[0];
    private int held;

    Body(Door door, int most) {
        this.door = door;
        this.most = most;
    }

    /** Whether the rest of a body that nobody reads may be skipped, for the next request on this connection. */
    static boolean skippable(ServerRequest request, int most) {
        return !request.content().hasEntity()
                || request.headers().contentLength().orElse(Long.MAX_VALUE) <= most;
    }

    /**
     * Reads all of it, or says why not: it is longer than allowed, there is no room now, it does not say how long it is, or no more
     * of it comes. The library would hold a chunk of two gigabytes before anybody could count it.
     */
    Optional<Refusal> read(ServerRequest request) {
        if (!request.content().hasEntity()) {
            return Optional.empty();
        }
        OptionalLong announced = request.headers().contentLength();
        if (announced.isEmpty()) {
            return Optional.of(new Refusal(RefusalCode.MALFORMED, "a body says how long it is: Content-Length"));
        }
        if (announced.getAsLong() > most) {
            return Optional.of(new Refusal(RefusalCode.TOO_LARGE, "at most " + most + " bytes"));
        }
        try (InputStream input = request.content().inputStream()) {
            return read(input, (int) announced.getAsLong());
        } catch (IOException | RuntimeException e) {
            // killed, or cut off: no bug here and no word in a log, and perhaps nobody to hear the answer
            return Optional.of(new Refusal(RefusalCode.UNREACHABLE, "who asks stops in the middle"));
        }
    }

    private Optional<Refusal> read(InputStream input, int length) throws IOException {
        int have = 0;
        while (have < length) {
            if (have == bytes.length) {
                int next = Math.min(length, Math.max(PIECE, 2 * have));
                if (!door.hold(next - have)) {
                    return Optional.of(new Refusal(RefusalCode.BUSY, "no room for the body"));
                }
                held = next;
                bytes = Arrays.copyOf(bytes, next);
            }
            int came = input.read(bytes, have, bytes.length - have);
            if (came < 0) {
                throw new EOFException();
            }
            have += came;
        }
        return Optional.empty();
    }

    byte[] bytes() {
        return bytes;
    }

    /** What the door counts for it. */
    int held() {
        return held;
    }
}
