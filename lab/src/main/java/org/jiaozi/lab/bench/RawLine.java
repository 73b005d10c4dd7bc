package org.jiaozi.lab.bench;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import org.jiaozi.core.refusal.Refusal;
import org.jiaozi.server.http.Problem;

/** A connection of one who does not keep to HTTP, as no library for it would let anybody. */
final class RawLine implements AutoCloseable {
    private static final int PATIENCE_MILLIS = 30_000;

    private final Socket socket;

    private RawLine(Socket socket) {
        this.socket = socket;
    }

    /** One on which nothing was said yet, not even of TLS. */
    static RawLine bare(URI server) throws IOException {
        Socket socket = new Socket();
        socket.connect(
                new InetSocketAddress(InetAddress.ofLiteral(server.getHost()), server.getPort()), PATIENCE_MILLIS);
        socket.setSoTimeout(PATIENCE_MILLIS);
        socket.setTcpNoDelay(true);
        return new RawLine(socket);
    }

    /** One after its handshake. */
    static RawLine encrypted(URI server, SSLContext tls) throws IOException {
        Socket bare = bare(server).socket;
        try {
            SSLSocket socket = (SSLSocket) tls.getSocketFactory()
                    .createSocket(bare, server.getHost(), server.getPort(), /* autoClose= */ true);
            socket.startHandshake();
            return new RawLine(socket);
        } catch (IOException e) {
            bare.close();
            throw e;
        }
    }

    /** Nobody waits longer for what is said here. */
    void patience(int millis) throws IOException {
        socket.setSoTimeout(millis);
    }

    void write(String text) throws IOException {
        write(text.getBytes(StandardCharsets.US_ASCII));
    }

    void write(byte[] bytes) throws IOException {
        socket.getOutputStream().write(bytes);
    }

    /** A byte of what the other side says; negative at its end. */
    int read() throws IOException {
        return socket.getInputStream().read();
    }

    /** The refusal that is answered, if it is one. */
    Optional<Refusal> refusal() throws IOException {
        InputStream in = new BufferedInputStream(socket.getInputStream());
        int length = 0;
        String type = "";
        for (String line = line(in); !line.isEmpty(); line = line(in)) {
            String[] parts = line.toLowerCase(Locale.ROOT).split(":", 2);
            switch (parts[0]) {
                case "content-length" -> length = Integer.parseInt(parts[1].strip());
                case "content-type" -> type = parts[1].strip();
                default -> {
                    // says nothing of the body
                }
            }
        }
        return Problem.read(type, in.readNBytes(length));
    }

    private static String line(InputStream in) throws IOException {
        StringBuilder line = new StringBuilder();
        for (int next = in.read(); next != '\n'; next = in.read()) {
            if (next < 0) {
                throw new EOFException("no answer");
            }
            line.append((char) next);
        }
        return line.toString().strip();
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
