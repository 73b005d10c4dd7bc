package org.jiaozi.server.institution;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.logging.Level;
import org.jiaozi.server.Logging;
import org.jiaozi.server.central.Ledger;
import org.jiaozi.server.http.HttpAnswer;
import org.jiaozi.server.http.HttpServer;
import org.jiaozi.server.http.Route;
import org.jiaozi.server.postgres.EmbeddedPostgres;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Institutions and central banks killed by SIGKILL before and after every durable step that customers, operators and the
 * servers themselves bring them to. The steps are those that the code passes.
 */
final class KilledServersTest {
    private static final int WORLDS = 6;

    /** So many worlds share one PostgreSQL: their servers hold many connections. */
    private static final int TOGETHER = 2;

    private final List<World> worlds = new ArrayList<>();
    private final List<EmbeddedPostgres> clusters = new ArrayList<>();
    private final List<String> faults = new CopyOnWriteArrayList<>();
    private int databases;

    @AfterEach
    void end() {
        Logging.configure(Level.WARNING);
        Thread.setDefaultUncaughtExceptionHandler(null);
        worlds.forEach(World::close);
        clusters.forEach(EmbeddedPostgres::close);
    }

    private String freshDatabase() {
        String name = "role_" + ++databases;
        clusters.getLast().createDatabaseIfMissing(name);
        return clusters.getLast().jdbcUrl(name);
    }

    private void begin(Path folder) {
        for (int i = 0; i < WORLDS; i++) {
            if (i % TOGETHER == 0) {
                clusters.add(EmbeddedPostgres.start(folder.resolve("postgres-" + i), OptionalInt.empty()));
            }
            worlds.add(World.running(folder.resolve("world-" + i), this::freshDatabase));
        }
    }

    private void kill(
            Path folder, List<DoomedProcess.Place> places, KilledMoments.Least least, KilledCoverage coverage) {
        FaultLog.tellTo(faults::add);
        try (DoomedProcess servers = new DoomedProcess(folder, new AotCache(folder), places)) {
            new KilledLives(servers, worlds).live(least, coverage, faults);
        }
    }

    @Test
    void institutions(@TempDir Path folder) {
        begin(folder);
        worlds.forEach(w -> w.stop("bank-a"));
        Map<String, Set<String>> heard = new ConcurrentHashMap<>();
        Route hook = Route.post("/hook", event -> {
            heard.computeIfAbsent(event.header("Jiaozi-Event").orElseThrow(), id -> ConcurrentHashMap.newKeySet())
                    .add(new String(event.body(), StandardCharsets.UTF_8));
            return HttpAnswer.done();
        });
        try (HttpServer receiver = HttpServer.start(0, Optional.empty(), 10_000, List.of(hook))) {
            Optional<URI> webhook = Optional.of(URI.create(receiver.address() + "/hook"));
            kill(
                    folder,
                    worlds.stream()
                            .map(w -> DoomedProcess.Place.institution(
                                    w, "bank-a", w == worlds.getLast() ? webhook : Optional.empty()))
                            .toList(),
                    new KilledMoments.Least(250, 20),
                    KilledCoverage.institutions());
        }
        // whatever was killed: each event came, and came again only as it was
        assertThat(heard)
                .hasSizeGreaterThan(20)
                .allSatisfy((id, bodies) -> assertThat(bodies).hasSize(1));
        assertThat(heard.keySet())
                .containsExactlyInAnyOrderElementsOf(
                        Ledger.names(worlds.getLast().database("bank-a"), "SELECT id::text FROM outbox"));
    }

    @Test
    void centralBanks(@TempDir Path folder) {
        begin(folder);
        worlds.forEach(w -> w.central.close());
        kill(
                folder,
                worlds.stream().map(DoomedProcess.Place::central).toList(),
                new KilledMoments.Least(60, 10),
                KilledCoverage.centralBanks());
    }
}
