package org.jiaozi.server.http;

import java.io.IOException;

/**
 * No answer came: nobody listens, the connection broke, a certificate was refused, or time ran out. Whether the other
 * side acted is unknown, so the caller repeats the identical message. The message is one line without secrets.
 */
public final class Unreachable extends IOException {
    private static final long serialVersionUID = 1L;

    Unreachable(String message, Throwable cause) {
        super(message, cause);
    }
}
