package org.jiaozi.server.institution;

import static java.util.Map.entry;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jiaozi.server.durable.DurableSteps;

/** A world in this process of which is said what steps of the code its servers went through while a disk failed them. */
final class CoveredWorld implements AutoCloseable {
    private static final String LATER = "wants time to pass until only claims pay";
    private static final String GONE = "wants an institution that is gone";
    private static final String REVIEW = "wants a sum that waits for a person";
    private static final String QUOTA = "wants a quota that is used up";
    private static final String SUSPENSE = "wants a remittance that nobody takes back";

    /** Where a whole world must change for one step, processes and PostgreSQL are killed at it, and no disk fails. */
    private static final Map<String, String> APART = Map.ofEntries(
            entry("ClaimantDebt", LATER),
            entry("InboxReader.claimantDebt", LATER),
            entry("Devices.credit", LATER),
            entry("Devices.pending", LATER),
            entry("TakeOver", GONE),
            entry("HonouredElsewhere", GONE),
            entry("DECLARE", GONE),
            entry("HONOUR", GONE),
            entry("RELEASE", REVIEW),
            entry("Released", REVIEW),
            entry("BuiltInAccounts.release", QUOTA),
            entry("Operations.giveUp", QUOTA),
            entry("Operations.creditInstead", QUOTA),
            entry("Suspense.pay", SUSPENSE),
            entry("Suspense.settle", SUSPENSE),
            entry("Outbox.deliver", "wants somebody who hears webhooks"));

    final World world;
    private final DoomedWorld servers;
    private final Set<String> passed = ConcurrentHashMap.newKeySet();

    CoveredWorld(Path folder, Supplier<String> databases) {
        servers = new DoomedWorld(folder, databases, Optional.empty(), (stands, moment) -> passed.add(moment));
        world = servers.world;
    }

    /** Begins to listen. */
    void listen() {
        servers.watch(Doomed.Mode.COUNT);
        DurableSteps.watch(moment -> Doomed.mine().ifPresent(server -> server.stops(moment)));
    }

    /** Ends that, and fails where a step was missed. */
    void judge() {
        DurableSteps.unwatch();
        assertThat(Stream.of(KilledCoverage.institutions(), KilledCoverage.centralBanks())
                        .flatMap(c -> c.but(APART).gaps(passed).stream()))
                .as("steps that nobody came to")
                .isEmpty();
    }

    @Override
    public void close() {
        DurableSteps.unwatch();
        world.close();
    }
}
