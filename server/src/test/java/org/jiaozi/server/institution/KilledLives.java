package org.jiaozi.server.institution;

import static org.assertj.core.api.Assertions.assertThat;
import static org.jiaozi.server.institution.Killed.insist;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;

/**
 * Errands in several worlds side by side. Each is run once to learn what durable steps its server takes meanwhile. Then several
 * fresh customers come with it at once, and at each moment before and after a durable step one of them, or the server's own work,
 * comes to a stand. All worlds' servers are one process: when nothing moves it is killed and started again, and so on until
 * nothing stands any more. After that the world is reckoned anew.
 */
final class KilledLives {
    /** A server that nobody asks anything looks for work of its own several times in this while. */
    private static final long QUIET_NANOS = 700_000_000L;
    /** Whoever has not come to a stand by then waits for somebody who has. At any other time a kill is right, too. */
    private static final long STILL_NANOS = 400_000_000L;

    private static final long STUCK_NANOS = 120_000_000_000L;
    private static final int MOST_AT_ONCE = 8;
    /** What a server does by itself is killed at one moment at a time: these take longest, and are begun first. */
    private static final List<String> LONG = List.of("fork", "remit", "remit to nobody", "claim", "honoured elsewhere");

    /** What a world does at the moment. */
    private enum State {
        WORKING,
        STANDING,
        IDLE
    }

    private final DoomedProcess servers;
    private final List<World> worlds;
    private final List<KilledErrands> errands;
    private final List<State> states = new ArrayList<>();
    private final Deque<String> waiting = new ArrayDeque<>();
    private final Map<String, Set<String>> counted = new TreeMap<>();
    /** For each errand the moments that were killed at together, one kill after the other. */
    private final Map<String, List<List<String>>> lives = new TreeMap<>();

    private final Map<String, Throwable> failures = new TreeMap<>();
    private int kills;

    KilledLives(DoomedProcess servers, List<World> worlds) {
        this.servers = servers;
        this.worlds = worlds;
        this.errands = new ArrayList<>();
        for (int i = 0; i < worlds.size(); i++) {
            int world = i;
            errands.add(KilledErrands.withAftermath(worlds.get(i), seconds -> servers.clock(world, seconds)));
            states.add(State.WORKING);
        }
        waiting.addAll(LONG);
        errands.getFirst().kinds().keySet().stream()
                .filter(n -> !LONG.contains(n))
                .forEach(waiting::add);
    }

    /** Lives them all. */
    void live() {
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < worlds.size(); i++) {
            int world = i;
            threads.add(Thread.ofPlatform().name("world-" + i).daemon().start(() -> lane(world)));
        }
        while (threads.stream().anyMatch(Thread::isAlive)) {
            if (allStand()) {
                Killed.DOWN.set(true);
                servers.kill();
                servers.start();
                Killed.DOWN.set(false);
                kills++;
                synchronized (this) {
                    states.replaceAll(s -> s == State.STANDING ? State.WORKING : s);
                }
            }
            LockSupport.parkNanos(5_000_000);
        }
        report();
    }

    private synchronized boolean allStand() {
        return states.contains(State.STANDING) && !states.contains(State.WORKING);
    }

    private void report() {
        Map<String, Set<String>> died = new TreeMap<>();
        lives.forEach((name, each) ->
                died.put(name, each.stream().flatMap(List::stream).collect(Collectors.toCollection(TreeSet::new))));
        Set<String> everywhere = died.values().stream()
                .flatMap(Set::stream)
                .map(KilledLives::bare)
                .collect(Collectors.toSet());
        Map<String, Set<String>> missed = new TreeMap<>();
        counted.forEach((name, moments) -> {
            Set<String> at = died.getOrDefault(name, Set.of());
            System.out.println(name + ": " + moments.size() + " moments counted, killed at " + at.size());
            for (String moment : moments) {
                if (!at.contains(moment)) {
                    System.out.println("  not met again: " + moment);
                    if (!everywhere.contains(bare(moment))) {
                        missed.computeIfAbsent(name, k -> new TreeSet<>()).add(moment);
                    }
                }
            }
        });
        System.out.println(counted.size() + " errands, killed at "
                + died.values().stream().mapToInt(Set::size).sum() + " moments, " + everywhere.size()
                + " different ones, by " + kills + " kills");
        failures.forEach((errand, why) -> {
            throw new AssertionError(errand, why);
        });
        assertThat(missed).as("moments that nothing was killed at").isEmpty();
        assertThat(servers.faults()).isEmpty();
    }

    /** Whatever led there: side, what becomes durable, and the method that makes it so. */
    private static String bare(String moment) {
        return moment.replaceFirst("^(.* ).*>", "$1");
    }

    private synchronized Optional<String> next(int world) {
        String next = waiting.poll();
        states.set(world, next == null ? State.IDLE : State.WORKING);
        return Optional.ofNullable(next);
    }

    private void lane(int world) {
        try (Settled settled = new Settled(worlds.get(world))) {
            for (Optional<String> name = next(world); name.isPresent(); name = next(world)) {
                live(world, name.get(), settled);
            }
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        } finally {
            is(world, State.IDLE);
        }
    }

    private void live(int world, String name, Settled settled) {
        try {
            Set<String> moments = count(world, name, settled);
            synchronized (this) {
                counted.put(name, moments);
            }
            kill(world, name, settled, Math.clamp(moments.size() / 2, 1, MOST_AT_ONCE));
        } catch (Throwable e) {
            synchronized (this) {
                failures.put(name + ", killed at " + lives.getOrDefault(name, List.of()), e);
                waiting.clear();
            }
        }
        servers.watch(world, DoomedServers.Mode.LET_GO);
    }

    private synchronized void dies(String name, List<String> at) {
        lives.computeIfAbsent(name, n -> new ArrayList<>()).add(at);
    }

    private Set<String> count(int world, String name, Settled settled) {
        Running running = begin(world, name, settled, 1, DoomedServers.Mode.COUNT);
        while (!done(world, running, settled)) {
            running.look();
        }
        Set<String> moments = new TreeSet<>(servers.passed(world));
        servers.watch(world, DoomedServers.Mode.LET_GO);
        end(world, running, settled);
        return moments;
    }

    private void kill(int world, String name, Settled settled, int many) {
        Running running = begin(world, name, settled, many, DoomedServers.Mode.STAND);
        while (true) {
            boolean stands = !servers.stands(world).isEmpty();
            if (stands && servers.quietNanos(world) > STILL_NANOS) {
                awaitNextLife(world);
                dies(name, servers.killedAt(world));
                running.goesOn();
            } else if (!stands && done(world, running, settled)) {
                break;
            }
            running.look();
        }
        servers.watch(world, DoomedServers.Mode.LET_GO);
        end(world, running, settled);
    }

    /** Prepares an errand, and has its customers begin. */
    private Running begin(int world, String name, Settled settled, int many, DoomedServers.Mode mode) {
        KilledErrands own = errands.get(world);
        List.of("bank-a", "bank-b").forEach(bank -> insist(() -> own.world.operator(bank, "/books")));
        Killed.Errand errand = own.kinds().get(name).apply(many);
        World.await("what it begins with is done", settled::all);
        servers.watch(world, mode);
        return new Running(errand);
    }

    private boolean done(int world, Running running, Settled settled) {
        return !running.client.isAlive() && servers.quietNanos(world) > QUIET_NANOS && settled.all();
    }

    /** What the customers saw, and the money. */
    private void end(int world, Running running, Settled settled) {
        if (running.failed.get() != null) {
            throw new AssertionError("what the customers see", running.failed.get());
        }
        errands.get(world).net();
        World.await("all is settled", settled::all);
        errands.get(world).audit();
    }

    /** Customers at work. */
    private static final class Running {
        private final AtomicReference<Throwable> failed = new AtomicReference<>();
        private final Thread client;
        private long begin = System.nanoTime();

        Running(Killed.Errand errand) {
            client = Thread.ofPlatform().daemon().start(() -> {
                try {
                    errand.run();
                } catch (Throwable e) {
                    failed.set(e);
                }
            });
        }

        void goesOn() {
            begin = System.nanoTime();
        }

        void look() {
            if (System.nanoTime() - begin > STUCK_NANOS) {
                throw new AssertionError("nothing stands and somebody waits: " + List.of(client.getStackTrace()));
            }
            LockSupport.parkNanos(10_000_000);
        }
    }

    private void awaitNextLife(int world) {
        is(world, State.STANDING);
        while (state(world) == State.STANDING) {
            LockSupport.parkNanos(5_000_000);
        }
    }

    private synchronized State state(int world) {
        return states.get(world);
    }

    private synchronized void is(int world, State state) {
        states.set(world, state);
    }

    /** Whether everything in a world is finished that anybody began, and read that anybody wrote. */
    private static final class Settled implements AutoCloseable {
        private final Map<String, Connection> databases = new HashMap<>();
        private final Connection central;

        Settled(World world) throws SQLException {
            central = DriverManager.getConnection(world.centralDatabase);
            for (String bank : List.of("bank-a", "bank-b")) {
                databases.put(bank, DriverManager.getConnection(world.database(bank)));
            }
        }

        boolean all() {
            return databases.entrySet().stream().allMatch(e -> settled(e.getKey(), e.getValue()));
        }

        private boolean settled(String bank, Connection own) {
            return number(
                                    own,
                                    "SELECT (SELECT count(*) FROM operation WHERE done_at IS NULL)"
                                            + " + (SELECT count(*) FROM suspense WHERE state IN ('RETURNING', 'PAYING'))"
                                            + " + (SELECT count(*) FROM debt WHERE pending > 0"
                                            + " OR (reported < recovered AND length(cause) = 32))")
                            == 0
                    && number(own, "SELECT coalesce(max(number), 0) FROM inbox")
                            == number(
                                    central,
                                    "SELECT coalesce(max(e.number), 0) FROM inbox_event e JOIN institution i"
                                            + " ON i.id = e.institution WHERE i.code = '" + bank + "'");
        }

        private static long number(Connection connection, String query) {
            try (Statement statement = connection.createStatement();
                    ResultSet row = statement.executeQuery(query)) {
                row.next();
                return row.getLong(1);
            } catch (SQLException e) {
                throw new IllegalStateException(query, e);
            }
        }

        @Override
        public void close() throws SQLException {
            central.close();
            for (Connection each : databases.values()) {
                each.close();
            }
        }
    }
}
