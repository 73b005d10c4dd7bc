package org.jiaozi.server.institution;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.logging.Level;
import org.jiaozi.server.Logging;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * PostgreSQL killed by SIGKILL before and after every durable step that customers, operators and the servers themselves
 * bring institutions and central banks to. The steps are those that the code passes.
 */
final class KilledDatabasesTest {
    private static final int WORLDS = 6;

    @AfterEach
    void end() {
        Logging.configure(Level.WARNING);
        Thread.setDefaultUncaughtExceptionHandler(null);
    }

    @Test
    void databases(@TempDir Path folder) {
        List<String> faults = new CopyOnWriteArrayList<>();
        FaultLog.tellTo(faults::add);
        try (WebhookReceiver receiver = new WebhookReceiver();
                KilledDatabases databases = new KilledDatabases(folder)) {
            List<World> worlds = new ArrayList<>();
            for (int i = 1; i <= WORLDS; i++) {
                worlds.add(databases.world(i == WORLDS ? Optional.of(receiver.address()) : Optional.empty()));
            }
            new KilledLives(databases, worlds)
                    .live(
                            new KilledMoments.Least(350, 25),
                            List.of(KilledCoverage.institutions(), KilledCoverage.centralBanks()),
                            faults);
            receiver.judge(worlds.getLast());
            System.out.println(databases.interrupted() + " transactions were killed while they waited for a lock");
            assertThat(databases.interrupted()).isPositive();
        }
    }
}
