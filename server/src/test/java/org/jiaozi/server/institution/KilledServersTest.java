package org.jiaozi.server.institution;

import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.logging.Level;
import org.jiaozi.server.Logging;
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
            new KilledLives(servers, worlds).live(least, List.of(coverage), faults);
        }
    }

    @Test
    void institutions(@TempDir Path folder) {
        begin(folder);
        worlds.forEach(w -> w.stop("bank-a"));
        try (WebhookReceiver receiver = new WebhookReceiver()) {
            Optional<URI> webhook = Optional.of(receiver.address());
            kill(
                    folder,
                    worlds.stream()
                            .map(w -> DoomedProcess.Place.institution(
                                    w, "bank-a", w == worlds.getLast() ? webhook : Optional.empty()))
                            .toList(),
                    new KilledMoments.Least(250, 20),
                    KilledCoverage.institutions());
            receiver.judge(worlds.getLast());
        }
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
