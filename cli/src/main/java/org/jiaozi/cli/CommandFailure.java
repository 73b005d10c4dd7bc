package org.jiaozi.cli;

import org.jspecify.annotations.Nullable;

/**
 * A command did not do what was asked, for a reason the user is told in one line: a refusal, a missing file, a server
 * that is down. Nothing but its message is shown, and the command exits with {@link ExitCode#FAILED} unless told
 * otherwise.
 */
public final class CommandFailure extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final int exitCode;

    /** A refusal or failure, told in one line. */
    public CommandFailure(String message) {
        this(message, ExitCode.FAILED, null);
    }

    /** A failure with what caused it; the cause is shown only under {@code JIAOZI_DEBUG=1}. */
    public CommandFailure(String message, @Nullable Throwable cause) {
        this(message, ExitCode.FAILED, cause);
    }

    private CommandFailure(String message, int exitCode, @Nullable Throwable cause) {
        super(message, cause);
        this.exitCode = exitCode;
    }

    /** A command line that cannot be meant, found only after parsing: exits with {@link ExitCode#USAGE}. */
    public static CommandFailure usage(String message) {
        return new CommandFailure(message, ExitCode.USAGE, null);
    }

    /** What the process exits with. */
    public int exitCode() {
        return exitCode;
    }
}
