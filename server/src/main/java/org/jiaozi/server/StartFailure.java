package org.jiaozi.server;

/**
 * Something a process needs in order to start is missing, taken or broken. The message is one line that says what
 * happened and what the operator can do; it carries no secret. The command prints the message and ends with a non-zero
 * status; a stack trace adds nothing for the reader.
 */
public final class StartFailure extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** A failure told in one line. */
    public StartFailure(String message) {
        super(message);
    }

    /** A failure told in one line, with what caused it for those who debug. */
    public StartFailure(String message, Throwable cause) {
        super(message, cause);
    }
}
