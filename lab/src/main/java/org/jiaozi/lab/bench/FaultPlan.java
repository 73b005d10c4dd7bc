package org.jiaozi.lab.bench;

import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;

/** What befalls whom in which round, and how what fell is started again: all of it follows from a seed. */
final class FaultPlan {
    /** Of so many rounds one has a full disk, and another one a slow one. */
    private static final int CYCLE = 4;

    private static final int FULL_AT = 1;
    private static final int SLOW_AT = 3;

    /** Victims of each killing round, so that two of these have met all. */
    private static final int SURE = 2;

    private static final int MOST_PAUSE_MICROS = 20_000;
    private static final int MOST_BETWEEN_MICROS = 30_000;
    private static final int MOST_START_MILLIS = 2_500;
    private static final int LEAST_SLOW_MILLIS = 20;
    /** Twice as slow, so many times: up to longer than a server waits for its database. */
    private static final double SLOWER = 9.5;

    private static final int MOST_SLOW_SECONDS = 8;
    /** One in so many is slow for longer than one server waits for another. */
    private static final int LONG = 3;

    private static final int LONG_SECONDS = 30;
    private static final int MOST_LEFT = 400_000;

    /** Who is killed. */
    enum Victim {
        CENTRAL,
        INSTITUTION,
        POSTGRES,
        CLIENT
    }

    /** What a round is about. */
    enum Kind {
        KILLED,
        DISK_FULL,
        DISK_SLOW
    }

    /**
     * One SIGKILL.
     *
     * @param alone of PostgreSQL its first process, which the others find out about
     * @param after the one before
     */
    record Blow(Victim victim, boolean alone, Duration after) {}

    /**
     * One that was killed is started again.
     *
     * @param awaited whether the next one waits until it serves
     * @param killed so long after its start once more
     */
    record Start(Victim victim, boolean awaited, Optional<Duration> killed) {}

    /**
     * One round.
     *
     * @param kind what it is about
     * @param share of its deposits that are acknowledged before anything happens
     * @param pause from then on
     * @param left bytes on a disk that is full
     * @param log whether PostgreSQL's log uses up what it has put aside
     * @param slow how much longer it takes to make something durable on a disk that is slow
     * @param lasts for how long it is slow
     * @param blows whoever is killed, in order
     * @param starts the same, in the order in which they come back
     */
    record Round(
            Kind kind,
            double share,
            Duration pause,
            long left,
            boolean log,
            Duration slow,
            Duration lasts,
            List<Blow> blows,
            List<Start> starts) {}

    private final Random dice;
    private final List<Victim> turns = new ArrayList<>(Arrays.asList(Victim.values()));
    private int turn;
    private int slow;

    private FaultPlan(long seed) {
        dice = new Random(seed);
        Collections.shuffle(turns, dice);
    }

    /** @param possible what this machine lets happen; where something else would be due there are kills */
    static List<Round> of(long seed, int rounds, Set<Kind> possible) {
        FaultPlan plan = new FaultPlan(seed);
        List<Round> all = new ArrayList<>();
        for (int i = 0; i < rounds; i++) {
            Kind kind = i % CYCLE == FULL_AT ? Kind.DISK_FULL : i % CYCLE == SLOW_AT ? Kind.DISK_SLOW : Kind.KILLED;
            all.add(plan.round(possible.contains(kind) ? kind : Kind.KILLED));
        }
        return all;
    }

    private Round round(Kind kind) {
        List<Victim> victims = victims(kind);
        List<Blow> blows = victims.stream()
                .map(v -> new Blow(
                        v, dice.nextBoolean(), dice.nextBoolean() ? Duration.ZERO : micros(MOST_BETWEEN_MICROS)))
                .toList();
        Collections.shuffle(victims, dice);
        List<Start> starts = victims.stream()
                .map(v -> new Start(
                        v,
                        dice.nextBoolean(),
                        dice.nextInt(4) == 0
                                ? Optional.of(Duration.ofMillis(dice.nextInt(MOST_START_MILLIS)))
                                : Optional.empty()))
                .toList();
        return new Round(
                kind,
                // what fills a disk up has to come after it is full
                kind == Kind.DISK_FULL ? 0 : dice.nextDouble() / 3,
                micros(MOST_PAUSE_MICROS),
                dice.nextBoolean() ? 0 : dice.nextInt(MOST_LEFT),
                dice.nextBoolean(),
                Duration.ofMillis((long) (LEAST_SLOW_MILLIS * Math.pow(2, dice.nextDouble() * SLOWER))),
                Duration.ofSeconds(
                        kind == Kind.DISK_SLOW && ++slow % LONG == 0
                                ? LONG_SECONDS
                                : 1 + dice.nextInt(MOST_SLOW_SECONDS)),
                blows,
                starts);
    }

    /** Some die in each killing round, and one or more in half of the others. */
    private List<Victim> victims(Kind kind) {
        int sure = kind == Kind.KILLED ? SURE : dice.nextInt(2);
        Set<Victim> victims = EnumSet.noneOf(Victim.class);
        for (int i = 0; i < sure; i++) {
            victims.add(kind == Kind.KILLED ? next() : turns.get(dice.nextInt(turns.size())));
        }
        for (Victim victim : Victim.values()) {
            if (dice.nextInt(4) == 0 && sure > 0) {
                victims.add(victim);
            }
        }
        List<Victim> all = new ArrayList<>(victims);
        Collections.shuffle(all, dice);
        return all;
    }

    private Victim next() {
        if (turn == turns.size()) {
            Collections.shuffle(turns, dice);
            turn = 0;
        }
        return turns.get(turn++);
    }

    private Duration micros(int most) {
        return Duration.of(dice.nextInt(most), ChronoUnit.MICROS);
    }
}
