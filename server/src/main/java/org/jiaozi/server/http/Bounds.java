package org.jiaozi.server.http;

import java.time.Duration;

/**
 * What a server bears at once; what goes beyond is refused or ended there and then, and waits in no queue of ours.
 *
 * @param bodyBytes the longest request body; a longer one is refused with 109
 * @param heldBytes the most bytes of bodies in memory, of all requests together; beyond it a request is refused with 802
 * @param requests the most requests under way; one more is refused with 802
 * @param connections the most connections; one more is not accepted before another ends
 * @param patience how long a handshake with a header, a body, or the taking of an answer may last, beside a second for
 *     each 64 KiB of it
 * @param idle how long a connection may stay open without a request
 * @param grace how long the end waits for requests under way
 */
public record Bounds(
        int bodyBytes,
        long heldBytes,
        int requests,
        int connections,
        Duration patience,
        Duration idle,
        Duration grace) {

    /** The most requests under way unless told otherwise. */
    public static final int REQUESTS = 256;

    /** Environment variable: the most requests under way, for servers that another process starts. */
    public static final String REQUESTS_SET = "JIAOZI_MAX_REQUESTS";

    /** How long the end waits, in seconds, unless told otherwise: less than whoever supervises a server waits for it. */
    public static final int GRACE_SECONDS = 8;

    /** What suits a server of this process: bodies take a quarter of its memory at most, and one always finds room. */
    public static Bounds usual(int bodyBytes) {
        return new Bounds(
                bodyBytes,
                Math.max(bodyBytes, Runtime.getRuntime().maxMemory() / 4),
                REQUESTS,
                1024,
                Duration.ofSeconds(15),
                Duration.ofSeconds(60),
                Duration.ofSeconds(GRACE_SECONDS));
    }

    /** The same with another number of requests under way. */
    public Bounds withRequests(int most) {
        return new Bounds(bodyBytes, heldBytes, most, connections, patience, idle, grace);
    }

    /** The same with other times. */
    public Bounds withPatience(Duration forEachPart, Duration betweenRequests) {
        return new Bounds(bodyBytes, heldBytes, requests, connections, forEachPart, betweenRequests, grace);
    }

    /** The same with another grace. */
    public Bounds withGrace(Duration other) {
        return new Bounds(bodyBytes, heldBytes, requests, connections, patience, idle, other);
    }

    /** The same with another amount of bodies. */
    public Bounds withHeldBytes(long most) {
        return new Bounds(bodyBytes, most, requests, connections, patience, idle, grace);
    }
}
