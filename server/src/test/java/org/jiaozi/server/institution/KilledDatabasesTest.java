package org.jiaozi.server.institution;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;
import java.util.logging.Level;
import org.jiaozi.server.Logging;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * PostgreSQL killed by SIGKILL before and after every durable step that customers, operators and the servers themselves
 * bring institutions and central banks to. The steps are those that the code passes.
 */
final class KilledDatabasesTest {
    @AfterAll
    static void speak() {
        Logging.configure(Level.WARNING);
    }

    private final List<World> worlds = new ArrayList<>();
    private final List<KilledErrands> errands = new ArrayList<>();
    private final Map<String, Killed.Errand> all = new TreeMap<>();
    private final Killed.Events events = new Killed.Events();

    private void begin(Path folder, Supplier<String> databases) {
        for (int i = 0; i < KilledErrands.GROUPS; i++) {
            worlds.add(World.running(folder.resolve("world-" + i), databases));
            errands.add(new KilledErrands(worlds.getLast()));
            all.putAll(errands.getLast().group(i));
        }
        // the others say every time that nobody is there
        Logging.configure(Level.OFF);
    }

    @AfterEach
    void end() {
        worlds.forEach(World::close);
        worlds.clear();
    }

    @Test
    void databases(@TempDir Path folder) {
        try (KilledDatabase database = new KilledDatabase(folder.resolve("postgres"), events)) {
            begin(folder, database::freshDatabase);
            database.arm();
            killThroughout(database);
            end();
        }
    }

    private void killThroughout(Killed.Victim victim) {
        Killed.untilNothingStands(events, victim, all);
        Map<String, Killed.Errand> last = new TreeMap<>();
        for (int i = 0; i < errands.size(); i++) {
            last.put("net " + i, errands.get(i)::net);
        }
        bothSides(Killed.untilNothingStands(events, victim, last));
        errands.forEach(e -> {
            e.audit();
            e.books.customers();
        });
    }

    /** Whatever was killed before it was killed after it, too. */
    private static void bothSides(List<String> stood) {
        assertThat(side(stood, "BEFORE ")).hasSizeGreaterThan(10).isEqualTo(side(stood, "AFTER "));
    }

    private static List<String> side(List<String> stood, String side) {
        return stood.stream()
                .filter(s -> s.startsWith(side))
                .map(s -> s.substring(side.length()))
                .sorted()
                .toList();
    }
}
