package org.jiaozi.cli;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jiaozi.core.refusal.Refusal;
import org.jiaozi.core.refusal.RefusalCode;
import org.jspecify.annotations.Nullable;

/**
 * A command did not do what was asked, for a reason the user is told in one line: a refusal, a missing file, a server
 * that is down. Nothing but its message is shown, and the command exits with {@link ExitCode#FAILED} unless told
 * otherwise.
 */
public final class CommandFailure extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final int exitCode;
    private final transient @Nullable Refusal refusal;
    private transient Map<String, Object> details = Map.of();

    /** A refusal or failure, told in one line. */
    public CommandFailure(String message) {
        this(message, ExitCode.FAILED, null, null);
    }

    /** A failure with what caused it; the cause is shown only under {@code JIAOZI_DEBUG=1}. */
    public CommandFailure(String message, @Nullable Throwable cause) {
        this(message, ExitCode.FAILED, cause, null);
    }

    private CommandFailure(String message, int exitCode, @Nullable Throwable cause, @Nullable Refusal refusal) {
        super(message, cause);
        this.exitCode = exitCode;
        this.refusal = refusal;
    }

    /** A numbered answer that says no, told with its meaning and whether trying again helps. */
    public static CommandFailure refused(Refusal refusal) {
        RefusalCode code = refusal.code();
        String detail = refusal.detail().isEmpty() ? "" : " (" + refusal.detail() + ")";
        String hint = switch (code.retry()) {
            case NO -> "";
            case YES -> "; try again";
            case LATER -> "; try again later";
            case AFTER_SYNC -> "; try again after a sync";
            case NEW_REQUEST -> "; ask for a new request";
            case DEPOSIT -> "; it can be deposited";
        };
        String message = "refused " + code.number() + " " + code.name() + ": " + code.meaning() + detail + hint;
        return new CommandFailure(message, ExitCode.FAILED, null, refusal);
    }

    /** A command line that cannot be meant, found only after parsing: exits with {@link ExitCode#USAGE}. */
    public static CommandFailure usage(String message) {
        return new CommandFailure(message, ExitCode.USAGE, null, null);
    }

    /** The same, with what was done all the same: what {@code --json} reports besides. */
    public CommandFailure with(Map<String, Object> done) {
        Map<String, Object> copy = new LinkedHashMap<>(done);
        copy.remove("ok");
        details = Collections.unmodifiableMap(copy);
        return this;
    }

    /** What was done all the same. */
    public Map<String, Object> details() {
        return details;
    }

    /** The numbered answer behind this failure, if there is one: what {@code --json} reports. */
    public Optional<Refusal> refusal() {
        return Optional.ofNullable(refusal);
    }

    /** What the process exits with. */
    public int exitCode() {
        return exitCode;
    }
}
