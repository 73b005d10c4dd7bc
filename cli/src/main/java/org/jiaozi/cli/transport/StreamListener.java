package org.jiaozi.cli.transport;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.time.Duration;
import org.jiaozi.cli.output.Reason;
import org.jiaozi.cli.transport.TransportException.Kind;
import org.jspecify.annotations.Nullable;

/** Waits for taps over TCP. It serves one tap at a time, and any number one after the other. */
public final class StreamListener implements AutoCloseable {
    private final ServerSocket server;
    private @Nullable StreamTransport current;

    private StreamListener(ServerSocket server) {
        this.server = server;
    }

    /**
     * Listens where only this machine can reach it.
     *
     * @param port 0 lets the system choose; see {@link #port()}
     */
    public static StreamListener listen(int port) {
        return listen("", port);
    }

    /** Listens on the named address; {@code 0.0.0.0} is every network of this machine, empty is loopback. */
    public static StreamListener listen(String host, int port) {
        String place = (host.isEmpty() ? "loopback" : host) + ":" + port;
        try {
            InetAddress address = host.isEmpty() ? InetAddress.getLoopbackAddress() : InetAddress.getByName(host);
            ServerSocket server = new ServerSocket();
            try {
                server.setReuseAddress(true);
                server.bind(new InetSocketAddress(address, port), 1);
            } catch (IOException | IllegalArgumentException e) {
                server.close();
                throw e;
            }
            return new StreamListener(server);
        } catch (IOException | IllegalArgumentException e) {
            throw new TransportException(
                    Kind.IO, "cannot listen at " + place + " (" + e.getMessage() + "): choose another port", e);
        }
    }

    public int port() {
        return server.getLocalPort();
    }

    /** The address as a person types it into the other side. */
    public String hostAndPort() {
        return server.getInetAddress().getHostAddress() + ":" + port();
    }

    /**
     * Waits for the next tap.
     *
     * @throws TransportException if nobody comes in time
     * @throws IllegalStateException if the tap before has not been closed
     */
    public StreamTransport accept(Duration patience) {
        if (current != null && !current.isClosed()) {
            throw new IllegalStateException("one tap at a time: close the one before");
        }
        try {
            server.setSoTimeout(StreamTransport.millis(patience));
            Socket socket = server.accept();
            StreamTransport tap = new StreamTransport(socket);
            current = tap;
            return tap;
        } catch (SocketTimeoutException e) {
            throw new TransportException(Kind.TIMEOUT, "nobody tapped in time: try again", e);
        } catch (IOException e) {
            throw new TransportException(Kind.IO, "listening ended: " + Reason.of(e), e);
        }
    }

    /** Ends the tap that is under way, too. */
    @Override
    public void close() {
        if (current != null) {
            current.close();
        }
        try {
            server.close();
        } catch (IOException e) {
            // Nothing more is accepted either way.
            return;
        }
    }
}
