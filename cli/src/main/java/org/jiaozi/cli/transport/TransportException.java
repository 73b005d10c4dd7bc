package org.jiaozi.cli.transport;

/** A message could not be moved. The text is one line that says what happened and what to do. */
public final class TransportException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** What went wrong, for callers that react differently; people read the text. */
    public enum Kind {
        /** Nothing, or not all of it, came in time: trying again may help. */
        TIMEOUT,
        /** The other side is not there, or hung up between messages. */
        CLOSED,
        /** The message, or its animation, ends too early: have it sent again. */
        INCOMPLETE,
        /** Over {@link Transport#MAX_MESSAGE_BYTES}. */
        TOO_LARGE,
        /** What was read is no message: empty, no QR code, damaged, or a mix of several messages. */
        UNREADABLE,
        /** The disk or the network said no. */
        IO
    }

    private final Kind kind;

    public TransportException(Kind kind, String message) {
        super(message);
        this.kind = kind;
    }

    public TransportException(Kind kind, String message, Throwable cause) {
        super(message, cause);
        this.kind = kind;
    }

    public Kind kind() {
        return kind;
    }
}
