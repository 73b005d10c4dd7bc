package org.jiaozi.cli;

/** What every {@code jiaozi} command exits with. */
public final class ExitCode {
    /** Done. */
    public static final int OK = 0;

    /** Refused or failed; the last line on standard error says why. */
    public static final int FAILED = 1;

    /** The command line itself is wrong; nothing was tried. */
    public static final int USAGE = 2;

    private ExitCode() {}
}
