package org.jiaozi.server.institution;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.jiaozi.core.refusal.RefusalCode;
import org.jiaozi.server.ServiceFault;
import org.jiaozi.server.durable.DurableSteps;
import org.jiaozi.server.postgres.EmbeddedPostgres;

/**
 * A PostgreSQL that is killed, all its processes at once, while servers in this process stand at a durable step; they go on
 * when it is there again, and find out.
 */
final class KilledDatabase implements Killed.Victim {
    private final Path folder;
    private final Killed.Events events;
    private final Set<String> past = ConcurrentHashMap.newKeySet();
    private final AtomicInteger databases = new AtomicInteger();
    private volatile CountDownLatch back = new CountDownLatch(1);
    private EmbeddedPostgres postgres;

    KilledDatabase(Path folder, Killed.Events events) {
        this.folder = folder;
        this.events = events;
        postgres = start();
        recoverFast(postgres);
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

    private EmbeddedPostgres start() {
        return EmbeddedPostgres.start(folder, OptionalInt.empty());
    }

    String freshDatabase() {
        String name = "role_" + databases.incrementAndGet();
        postgres.createDatabaseIfMissing(name);
        return postgres.jdbcUrl(name);
    }

    /**
     * From now on whoever comes to a durable step that nobody stood at yet waits there until the database was killed. Whoever
     * had committed by then gets no answer to that: it is done, and he cannot know. Not the caller, who kills: starting the
     * database again writes a file.
     */
    void arm() {
        Thread killer = Thread.currentThread();
        DurableSteps.watch(moment -> {
            if (Thread.currentThread().equals(killer)) {
                return;
            }
            String here = moment.side() + " " + Killed.step(moment.what());
            if (past.add(here)) {
                CountDownLatch until = back;
                events.stands(here);
                try {
                    until.await();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
                if (moment.side() == DurableSteps.Side.AFTER && moment.what().startsWith("commit")) {
                    throw new ServiceFault(RefusalCode.UNREACHABLE, "killed", new IllegalStateException(here));
                }
            }
        });
    }

    @Override
    public void killAndStart() {
        ProcessHandle postmaster = ProcessHandle.of(postgres.pid()).orElseThrow();
        List<ProcessHandle> all =
                Stream.concat(Stream.of(postmaster), postmaster.descendants()).toList();
        all.forEach(ProcessHandle::destroyForcibly);
        postmaster.onExit().join();
        World.await("PostgreSQL has ended", () -> all.stream().allMatch(KilledDatabase::ended));
        postgres.close();
        postgres = start();
        CountDownLatch waiting = back;
        back = new CountDownLatch(1);
        waiting.countDown();
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
    public void close() {
        DurableSteps.unwatch();
        back.countDown();
        postgres.close();
    }
}
