package org.jiaozi.server.institution;

import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/** A world whose servers run in this process, and what durable steps they come to. */
final class DoomedWorld {
    final World world;
    private final List<Doomed> servers = new ArrayList<>();

    /**
     * Starts it.
     *
     * @param webhook who hears the first institution's
     * @param ear is told of every moment that is looked at
     */
    DoomedWorld(Path folder, Supplier<String> databases, Optional<URI> webhook, Doomed.Ear ear) {
        world = World.running(
                folder,
                databases,
                (role, clock) -> {
                    Doomed server = new Doomed(role, clock, ear);
                    servers.add(server);
                    server.enter();
                    return server;
                },
                webhook);
        Doomed.leave();
    }

    /** What is done from now on when one of them comes to a moment that it was not at since. */
    void watch(Doomed.Mode mode) {
        servers.forEach(s -> s.watch(mode, List.of()));
    }
}
