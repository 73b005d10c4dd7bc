package org.jiaozi.server.institution;

import static org.assertj.core.api.Assertions.assertThat;
import static org.jiaozi.server.institution.Killed.insist;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;

/**
 * Errands in several worlds side by side. Each is run once to learn what durable steps its server takes meanwhile. Then several
 * fresh customers come with it at once, and at each moment before and after a durable step one of them, or the server's own work,
 * comes to a stand. All worlds' servers are one process: when nothing moves it is killed and started again, and so on until
 * nothing stands any more. After that the world is reckoned anew.
 */
final class KilledLives {
    /** A server that nobody asks anything looks for work of its own twice in this while. */
    private static final long QUIET_NANOS = 1_200_000_000L;
    /** Whoever has not come to a stand by then waits for somebody who has. At any other time a kill is right, too. */
    private static final long STILL_NANOS = 400_000_000L;

    private static final long STUCK_NANOS = 400_000_000_000L;
    private static final int MOST_AT_ONCE = 8;
    /** What a server does by itself is killed at one moment at a time: these take longest, and are begun first. */
    private static final List<String> LONG =
            List.of("fork", "remit", "remit to nobody", "claim", "honoured elsewhere", "claim of two");

    /** What a world does at the moment. */
    private enum State {
        WORKING,
        STANDING,
        IDLE
    }

    /** What is killed: servers of all worlds, or what they stand on. */
    interface Victim extends AutoCloseable {
        /** What is heard of a world. */
        Heard heard(int world);

        /** What is done in that world from now on, also after something was killed and started again. */
        void watch(int world, Doomed.Mode mode);

        /** By how much the clock of that world is ahead. */
        void clock(int world, long seconds);

        /** Kills all, whatever stands. */
        void kill();

        /** Starts all again. */
        void start();

        /** What went wrong and was nobody's death. */
        List<String> faults();

        @Override
        void close();
    }

    private final Victim servers;
    private final List<World> worlds;
    private final List<KilledErrands> errands;
    private final List<State> states = new ArrayList<>();
    private final Deque<String> waiting = new ArrayDeque<>();
    private final KilledMoments moments = new KilledMoments();

    KilledLives(Victim servers, List<World> worlds) {
        this.servers = servers;
        this.worlds = worlds;
        this.errands = new ArrayList<>();
        for (int i = 0; i < worlds.size(); i++) {
            int world = i;
            errands.add(KilledErrands.withAftermath(worlds.get(i), seconds -> servers.clock(world, seconds)));
            states.add(State.WORKING);
        }
    }

    private Set<String> names() {
        return errands.getFirst().kinds().keySet();
    }

    /**
     * Lives them all.
     *
     * @param least what must be killed
     * @param coverage what else must be killed at
     * @param faults what is said of this process meanwhile
     */
    void live(KilledMoments.Least least, List<KilledCoverage> coverage, Collection<String> faults) {
        // all at first: whoever counts must not be killed, and would keep waiting who stands
        lanes(this::count);
        if (!moments.failing()) {
            // what was learnt in counting makes the others start sooner
            servers.kill();
            servers.start();
            lanes(this::kill);
        }
        assertThat(waiting).as("errands that nobody ran").isEmpty();
        moments.judge(
                names(),
                least,
                coverage,
                Stream.concat(servers.faults().stream(), faults.stream()).toList());
    }

    /** What a lane does with one errand after the other. */
    @FunctionalInterface
    private interface Work {
        void on(int world, String errand, Settled settled);
    }

    /** Has all worlds work at all errands, and kills whenever nothing moves any more. */
    private void lanes(Work work) {
        waiting.addAll(LONG);
        names().stream().filter(n -> !LONG.contains(n)).forEach(waiting::add);
        states.replaceAll(s -> State.WORKING);
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < worlds.size(); i++) {
            int world = i;
            threads.add(Thread.ofPlatform().name("world-" + i).daemon().start(() -> lane(world, work)));
        }
        while (threads.stream().anyMatch(Thread::isAlive)) {
            if (allStand()) {
                Killed.DOWN.set(true);
                servers.kill();
                servers.start();
                Killed.DOWN.set(false);
                moments.killed();
                synchronized (this) {
                    states.replaceAll(s -> s == State.STANDING ? State.WORKING : s);
                }
            }
            LockSupport.parkNanos(5_000_000);
        }
    }

    private synchronized boolean allStand() {
        return states.contains(State.STANDING) && !states.contains(State.WORKING);
    }

    private synchronized Optional<String> next(int world) {
        String next = waiting.poll();
        states.set(world, next == null ? State.IDLE : State.WORKING);
        return Optional.ofNullable(next);
    }

    private void lane(int world, Work work) {
        String doing = "the lane of world " + world;
        try (Settled settled = new Settled(worlds.get(world))) {
            for (Optional<String> name = next(world); name.isPresent(); name = next(world)) {
                doing = name.get();
                work.on(world, doing, settled);
            }
            // whoever came long ago has what he had then
            errands.get(world).books.customers();
        } catch (Throwable e) {
            moments.failed(doing, e);
            synchronized (this) {
                waiting.clear();
            }
        } finally {
            is(world, State.IDLE);
        }
    }

    private void count(int world, String name, Settled settled) {
        Running running = begin(world, name, settled, 1, Doomed.Mode.COUNT);
        while (!done(world, running, settled)) {
            running.look();
        }
        Set<String> passed = new TreeSet<>(servers.heard(world).passed());
        // what only ends here was begun by what came before
        passed.removeIf(m -> m.startsWith("AFTER ") && !passed.contains(m.replaceFirst("AFTER", "BEFORE")));
        moments.counted(name, passed);
        servers.watch(world, Doomed.Mode.LET_GO);
        end(world, running, settled);
    }

    private void kill(int world, String name, Settled settled) {
        int passed = moments.counted(name);
        if (passed == 0) {
            return;
        }
        int many = Math.clamp(passed / 2, 1, MOST_AT_ONCE);
        Running running = begin(world, name, settled, many, Doomed.Mode.STAND);
        while (true) {
            boolean stands = !servers.heard(world).stands().isEmpty();
            if (stands && servers.heard(world).quietNanos() > STILL_NANOS) {
                awaitNextLife(world);
                moments.died(name, servers.heard(world).killedAt());
                running.goesOn();
            } else if (!stands && done(world, running, settled)) {
                break;
            }
            running.look();
        }
        servers.watch(world, Doomed.Mode.LET_GO);
        end(world, running, settled);
    }

    /** Prepares an errand, and has its customers begin. */
    private Running begin(int world, String name, Settled settled, int many, Doomed.Mode mode) {
        KilledErrands own = errands.get(world);
        List.of("bank-a", "bank-b").forEach(bank -> insist(() -> own.world.operator(bank, "/books")));
        Killed.Errand errand = own.kinds().get(name).apply(many);
        World.await("what it begins with is done", settled::all);
        servers.watch(world, mode);
        return new Running(errand);
    }

    private boolean done(int world, Running running, Settled settled) {
        return !running.client.isAlive() && servers.heard(world).quietNanos() > QUIET_NANOS && settled.all();
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
}
