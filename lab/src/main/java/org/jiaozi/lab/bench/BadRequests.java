package org.jiaozi.lab.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import javax.net.ssl.SSLContext;
import org.jiaozi.core.refusal.Refusal;
import org.jiaozi.core.value.Bytes;

/**
 * So many requests a second that have no business at an institution, of each kind in turn, until it is closed; one of each at least.
 * They are made beforehand and sent as cheaply as can be, for what is measured runs on the same cores.
 */
final class BadRequests implements AutoCloseable {
    private static final long OVERSIZED_BYTES = 1L << 30;
    /** Requests a second on one connection, each after the answer to the one before. */
    private static final int ON_A_LINE = 8;

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
    private final Map<Integer, LongAdder> refused = new ConcurrentSkipListMap<>();
    private final LongAdder taken = new LongAdder();
    private final LongAdder unanswered = new LongAdder();
    private final List<Thread> threads = new ArrayList<>();
    private final long begun = System.nanoTime();
    private volatile boolean closed;
    private volatile long ended;

    /**
     * Begins.
     *
     * @param good an envelope that would be taken
     */
    BadRequests(String institution, SSLContext tls, Bytes good, int perSecond) {
        this.institution = URI.create(institution);
        this.tls = tls;
        int lines = lines(perSecond);
        for (int i = 0; i < lines; i++) {
            Kind kind = Kind.values()[i % Kind.values().length];
            byte[] request = request(kind, good);
            long pause = TimeUnit.SECONDS.toNanos(lines) / perSecond;
            long first = pause * i / lines;
            threads.add(Thread.ofVirtual().start(() -> run(kind, request, pause, first)));
        }
    }

    /** How many connections it takes to send so many a second. */
    static int lines(int perSecond) {
        int kinds = Kind.values().length;
        return Math.ceilDiv(perSecond, kinds * ON_A_LINE) * kinds;
    }

    private static byte[] request(Kind kind, Bytes good) {
        return switch (kind) {
            case MALFORMED -> post(4, Bytes.of(new byte[] {'n', 'o', 'n', 'e'}));
            case ALTERED -> {
                byte[] altered = good.toArray();
                altered[altered.length - 1] ^= 1;
                yield post(altered.length, Bytes.of(altered));
            }
            case OVERSIZED -> post(OVERSIZED_BYTES, Bytes.EMPTY);
            case UNAUTHENTICATED ->
                "GET /v1/operator/accounts HTTP/1.1\r\nHost: bank\r\n\r\n".getBytes(StandardCharsets.US_ASCII);
        };
    }

    private static byte[] post(long length, Bytes body) {
        String header = "POST /v1/wallet HTTP/1.1\r\nHost: bank\r\nContent-Type: application/cbor\r\nContent-Length: "
                + length + "\r\n\r\n";
        return Bytes.of(header.getBytes(StandardCharsets.US_ASCII)).concat(body).toArray();
    }

    private void run(Kind kind, byte[] request, long pause, long first) {
        long due = System.nanoTime() + first;
        Optional<RawLine> line = Optional.empty();
        try {
            for (boolean sent = false; !closed || !sent; sent = true) {
                TimeUnit.NANOSECONDS.sleep(due - System.nanoTime());
                // what could not be sent in time is made up for, but no more than a second of it
                due = Math.max(due + pause, System.nanoTime() - TimeUnit.SECONDS.toNanos(1));
                line = send(line, request);
                // whoever announces so much is not listened to any further
                if (kind == Kind.OVERSIZED) {
                    line = left(line);
                }
            }
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        } finally {
            left(line);
        }
    }

    /** Where it can be sent again, if anywhere. */
    private Optional<RawLine> send(Optional<RawLine> open, byte[] request) {
        RawLine line;
        try {
            line = open.isPresent() ? open.get() : RawLine.encrypted(institution, tls);
        } catch (IOException e) {
            unanswered.increment();
            return Optional.empty();
        }
        try {
            line.write(request);
            line.refusal().ifPresentOrElse(this::refused, taken::increment);
            return Optional.of(line);
        } catch (SocketTimeoutException e) {
            left(Optional.of(line));
            unanswered.increment();
            return Optional.empty();
        } catch (IOException e) {
            left(Optional.of(line));
            if (open.isPresent()) {
                // it may have been cut off since the answer before
                return send(Optional.empty(), request);
            }
            unanswered.increment();
            return Optional.empty();
        }
    }

    private void refused(Refusal no) {
        refused.computeIfAbsent(no.code().number(), n -> new LongAdder()).increment();
    }

    private static Optional<RawLine> left(Optional<RawLine> line) {
        line.ifPresent(open -> {
            try {
                open.close();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
        return Optional.empty();
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

    /** How many there were a second, once it is closed: fewer than asked for where answers took their time. */
    double perSecond() {
        long all = refused().values().stream().mapToLong(Long::longValue).sum() + taken() + unanswered();
        return all * 1e9 / (ended - begun);
    }

    @Override
    public void close() {
        closed = true;
        try {
            for (Thread thread : threads) {
                thread.join();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        ended = System.nanoTime();
    }
}
