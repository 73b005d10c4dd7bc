package org.jiaozi.lab.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import javax.net.ssl.SSLContext;
import org.jiaozi.cli.CommandFailure;

/**
 * Connections that send a byte a second, of a handshake, a header or a body in turn. One that is cut off is replaced, until all of
 * this is closed.
 */
final class SlowConnections implements AutoCloseable {
    private static final int BYTE_MILLIS = 1_000;
    private static final int PATIENCE_SECONDS = 60;

    private enum Kind {
        HANDSHAKE {
            @Override
            RawLine open(URI server, SSLContext tls) throws IOException {
                RawLine line = RawLine.bare(server);
                // announces more than comes
                line.write(new byte[] {22, 3, 1, 2, 0, 1});
                return line;
            }
        },
        HEADER {
            @Override
            RawLine open(URI server, SSLContext tls) throws IOException {
                RawLine line = RawLine.encrypted(server, tls);
                line.write("GET /v1/bulletin HTTP/1.1\r\nHost: bank\r\nX-Much: ");
                return line;
            }
        },
        BODY {
            @Override
            RawLine open(URI server, SSLContext tls) throws IOException {
                RawLine line = RawLine.encrypted(server, tls);
                line.write("POST /v1/wallet HTTP/1.1\r\nHost: bank\r\nContent-Length: 100000\r\n\r\n");
                return line;
            }
        };

        /** A connection on which this has begun. */
        abstract RawLine open(URI server, SSLContext tls) throws IOException;
    }

    private final URI server;
    private final SSLContext tls;
    private final CountDownLatch begun;
    private final LongAdder cutOff = new LongAdder();
    private final Set<RawLine> lines = ConcurrentHashMap.newKeySet();
    private final List<Thread> threads = new ArrayList<>();
    private volatile boolean closed;

    /** Begins, and returns when all of them are open. */
    SlowConnections(String server, SSLContext tls, int number) throws InterruptedException {
        this.server = URI.create(server);
        this.tls = tls;
        begun = new CountDownLatch(number);
        for (int i = 0; i < number; i++) {
            Kind kind = Kind.values()[i % Kind.values().length];
            threads.add(Thread.ofVirtual().start(() -> run(kind)));
        }
        if (!begun.await(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
            closed = true;
            throw new CommandFailure("slow connections cannot be opened: " + begun.getCount() + " of " + number);
        }
    }

    private void run(Kind kind) {
        boolean first = true;
        while (!closed) {
            try (RawLine line = kind.open(server, tls)) {
                lines.add(line);
                if (first) {
                    begun.countDown();
                    first = false;
                }
                drip(line);
            } catch (IOException e) {
                // cut off, in whatever way
            }
            if (!closed) {
                cutOff.increment();
            }
        }
    }

    private void drip(RawLine line) throws IOException {
        line.patience(BYTE_MILLIS);
        try {
            while (!closed) {
                try {
                    if (line.read() < 0) {
                        return;
                    }
                } catch (SocketTimeoutException e) {
                    line.write("a");
                }
            }
        } finally {
            lines.remove(line);
        }
    }

    /** How many were cut off. */
    long cutOff() {
        return cutOff.sum();
    }

    @Override
    public void close() {
        closed = true;
        try {
            for (RawLine line : lines) {
                line.close();
            }
            for (Thread thread : threads) {
                thread.join();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
