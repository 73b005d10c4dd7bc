package org.jiaozi.server.institution;

import java.time.Instant;
import java.time.InstantSource;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jiaozi.server.durable.DurableSteps;
import org.jspecify.annotations.Nullable;

/** One server of a world as those see it who kill it, or its database: what durable steps it comes to, and where it stands. */
final class Doomed implements InstantSource {
    /** Whose work a thread does: its starter's, or that whose clock it read. */
    private static final ThreadLocal<@Nullable Doomed> MINE = new InheritableThreadLocal<>();

    /** What is done at moments around durable steps. */
    enum Mode {
        LET_GO(false),
        COUNT(false),
        /** Whoever comes to one that nobody stood at yet stands there for good. */
        STAND(false),
        /** On the way to serving, which the others do not look at. */
        COUNT_START(true),
        /** So, at the one with that number. */
        START(true);

        private final boolean starting;

        Mode(boolean starting) {
            this.starting = starting;
        }
    }

    /** Is told of every moment that is looked at. */
    @FunctionalInterface
    interface Ear {
        /** Somebody comes there, and stands there or goes on. */
        void hears(boolean stands, String moment);
    }

    private final String role;
    private final InstantSource clock;
    private final Ear ear;
    private final Set<String> past = new HashSet<>();
    private Mode mode = Mode.LET_GO;
    private int count;

    Doomed(String role, InstantSource clock, Ear ear) {
        this.role = role;
        this.clock = clock;
        this.ear = ear;
    }

    /** Whose work this thread does. */
    static Optional<Doomed> mine() {
        return Optional.ofNullable(MINE.get());
    }

    /** This thread does nobody's work any more. */
    static void leave() {
        MINE.remove();
    }

    /** This thread and those that it starts do this one's work. */
    void enter() {
        MINE.set(this);
    }

    @Override
    public Instant instant() {
        enter();
        return clock.instant();
    }

    synchronized void watch(Mode next, Collection<String> before) {
        past.clear();
        past.addAll(before);
        mode = next;
    }

    /** Says it, and whether somebody stands here. */
    synchronized boolean stops(DurableSteps.Moment moment) {
        boolean starting = moment.what().contains("DoomedServers.serve");
        if (mode == Mode.LET_GO || starting != mode.starting) {
            return false;
        }
        List<String> here = Killed.steps(moment.what()).stream()
                .map(step -> moment.side() + " " + role + " " + step)
                .toList();
        count++;
        boolean stops = switch (mode) {
            case COUNT, COUNT_START, LET_GO -> false;
            case STAND -> past.addAll(here);
            case START -> past.contains(Integer.toString(count));
        };
        here.forEach(step -> ear.hears(stops, step));
        return stops;
    }
}
