package org.jiaozi.cli.transport;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Arrays;
import org.jiaozi.cli.output.Reason;
import org.jiaozi.cli.transport.TransportException.Kind;

/**
 * One tap over TCP: each message is four bytes of length, big endian, and then the message. The length is checked
 * before a byte of the message is read. After a failed {@code receive} the stream may stand inside a message, so it
 * is closed: connect again.
 */
public final class StreamTransport implements Transport {
    /** Holds one whole message, so that sending it does not depend on when the other side reads. */
    private static final int BUFFER_BYTES = 2 * MAX_MESSAGE_BYTES;

    /** As much is set aside before a byte has come, and from then on at most as much again as has come. */
    private static final int FIRST_BYTES = 1024;

    private static final int HEADER_BYTES = 4;

    private final Socket socket;
    private final InputStream in;
    private final OutputStream out;

    StreamTransport(Socket socket) {
        this.socket = socket;
        try {
            socket.setTcpNoDelay(true);
            socket.setSendBufferSize(BUFFER_BYTES);
            this.in = socket.getInputStream();
            this.out = socket.getOutputStream();
        } catch (IOException e) {
            closeQuietly(socket);
            throw new TransportException(Kind.IO, "the connection cannot be used: " + Reason.of(e), e);
        }
    }

    /**
     * Connects to a payee or payer that listens.
     *
     * @param host name or address; empty means this machine's loopback address
     */
    public static StreamTransport connect(String host, int port, Duration patience) {
        Socket socket = new Socket();
        String place = (host.isEmpty() ? "loopback" : host) + ":" + port;
        try {
            InetAddress address = host.isEmpty() ? InetAddress.getLoopbackAddress() : InetAddress.getByName(host);
            socket.connect(new InetSocketAddress(address, port), millis(patience));
        } catch (SocketTimeoutException e) {
            closeQuietly(socket);
            throw new TransportException(Kind.TIMEOUT, place + " did not answer: check the address and try again", e);
        } catch (ConnectException e) {
            closeQuietly(socket);
            throw new TransportException(Kind.CLOSED, "nobody listens at " + place + ": start the other side first", e);
        } catch (IOException | IllegalArgumentException e) {
            closeQuietly(socket);
            throw new TransportException(Kind.IO, "cannot connect to " + place + ": " + e.getMessage(), e);
        }
        return new StreamTransport(socket);
    }

    @Override
    public void send(byte[] message) {
        Transport.checkSize(message);
        ByteBuffer frame = ByteBuffer.allocate(HEADER_BYTES + message.length)
                .putInt(message.length)
                .put(message);
        try {
            out.write(frame.array());
            out.flush();
        } catch (IOException e) {
            close();
            throw new TransportException(Kind.CLOSED, "the other side hung up: tap again, the same bytes are sent", e);
        }
    }

    @Override
    public byte[] receive(Duration patience) {
        long deadlineNanos = System.nanoTime() + patience.toNanos();
        boolean whole = false;
        try {
            byte[] header = read(HEADER_BYTES, deadlineNanos);
            if (header.length == 0) {
                throw new TransportException(Kind.CLOSED, "the other side hung up without sending: tap again");
            }
            int length = ByteBuffer.wrap(header).getInt();
            if (length == 0) {
                throw new TransportException(Kind.UNREADABLE, "the other side sent an empty message: tap again");
            }
            if (length < 0 || length > MAX_MESSAGE_BYTES) {
                throw new TransportException(
                        Kind.TOO_LARGE,
                        "the other side announced " + Integer.toUnsignedString(length) + " bytes and at most "
                                + MAX_MESSAGE_BYTES + " are taken: check that it is a jiaozi");
            }
            byte[] message = read(length, deadlineNanos);
            if (message.length == 0) {
                throw new EOFException("0 of " + length);
            }
            whole = true;
            return message;
        } catch (SocketTimeoutException e) {
            throw new TransportException(Kind.TIMEOUT, "no whole message came in time: tap again", e);
        } catch (EOFException e) {
            throw new TransportException(
                    Kind.INCOMPLETE, "the message was cut off (" + e.getMessage() + " bytes came): tap again", e);
        } catch (IOException e) {
            throw new TransportException(Kind.CLOSED, "the connection broke: tap again (" + Reason.of(e) + ")", e);
        } finally {
            if (!whole) {
                close();
            }
        }
    }

    /** Reads so many bytes before the deadline; none at an end of stream before the first. */
    private byte[] read(int length, long deadlineNanos) throws IOException {
        byte[] target = new byte[Math.min(length, FIRST_BYTES)];
        int have = 0;
        while (have < length) {
            if (have == target.length) {
                target = Arrays.copyOf(target, Math.min(length, 2 * have));
            }
            Duration left = Duration.ofNanos(deadlineNanos - System.nanoTime());
            if (left.toMillis() <= 0) {
                throw new SocketTimeoutException("out of time");
            }
            // The whole message shares one deadline: a byte now and then does not keep a tap open for ever.
            socket.setSoTimeout(millis(left));
            int read = in.read(target, have, target.length - have);
            if (read < 0) {
                if (have == 0) {
                    return new byte[0];
                }
                throw new EOFException(have + " of " + length);
            }
            have += read;
        }
        return target;
    }

    @Override
    public void close() {
        closeQuietly(socket);
    }

    boolean isClosed() {
        return socket.isClosed();
    }

    /** A socket reads 0 as "for ever", so the least is one millisecond. */
    static int millis(Duration patience) {
        return (int) Math.clamp(patience.toMillis(), 1L, Integer.MAX_VALUE);
    }

    private static void closeQuietly(Socket socket) {
        try {
            socket.close();
        } catch (IOException e) {
            // The tap is over either way, and every message sent was handed over before this.
            return;
        }
    }
}
