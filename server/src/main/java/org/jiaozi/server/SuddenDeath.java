package org.jiaozi.server;

import java.io.IOException;

/** The end that a power cut makes of a process, for tests: nothing is cleaned up, nothing more leaves. */
public final class SuddenDeath {
    /** What SIGKILL leaves as exit code. */
    public static final int EXIT = 137;

    private SuddenDeath() {}

    /** SIGKILL to this very process; where there is no {@code kill}, the end that comes nearest to it. */
    public static void now() {
        try {
            new ProcessBuilder(
                            "kill",
                            "-KILL",
                            Long.toString(ProcessHandle.current().pid()))
                    .start()
                    .waitFor();
        } catch (IOException e) {
            Runtime.getRuntime().halt(EXIT);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        Runtime.getRuntime().halt(EXIT);
    }
}
