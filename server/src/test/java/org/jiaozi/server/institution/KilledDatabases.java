package org.jiaozi.server.institution;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jiaozi.core.refusal.RefusalCode;
import org.jiaozi.server.ServiceFault;
import org.jiaozi.server.durable.DurableSteps;
import org.jiaozi.server.postgres.EmbeddedPostgres;

/**
 * The PostgreSQL of several worlds, killed while servers in this process stand at durable steps; they go on when it is there
 * again, and find out.
 */
final class KilledDatabases implements KilledLives.Victim {
    /** So many worlds share one PostgreSQL: their servers hold many connections. */
    static final int TOGETHER = 2;

    private final Path folder;
    private final List<EmbeddedPostgres> clusters = new ArrayList<>();
    private final List<DoomedWorld> worlds = new ArrayList<>();
    private final List<Heard> heard = new ArrayList<>();
    private final List<String> faults = new CopyOnWriteArrayList<>();
    private final Object killing = new Object();
    private CountDownLatch back = new CountDownLatch(1);
    private int databases;
    private int kills;
    private int interrupted;

    KilledDatabases(Path folder) {
        this.folder = folder;
        DurableSteps.watch(this::reached);
    }

    /** One more world whose databases are killed. */
    World world(Optional<URI> webhook) {
        int number = worlds.size();
        if (number % TOGETHER == 0) {
            clusters.add(EmbeddedPostgres.start(cluster(clusters.size()), OptionalInt.empty()));
            recoverFast(clusters.getLast());
        }
        Heard ear = new Heard();
        heard.add(ear);
        worlds.add(new DoomedWorld(folder.resolve("world-" + number), this::freshDatabase, webhook, ear::moment));
        return worlds.getLast().world;
    }

    private Path cluster(int number) {
        return folder.resolve("postgres-" + number);
    }

    private String freshDatabase() {
        String name = "role_" + ++databases;
        clusters.getLast().createDatabaseIfMissing(name);
        return clusters.getLast().jdbcUrl(name);
    }

    /**
     * A PostgreSQL that was killed makes every file of its cluster durable before it answers, one by one, which takes seconds
     * each time. Where one call does the same for all, that one does.
     */
    static void recoverFast(EmbeddedPostgres postgres) {
        if (!System.getProperty("os.name").equals("Linux")) {
            return;
        }
        try (Connection connection = DriverManager.getConnection(postgres.jdbcUrl("postgres"));
                Statement setting = connection.createStatement()) {
            setting.execute("ALTER SYSTEM SET recovery_init_sync_method = 'syncfs'");
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    /**
     * Whoever stands at a durable step waits there until the database was killed. Whoever had committed by then gets no answer
     * to that: it is done, and he cannot know.
     */
    private void reached(DurableSteps.Moment moment) {
        Optional<Doomed> mine = Doomed.mine();
        if (mine.isEmpty()) {
            // starting a database writes files
            if (!moment.what().contains("EmbeddedPostgres.")) {
                faults.add("nobody's: " + moment.what());
            }
            return;
        }
        CountDownLatch until;
        synchronized (killing) {
            if (!mine.get().stops(moment)) {
                return;
            }
            until = back;
        }
        try {
            until.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        if (moment.side() == DurableSteps.Side.AFTER && moment.what().startsWith("commit")) {
            throw new ServiceFault(RefusalCode.UNREACHABLE, "killed", new IllegalStateException(moment.what()));
        }
    }

    @Override
    public Heard heard(int world) {
        return heard.get(world);
    }

    @Override
    public void watch(int world, Doomed.Mode mode) {
        heard(world).forget();
        worlds.get(world).watch(mode);
    }

    @Override
    public void clock(int world, long seconds) {
        // servers in this process read the world's own
    }

    @Override
    public List<String> faults() {
        return faults;
    }

    /** How many transactions were killed while they waited for another's lock. */
    int interrupted() {
        return interrupted;
    }

    /** What the kernel kills may be all processes, or the first alone: then the others find out, and end. */
    @Override
    public void kill() {
        kills++;
        for (int i = 0; i < clusters.size(); i++) {
            interrupted += waiting(clusters.get(i));
            kill(clusters.get(i), (kills + i) % 2 == 0);
        }
    }

    private static int waiting(EmbeddedPostgres postgres) {
        try (Connection connection = DriverManager.getConnection(postgres.jdbcUrl("postgres"));
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(
                        "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock'")) {
            row.next();
            return row.getInt(1);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void kill(EmbeddedPostgres postgres, boolean alone) {
        ProcessHandle postmaster = ProcessHandle.of(postgres.pid()).orElseThrow();
        List<ProcessHandle> all =
                Stream.concat(Stream.of(postmaster), postmaster.descendants()).toList();
        (alone ? List.of(postmaster) : all).forEach(ProcessHandle::destroyForcibly);
        postmaster.onExit().join();
        World.await("PostgreSQL has ended", () -> all.stream().allMatch(KilledDatabases::ended));
        postgres.close();
    }

    /** Whoever took over the orphans may be slow to bury them; what waits for that holds nothing any more. */
    private static boolean ended(ProcessHandle process) {
        try {
            return !process.isAlive()
                    || Files.readString(Path.of("/proc", Long.toString(process.pid()), "stat"))
                            .matches("(?s).*\\) [ZX] .*");
        } catch (NoSuchFileException e) {
            // it went meanwhile, or this system has no such files
            return !process.isAlive();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void start() {
        Killed.together(IntStream.range(0, clusters.size())
                .<Killed.Errand>mapToObj(
                        i -> () -> clusters.set(i, EmbeddedPostgres.start(cluster(i), OptionalInt.empty())))
                .toList());
        CountDownLatch waiting;
        synchronized (killing) {
            heard.forEach(Heard::dies);
            waiting = back;
            back = new CountDownLatch(1);
        }
        waiting.countDown();
    }

    @Override
    public void close() {
        DurableSteps.unwatch();
        back.countDown();
        worlds.forEach(w -> w.world.close());
        clusters.forEach(EmbeddedPostgres::close);
    }
}
