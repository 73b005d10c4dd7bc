package org.jiaozi.cli.up;

import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/** One role that runs: the central bank or an institution. */
interface Role {
    String name();

    /** Of the process that it runs in. */
    long pid();

    boolean alive();

    /** Completes when it has ended, for whatever reason. */
    CompletableFuture<?> end();

    /** Asks it to end, and does not wait. */
    void tell();

    /** Ends it in order and returns once it has ended. */
    void stop();

    /** How a role comes to run. */
    @FunctionalInterface
    interface Starter {
        /** Starts {@code jiaozi ARGUMENTS…} with {@code environment} added, its output in the folder's log of that name. */
        Role start(DataFolder data, String name, List<String> arguments, Map<String, String> environment);
    }
}
