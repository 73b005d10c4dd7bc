package org.jiaozi.server.http;

import io.helidon.common.buffers.BufferData;
import io.helidon.common.buffers.DataReader;
import io.helidon.common.buffers.DataWriter;
import io.helidon.common.concurrency.limits.Limit;
import io.helidon.common.socket.HelidonSocket;
import io.helidon.common.socket.PeerInfo;
import io.helidon.common.task.InterruptableTask;
import io.helidon.http.Headers;
import io.helidon.http.Status;
import io.helidon.webserver.CloseConnectionException;
import io.helidon.webserver.ConnectionContext;
import io.helidon.webserver.ListenerContext;
import io.helidon.webserver.ProxyProtocolData;
import io.helidon.webserver.Router;
import io.helidon.webserver.ServerConnectionException;
import io.helidon.webserver.http1.Http1Config;
import io.helidon.webserver.http1.Http1ConnectionListener;
import io.helidon.webserver.http1.Http1ConnectionSelector;
import io.helidon.webserver.spi.ServerConnection;
import io.helidon.webserver.spi.ServerConnectionSelector;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Ends connections whose other side takes too long over a handshake, a header, a body or an answer, however it drips: the
 * library bounds none of these once the first line of a request is there, and sockets of channels know no timeout. A
 * thread looks after all connections and interrupts who waits at a socket too long, and only there.
 */
final class Patience implements ServerConnectionSelector, AutoCloseable {
    /** Slower than this over many bytes is too slow. */
    private static final long NANOS_PER_BYTE = 1_000_000_000L / (64 << 10);

    /** What the other side takes of an answer at once; each has its own time. */
    private static final int PIECE = 64 << 10;

    /** How much more is taken from one whose body nobody reads, for so long. */
    private static final int LINGER_BYTES = 1 << 20;

    private static final Duration LINGER = Duration.ofSeconds(1);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(1);

    private final long patience;
    private final long idle;
    private final Set<Line> lines = ConcurrentHashMap.newKeySet();
    private final ServerConnectionSelector http;
    private final Thread warden;

    /**
     * Begins to look after connections.
     *
     * @param forEachPart how long each of these may take, beside a second for 64 KiB
     * @param betweenRequests how long nothing may come
     */
    Patience(Duration forEachPart, Duration betweenRequests) {
        patience = forEachPart.toNanos();
        idle = betweenRequests.toNanos();
        http = Http1ConnectionSelector.builder()
                .config(Http1Config.builder()
                        .addReceiveListener(new Http1ConnectionListener() {
                            @Override
                            public void headers(ConnectionContext line, Headers headers) {
                                ((Line) line).bodyBegins();
                            }
                        })
                        .addSendListener(new Http1ConnectionListener() {
                            @Override
                            public void status(ConnectionContext line, Status status) {
                                ((Line) line).answerBegins();
                            }
                        })
                        .build())
                .build();
        Duration shortest = forEachPart.compareTo(betweenRequests) < 0 ? forEachPart : betweenRequests;
        Duration pause = shortest.dividedBy(4).compareTo(LONGEST_PAUSE) < 0 ? shortest.dividedBy(4) : LONGEST_PAUSE;
        warden = Thread.ofPlatform().daemon().name("http-patience").start(() -> watch(pause));
    }

    private void watch(Duration pause) {
        try {
            while (true) {
                Thread.sleep(pause);
                long now = System.nanoTime();
                lines.forEach(line -> line.endIfLate(now));
            }
        } catch (InterruptedException closed) {
            // the server is gone
        }
    }

    /** How many connections there are. */
    int connections() {
        return lines.size();
    }

    @Override
    public int bytesToIdentifyConnection() {
        return http.bytesToIdentifyConnection();
    }

    @Override
    public Support supports(BufferData data) {
        return http.supports(data);
    }

    @Override
    public Set<String> supportedApplicationProtocols() {
        return http.supportedApplicationProtocols();
    }

    @Override
    public ServerConnection connection(ConnectionContext context) {
        Line line = new Line(context);
        return new Watched(line, http.connection(line));
    }

    /** To be closed after the server. */
    @Override
    public void close() {
        warden.interrupt();
    }

    /** Ends the connection: what comes on it is the rest of a body that nobody reads. */
    static final class Unread extends CloseConnectionException {
        private static final long serialVersionUID = 1L;

        Unread() {
            super("The rest of the body is not read");
        }
    }

    /** What the library runs, entered in the list while it runs. */
    private final class Watched implements ServerConnection, InterruptableTask<Void> {
        private final Line line;
        private final ServerConnection connection;

        Watched(Line line, ServerConnection connection) {
            this.line = line;
            this.connection = connection;
        }

        @Override
        public void handle(Limit limit) throws InterruptedException {
            lines.add(line);
            try {
                connection.handle(limit);
            } catch (Unread e) {
                line.linger();
                throw e;
            } finally {
                lines.remove(line);
            }
        }

        @Override
        public boolean canInterrupt() {
            return connection instanceof InterruptableTask<?> task && task.canInterrupt();
        }

        @Override
        public Duration idleTime() {
            return connection.idleTime();
        }

        @Override
        public void close(boolean interrupt) {
            connection.close(interrupt);
        }
    }

    /** A connection that knows until when its other side may take. */
    private final class Line implements ConnectionContext, DataWriter {
        private final ConnectionContext context;
        private final DataReader reader;
        private long until = System.nanoTime() + patience;
        private boolean between;
        private boolean late;
        private Optional<Thread> waiting = Optional.empty();

        Line(ConnectionContext context) {
            this.context = context;
            this.reader = DataReader.create(this::read);
        }

        synchronized void bodyBegins() {
            between = false;
            until = System.nanoTime() + patience;
        }

        /** What is read from here on is of the next request. */
        synchronized void answerBegins() {
            between = true;
        }

        private byte @Nullable [] read() {
            synchronized (this) {
                if (between) {
                    until = System.nanoTime() + idle;
                }
            }
            byte @Nullable [] read = waitingFor(this::received);
            synchronized (this) {
                if (between) {
                    between = false;
                    until = System.nanoTime() + patience;
                } else if (read != null) {
                    until += read.length * NANOS_PER_BYTE;
                }
            }
            return read;
        }

        private byte @Nullable [] received() {
            try {
                return context.serverSocket().get();
            } catch (UncheckedIOException e) {
                throw new ServerConnectionException("Nothing can be read", e);
            }
        }

        /** A connection that is closed while something comes is reset, and the answer on its way with it. */
        private void linger() {
            synchronized (this) {
                until = System.nanoTime() + Math.min(patience, LINGER.toNanos());
            }
            int skipped = 0;
            while (skipped < LINGER_BYTES) {
                byte @Nullable [] more = waitingFor(this::received);
                if (more == null) {
                    break;
                }
                skipped += more.length;
            }
        }

        private void send(BufferData buffer) {
            synchronized (this) {
                until = System.nanoTime() + patience;
            }
            waitingFor(() -> {
                context.dataWriter().writeNow(buffer);
                return true;
            });
        }

        private <T extends @Nullable Object> T waitingFor(Supplier<T> work) {
            synchronized (this) {
                waiting = Optional.of(Thread.currentThread());
            }
            try {
                T done = work.get();
                arrived();
                return done;
            } catch (RuntimeException e) {
                arrived();
                throw e;
            }
        }

        /** The other side did what it had to; an interrupt that came too late for this must not hit what comes next. */
        private synchronized void arrived() {
            waiting = Optional.empty();
            if (late) {
                Thread.interrupted();
                throw new CloseConnectionException("The other side takes too long");
            }
        }

        synchronized void endIfLate(long now) {
            if (waiting.isPresent() && !late && now - until > 0) {
                late = true;
                waiting.get().interrupt();
            }
        }

        @Override
        public DataReader dataReader() {
            return reader;
        }

        @Override
        public DataWriter dataWriter() {
            return this;
        }

        @Override
        public void write(BufferData... buffers) {
            writeNow(buffers);
        }

        @Override
        public void write(BufferData buffer) {
            writeNow(buffer);
        }

        @Override
        public void writeNow(BufferData... buffers) {
            writeNow(BufferData.create(buffers));
        }

        @Override
        public void writeNow(BufferData buffer) {
            while (buffer.available() > PIECE) {
                byte[] piece = new byte[PIECE];
                int length = buffer.read(piece);
                send(BufferData.create(piece, 0, length));
            }
            send(buffer);
        }

        @Override
        public void flush() {
            context.dataWriter().flush();
        }

        @Override
        public void close() {
            context.dataWriter().close();
        }

        @Override
        public ListenerContext listenerContext() {
            return context.listenerContext();
        }

        @Override
        public ExecutorService executor() {
            return context.executor();
        }

        @Override
        public Router router() {
            return context.router();
        }

        @Override
        public Optional<ProxyProtocolData> proxyProtocolData() {
            return context.proxyProtocolData();
        }

        @Override
        public HelidonSocket serverSocket() {
            return context.serverSocket();
        }

        @Override
        public PeerInfo remotePeer() {
            return context.remotePeer();
        }

        @Override
        public PeerInfo localPeer() {
            return context.localPeer();
        }

        @Override
        public boolean isSecure() {
            return context.isSecure();
        }

        @Override
        public String socketId() {
            return context.socketId();
        }

        @Override
        public String childSocketId() {
            return context.childSocketId();
        }
    }
}
