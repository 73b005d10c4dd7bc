package org.jiaozi.lab.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.jiaozi.cli.CommandFailure;
import org.jiaozi.cli.up.FreePorts;
import org.jiaozi.cli.up.LooseRoles;
import org.jiaozi.lab.bench.FaultPlan.Victim;
import org.jiaozi.server.StartFailure;
import org.jiaozi.server.postgres.EmbeddedPostgres;

/**
 * The central bank, an institution and their PostgreSQL, each in processes that can be killed by themselves. A server that
 * nobody killed has to live: it may end only where it was started while PostgreSQL was away.
 */
final class FaultServers implements AutoCloseable {
    private static final Set<Victim> ROLES = EnumSet.of(Victim.CENTRAL, Victim.INSTITUTION);
    private static final Duration POLL = Duration.ofMillis(50);
    private static final Duration PATIENCE = Duration.ofMinutes(5);

    /** So that the log of a small disk is small, and a recovery does not make every file durable by itself. */
    private static final List<String> SETTINGS = List.of(
            "ALTER SYSTEM SET max_wal_size = '96MB'",
            "ALTER SYSTEM SET recovery_init_sync_method = '"
                    + (System.getProperty("os.name").equals("Linux") ? "syncfs" : "fsync") + "'");

    /** More than it puts aside. */
    private static final int LOG_FILES = 24;

    private final Path cluster;
    private final int port;
    private final LooseRoles roles;
    private final Map<Victim, String> names = new EnumMap<>(Victim.class);
    private final Map<Victim, ProcessHandle> running = new EnumMap<>(Victim.class);
    /** Which life of PostgreSQL a role was started in; 0 where that was away. */
    private final Map<Victim, Integer> under = new EnumMap<>(Victim.class);

    private final Set<Victim> served = EnumSet.noneOf(Victim.class);
    private EmbeddedPostgres postgres;
    private int life;
    private int inVain;
    private int endedByItself;
    private final Thread end = Thread.ofPlatform().unstarted(this::close);

    private FaultServers(Path data) {
        int portBase = FreePorts.inARow(ROLES.size() + 1);
        cluster = data.resolve("postgres");
        port = portBase + ROLES.size();
        roles = LooseRoles.in(data, portBase);
        names.put(Victim.CENTRAL, roles.names().getFirst());
        names.put(Victim.INSTITUTION, roles.names().getLast());
        postgres = startPostgres();
    }

    /** Starts all of them on what {@code up} has left, and waits until they serve. */
    static FaultServers start(Path data) {
        FaultServers servers = new FaultServers(data);
        // whoever stops the bench stops what it kills
        Runtime.getRuntime().addShutdownHook(servers.end);
        try {
            servers.set();
            ROLES.forEach(servers::start);
            ROLES.forEach(servers::await);
            return servers;
        } catch (RuntimeException e) {
            servers.close();
            throw e;
        }
    }

    private void set() {
        try {
            ask(SETTINGS);
            ask(List.of("SELECT pg_reload_conf()"));
        } catch (SQLException e) {
            throw new CommandFailure("PostgreSQL cannot be set: " + e.getMessage(), e);
        }
    }

    /** Has PostgreSQL begin one file of its log after the other, until there is no room for the next or the log is short. */
    void useUpLog() {
        try {
            for (int i = 0; i < LOG_FILES; i++) {
                ask(List.of("SELECT pg_logical_emit_message(true, '', '')", "SELECT pg_switch_wal()"));
            }
        } catch (SQLException e) {
            // it has gone away over that, or has no room for the question
        }
    }

    private void ask(List<String> orders) throws SQLException {
        try (Connection connection = DriverManager.getConnection(postgres.jdbcUrl("postgres"));
                Statement statement = connection.createStatement()) {
            for (String order : orders) {
                statement.execute(order);
            }
        }
    }

    /** The institution's code. */
    String bank() {
        return name(Victim.INSTITUTION);
    }

    /** Where it answers. */
    String url() {
        return roles.url(bank());
    }

    private EmbeddedPostgres startPostgres() {
        try {
            EmbeddedPostgres started = EmbeddedPostgres.start(cluster, OptionalInt.of(port));
            life++;
            running.put(Victim.POSTGRES, ProcessHandle.of(started.pid()).orElseThrow());
            return started;
        } catch (StartFailure e) {
            throw new CommandFailure("PostgreSQL does not start again: " + e.getMessage(), e);
        }
    }

    /** Starts one, of which PostgreSQL is waited for and the others are not. */
    void start(Victim victim) {
        if (victim == Victim.POSTGRES) {
            postgres = startPostgres();
            return;
        }
        served.remove(victim);
        under.put(victim, alive(Victim.POSTGRES) ? life : 0);
        running.put(victim, roles.start(name(victim), postgres));
    }

    /** Starts one and kills it so long after that; PostgreSQL, whose start was waited for, is killed in that and comes back. */
    void startAndKill(Victim victim, Duration after) {
        if (victim == Victim.POSTGRES) {
            CompletableFuture<EmbeddedPostgres> starting = CompletableFuture.supplyAsync(this::startPostgres);
            LockSupport.parkNanos(after.toNanos());
            kill(processes(), /* alone= */ false);
            try {
                postgres = starting.join();
            } catch (CompletionException e) {
                throw e.getCause() instanceof CommandFailure why ? why : e;
            }
            if (!alive(Victim.POSTGRES)) {
                postgres.close();
                postgres = startPostgres();
            }
            return;
        }
        start(victim);
        LockSupport.parkNanos(after.toNanos());
        if (kill(victim, /* alone= */ false)) {
            start(victim);
        }
    }

    private String name(Victim victim) {
        return names.getOrDefault(victim, "");
    }

    private boolean alive(Victim victim) {
        ProcessHandle process = running.get(victim);
        return process != null && process.isAlive();
    }

    /** All processes of PostgreSQL, the first one first. */
    List<ProcessHandle> processes() {
        return ProcessHandle.current()
                .children()
                .filter(p -> p.info().commandLine().orElse("").contains(cluster + "/pgdata"))
                .flatMap(p -> Stream.concat(Stream.of(p), p.descendants()))
                .toList();
    }

    /** SIGKILL; false if there was nobody to be killed. */
    boolean kill(Victim victim, boolean alone) {
        boolean lives = alive(victim);
        if (victim == Victim.POSTGRES) {
            kill(processes(), alone);
            postgres.close();
        } else if (lives) {
            kill(List.of(running.get(victim)), /* alone= */ true);
        }
        return lives;
    }

    private static void kill(List<ProcessHandle> all, boolean alone) {
        List<ProcessHandle> killed = all.isEmpty() || !alone ? all : List.of(all.getFirst());
        killed.forEach(ProcessHandle::destroyForcibly);
        all.stream().findFirst().ifPresent(p -> p.onExit().join());
    }

    /** Waits until one serves, or has ended. */
    void await(Victim victim) {
        if (victim == Victim.POSTGRES) {
            return;
        }
        long begin = System.nanoTime();
        while (alive(victim)) {
            if (roles.serves(name(victim))) {
                served.add(victim);
                return;
            }
            if (System.nanoTime() - begin > PATIENCE.toNanos()) {
                throw new CommandFailure(name(victim) + " does not serve (see " + roles.log(name(victim)) + ")");
            }
            LockSupport.parkNanos(POLL.toNanos());
        }
    }

    /**
     * Starts again whatever ended for want of PostgreSQL, and waits until all of it serves.
     *
     * @param full whether PostgreSQL may have ended, too, for want of room
     */
    void mend(boolean full) {
        if (!alive(Victim.POSTGRES)) {
            if (!full) {
                throw new CommandFailure("PostgreSQL has ended by itself (see " + cluster + ")");
            }
            endedByItself++;
            postgres.close();
            postgres = startPostgres();
        }
        for (Victim role : ROLES) {
            await(role);
            while (!alive(role)) {
                if (served.contains(role) || under.getOrDefault(role, 0) == life) {
                    throw new CommandFailure(name(role) + " has ended by itself: " + lastLine(role));
                }
                inVain++;
                start(role);
                await(role);
            }
        }
    }

    private String lastLine(Victim role) {
        Path log = roles.log(name(role));
        try {
            List<String> lines = Files.readAllLines(log);
            return (lines.isEmpty() ? "no word" : lines.getLast()) + " (see " + log + ")";
        } catch (IOException e) {
            return "see " + log;
        }
    }

    /** Completes when one of them has ended. */
    CompletableFuture<?> ends() {
        return CompletableFuture.anyOf(
                running.values().stream().map(ProcessHandle::onExit).toArray(CompletableFuture[]::new));
    }

    /** Roles that were started while PostgreSQL was away, and ended. */
    int startedInVain() {
        return inVain;
    }

    /** How often PostgreSQL had ended for want of room. */
    int endedByItself() {
        return endedByItself;
    }

    /** Ends them in order; what is left of whatever was killed ends, too. */
    @Override
    public synchronized void close() {
        List<ProcessHandle> all = new ArrayList<>();
        ROLES.stream().filter(this::alive).map(running::get).forEach(all::add);
        all.forEach(ProcessHandle::destroy);
        all.forEach(p -> p.onExit().join());
        postgres.close();
        roles.close();
        if (!Thread.currentThread().equals(end)) {
            Runtime.getRuntime().removeShutdownHook(end);
        }
    }
}
