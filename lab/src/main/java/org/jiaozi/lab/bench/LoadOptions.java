package org.jiaozi.lab.bench;

import java.math.BigDecimal;
import org.jiaozi.cli.CommandFailure;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** What the servers bear in the second phase of a run, after a first one in which so many clients and nobody else ask. */
final class LoadOptions {
    private static final int MOST_OFFERED = 1_000_000;
    private static final int MOST_TIMES = 100;
    private static final int MOST_CONNECTIONS = 900;

    @Option(
            names = "--offer",
            paramLabel = "NUMBER",
            description =
                    "Payments a second that are offered whatever becomes of them; 2x is twice the rate of the first"
                            + " phase. What is refused comes again as part of them.")
    private @Nullable String offer;

    @Option(
            names = "--bad-requests",
            paramLabel = "NUMBER",
            defaultValue = "0",
            description = "Malformed, altered, oversized and unauthenticated requests a second (${DEFAULT-VALUE}).")
    private int badRequests;

    @Option(
            names = "--slow-connections",
            paramLabel = "NUMBER",
            defaultValue = "0",
            description = "Connections that send a byte a second, again and again (${DEFAULT-VALUE}).")
    private int slowConnections;

    @Option(
            names = "--max-requests",
            paramLabel = "NUMBER",
            defaultValue = "256",
            description = "The most requests that each server has under way (${DEFAULT-VALUE}).")
    private int maxRequests;

    /** Says in one line what cannot be meant. */
    void check() {
        WorkShape.between("--bad-requests", badRequests, 0, 10_000);
        WorkShape.between("--slow-connections", slowConnections, 0, MOST_CONNECTIONS);
        int connections = BadRequests.lines(badRequests) + slowConnections;
        if (connections > MOST_CONNECTIONS) {
            throw CommandFailure.usage("--bad-requests and --slow-connections take " + connections
                    + " connections, and more than " + MOST_CONNECTIONS + " leave none to those who deposit");
        }
        WorkShape.between("--max-requests", maxRequests, 1, 100_000);
        if (offer != null) {
            offered(1);
        }
    }

    /** Whether there is a second phase. */
    boolean any() {
        return offer != null || disturbs();
    }

    /** Whether there are others than those who deposit. */
    boolean disturbs() {
        return badRequests > 0 || slowConnections > 0;
    }

    boolean offers() {
        return offer != null;
    }

    /** As it was given. */
    String offer() {
        return String.valueOf(offer);
    }

    /** What is offered a second. */
    double offered(double peak) {
        String given = offer();
        boolean times = given.endsWith("x");
        String number = times ? given.substring(0, given.length() - 1) : given;
        int most = times ? MOST_TIMES : MOST_OFFERED;
        if (!number.matches("[0-9]{1,7}(\\.[0-9]{1,3})?")
                || new BigDecimal(number).signum() == 0
                || new BigDecimal(number).compareTo(BigDecimal.valueOf(most)) > 0) {
            throw CommandFailure.usage(
                    "--offer is a number up to " + MOST_OFFERED + ", or one up to " + MOST_TIMES + " and an x, as 2x");
        }
        return Double.parseDouble(number) * (times ? peak : 1);
    }

    int badRequests() {
        return badRequests;
    }

    int slowConnections() {
        return slowConnections;
    }

    int maxRequests() {
        return maxRequests;
    }
}
