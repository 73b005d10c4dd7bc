package org.jiaozi.server.institution;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.logging.Level;
import org.jiaozi.server.Logging;
import org.jiaozi.server.postgres.EmbeddedPostgres;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Institutions and central banks killed by SIGKILL before and after every durable step that customers, operators and the
 * servers themselves bring them to. The steps are those that the code passes.
 */
final class KilledServersTest {
    private static final int WORLDS = 4;

    /** So many worlds share one PostgreSQL: their servers hold many connections. */
    private static final int TOGETHER = 2;

    private final List<World> worlds = new ArrayList<>();
    private final List<EmbeddedPostgres> clusters = new ArrayList<>();
    private int databases;

    @AfterAll
    static void speak() {
        Logging.configure(Level.WARNING);
    }

    @AfterEach
    void end() {
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
        // the others say every time that nobody is there
        Logging.configure(Level.OFF);
    }

    private void kill(Path folder, List<DoomedProcess.Place> places) {
        try (DoomedProcess servers = new DoomedProcess(folder, places)) {
            new KilledLives(servers, worlds).live();
        }
    }

    @Test
    void institutions(@TempDir Path folder) {
        begin(folder);
        worlds.forEach(w -> w.stop("bank-a"));
        kill(
                folder,
                worlds.stream()
                        .map(w -> DoomedProcess.Place.institution(w, "bank-a"))
                        .toList());
    }

    @Test
    void centralBanks(@TempDir Path folder) {
        begin(folder);
        worlds.forEach(w -> w.central.close());
        kill(folder, worlds.stream().map(DoomedProcess.Place::central).toList());
    }
}
