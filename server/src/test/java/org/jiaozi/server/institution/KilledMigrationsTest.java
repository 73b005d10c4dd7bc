package org.jiaozi.server.institution;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.jiaozi.server.TestCluster;
import org.jiaozi.server.central.Ledger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Institutions and central banks killed by SIGKILL within every migration of their schema, after the first and after the last of
 * its statements that change the schema, and started again: each has the whole schema then, and serves. The statements are those
 * that a database told of when nobody was killed.
 */
final class KilledMigrationsTest {
    /** So many are killed at once: each holds a few connections, and a cluster has no more than 60. */
    private static final int TOGETHER = 14;

    private static final String STANDING = " FROM pg_stat_activity WHERE wait_event = 'PgSleep' AND datname = '%s'";

    /**
     * The database counts what changes its schema, also what is rolled back, and tells how many migrations were done before. At
     * the one to be killed at its session stands until somebody ends it.
     */
    private static void watch(DoomedProcess.Place place, int at) {
        execute(place.database(), """
            CREATE SCHEMA watch;
            CREATE SEQUENCE watch.passed;
            CREATE TABLE watch.heard (number bigint, migrations bigint);
            CREATE FUNCTION watch.pass() RETURNS event_trigger LANGUAGE plpgsql AS $$
            DECLARE
                here bigint := nextval('watch.passed');
                done bigint;
            BEGIN
                EXECUTE 'SELECT count(*) FROM public.flyway_schema_history' INTO done;
                INSERT INTO watch.heard VALUES (here, done);
                IF here = %d THEN
                    PERFORM pg_sleep(100000);
                END IF;
            END $$;
            CREATE EVENT TRIGGER pass ON ddl_command_end EXECUTE FUNCTION watch.pass();
            """.formatted(at));
    }

    private static String name(DoomedProcess.Place place) {
        return place.database().replaceAll("[?].*", "").replaceAll(".*/", "");
    }

    private static boolean stands(DoomedProcess.Place place) {
        return Ledger.names(place.database(), "SELECT count(*)" + STANDING.formatted(name(place)))
                .equals(List.of("1"));
    }

    /** What the database does once it finds that nobody is there any more. */
    private static void letGo(DoomedProcess.Place place) {
        execute(place.database(), "SELECT pg_terminate_backend(pid, 60000)" + STANDING.formatted(name(place)));
        execute(place.database(), "DROP EVENT TRIGGER pass");
    }

    private static void execute(String database, String order) {
        try (Connection connection = DriverManager.getConnection(database);
                Statement statement = connection.createStatement()) {
            statement.execute(order);
        } catch (SQLException e) {
            throw new IllegalStateException(order, e);
        }
    }

    private static List<String> migrated(DoomedProcess.Place place) {
        return Ledger.names(
                place.database(), "SELECT script || ' ' || success FROM flyway_schema_history ORDER BY installed_rank");
    }

    private static void kill(Path folder, Supplier<DoomedProcess.Place> places, Consumer<DoomedProcess.Place> check) {
        AotCache cache = AotCache.none(folder);
        DoomedProcess.Place whole = places.get();
        watch(whole, 0);
        new DoomedProcess(folder, cache, List.of(whole)).close();
        List<String> migrations = migrated(whole);
        List<Integer> at = new ArrayList<>();
        for (int done = 0; done < migrations.size(); done++) {
            // within the one that follows so many
            List<String> ends = Ledger.names(
                    whole.database(),
                    "SELECT DISTINCT unnest(ARRAY[min(number), max(number)]) FROM watch.heard WHERE migrations = "
                            + done
                            + " ORDER BY 1");
            assertThat(ends)
                    .as("statements seen of " + migrations.get(done))
                    .isNotEmpty()
                    .doesNotContainNull();
            ends.forEach(n -> at.add(Integer.valueOf(n)));
        }
        for (int first = 0; first < at.size(); first += TOGETHER) {
            List<Integer> now = at.subList(first, Math.min(at.size(), first + TOGETHER));
            List<DoomedProcess.Place> killed = new ArrayList<>();
            for (int each : now) {
                killed.add(places.get());
                watch(killed.getLast(), each);
            }
            List<Integer> none = now.stream().map(n -> 0).toList();
            new DoomedProcess(folder, cache, killed, none, i -> stands(killed.get(i))).close();
            killed.forEach(KilledMigrationsTest::letGo);
            try (DoomedProcess again = new DoomedProcess(folder, cache, killed)) {
                for (int i = 0; i < now.size(); i++) {
                    try {
                        assertThat(migrated(killed.get(i))).isEqualTo(migrations);
                        check.accept(killed.get(i));
                    } catch (Throwable e) {
                        throw new AssertionError("killed after statement " + now.get(i) + " of " + migrations, e);
                    }
                }
                assertThat(again.faults()).isEmpty();
            }
        }
        System.out.println("killed after statements " + at + " of " + migrations);
    }

    @Test
    void institutions(@TempDir Path folder) {
        List<String> codes = IntStream.range(0, 24).mapToObj(i -> "bank-s" + i).toList();
        Deque<String> unused = new ArrayDeque<>(codes);
        try (World world = new World(folder, TestCluster::freshDatabase, codes)) {
            kill(
                    folder,
                    () -> {
                        String code = unused.remove();
                        world.prepare(code);
                        return DoomedProcess.Place.institution(world, code);
                    },
                    place -> KilledStartsTest.serves(world, place.role()));
            assertThat(new Ledger(world.centralDatabase).breaches()).isEmpty();
        }
    }

    @Test
    void centralBanks(@TempDir Path folder) {
        kill(
                folder,
                () -> {
                    int port = World.freePort();
                    return new DoomedProcess.Place(
                            World.CENTRAL,
                            folder.resolve("central-" + port),
                            port,
                            TestCluster.freshDatabase(),
                            "https://127.0.0.1:" + port,
                            Optional.empty(),
                            () -> 0);
                },
                KilledStartsTest::serves);
    }
}
