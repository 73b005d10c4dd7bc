package org.jiaozi.lab.bench;

import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import javax.net.ssl.SSLContext;
import org.jiaozi.core.refusal.Refusal;
import org.jiaozi.core.value.Bytes;
import org.jiaozi.server.http.HttpCaller;
import org.jiaozi.server.http.MediaType;

/** So many requests a second that have no business at an institution, of each kind in turn, until it is closed; one of each at least. */
final class BadRequests implements AutoCloseable {
    private static final int AT_ONCE = 256;
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final long OVERSIZED_BYTES = 1L << 30;

    private enum Kind {
        /** No envelope. */
        MALFORMED,
        /** An envelope that somebody altered, which is known once all of it is deciphered. */
        ALTERED,
        /** Announces more than anybody may send. */
        OVERSIZED,
        /** Asks what operators ask, without a certificate. */
        UNAUTHENTICATED
    }

    private final URI institution;
    private final SSLContext tls;
    private final HttpCaller caller;
    private final byte[] altered;
    private final Map<Integer, LongAdder> refused = new ConcurrentSkipListMap<>();
    private final LongAdder taken = new LongAdder();
    private final LongAdder unanswered = new LongAdder();
    private final Semaphore places = new Semaphore(AT_ONCE);
    private final Thread pacer;
    private volatile boolean closed;

    /**
     * Begins.
     *
     * @param good an envelope that would be taken
     */
    BadRequests(String institution, SSLContext tls, Bytes good, int perSecond) {
        this.institution = URI.create(institution);
        this.tls = tls;
        caller = HttpCaller.create(Optional.of(tls), PATIENCE);
        altered = good.toArray();
        altered[altered.length - 1] ^= 1;
        pacer = Thread.ofPlatform().name("bad-requests").start(() -> pace(TimeUnit.SECONDS.toNanos(1) / perSecond));
    }

    private void pace(long nanos) {
        long due = System.nanoTime();
        try {
            for (int i = 0; !closed || i < Kind.values().length; i++) {
                TimeUnit.NANOSECONDS.sleep(due - System.nanoTime());
                due = Math.max(due + nanos, System.nanoTime() - TimeUnit.SECONDS.toNanos(1));
                places.acquire();
                Kind kind = Kind.values()[i % Kind.values().length];
                Thread.ofVirtual().start(() -> {
                    try {
                        send(kind);
                    } finally {
                        places.release();
                    }
                });
            }
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private void send(Kind kind) {
        try {
            Optional<Refusal> no = switch (kind) {
                case MALFORMED ->
                    caller.post(institution.resolve("/v1/wallet"), MediaType.CBOR, new byte[] {'n', 'o', 'n', 'e'})
                            .refusal();
                case ALTERED ->
                    caller.post(institution.resolve("/v1/wallet"), MediaType.CBOR, altered)
                            .refusal();
                case OVERSIZED -> oversized();
                case UNAUTHENTICATED ->
                    caller.get(institution.resolve("/v1/operator/accounts"), MediaType.JSON)
                            .refusal();
            };
            no.ifPresentOrElse(
                    refusal -> refused.computeIfAbsent(refusal.code().number(), n -> new LongAdder())
                            .increment(),
                    taken::increment);
        } catch (IOException e) {
            unanswered.increment();
        }
    }

    private Optional<Refusal> oversized() throws IOException {
        try (RawLine line = RawLine.encrypted(institution, tls)) {
            line.write("POST /v1/wallet HTTP/1.1\r\nHost: bank\r\nContent-Type: application/cbor\r\nContent-Length: "
                    + OVERSIZED_BYTES + "\r\n\r\n");
            return line.refusal();
        }
    }

    /** How many were refused, by number. */
    Map<Integer, Long> refused() {
        Map<Integer, Long> counted = new TreeMap<>();
        refused.forEach((number, times) -> counted.put(number, times.sum()));
        return counted;
    }

    /** How many were not refused. */
    long taken() {
        return taken.sum();
    }

    /** How many got no answer. */
    long unanswered() {
        return unanswered.sum();
    }

    @Override
    public void close() {
        closed = true;
        try {
            pacer.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        places.acquireUninterruptibly(AT_ONCE);
        caller.close();
    }
}
