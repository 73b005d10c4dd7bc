package org.jiaozi.cli.transport;

import java.time.Duration;

/** Moves whole messages between the two sides of one tap. One thread uses a transport at a time. */
public interface Transport extends AutoCloseable {
    /** The largest message any transport carries, in bytes. The smallest is one byte. */
    int MAX_MESSAGE_BYTES = 65_536;

    /**
     * Hands one message over. Returning means that it left this side, not that the other side read it.
     *
     * @throws TransportException if the message is empty or over {@link #MAX_MESSAGE_BYTES}, or cannot be sent
     */
    void send(byte[] message);

    /**
     * Waits for the next message.
     *
     * @param patience how long to wait for the whole message, at least a millisecond
     * @throws TransportException if none comes in time, or what comes is truncated, damaged or too large
     */
    byte[] receive(Duration patience);

    /** Ends this tap. Never fails. */
    @Override
    void close();

    /** Refuses a message that no transport carries; returns it otherwise. */
    static byte[] checkSize(byte[] message) {
        if (message.length == 0) {
            throw new TransportException(TransportException.Kind.UNREADABLE, "the message is empty: nothing to carry");
        }
        if (message.length > MAX_MESSAGE_BYTES) {
            throw new TransportException(
                    TransportException.Kind.TOO_LARGE,
                    "the message has " + message.length + " bytes and at most " + MAX_MESSAGE_BYTES
                            + " can be carried: pay from fewer slices, or sync first");
        }
        return message;
    }
}
