package org.jiaozi.lab.bench;

import java.time.Duration;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import org.jiaozi.cli.CommandFailure;
import org.jiaozi.lab.bench.FaultPlan.Kind;
import org.jiaozi.lab.bench.FaultPlan.Victim;

/** Rounds of deposits in each of which something befalls the servers, their disk or the client. */
final class FaultsRun {
    /** Whoever makes no progress for so long makes none any more. */
    private static final Duration PATIENCE = Duration.ofMinutes(10);

    private static final long SOME = 8L << 20;

    private final FaultServers servers;
    private final Depositor client;
    private final Optional<SmallDisk> disk;
    private final int clients;
    private final Map<Victim, Integer> killed = new EnumMap<>(Victim.class);
    private final Map<Kind, Integer> rounds = new EnumMap<>(Kind.class);
    private int alone;
    private int whileStarting;
    private long onFullDisk;

    /**
     * @param disk what the servers are on, if it may be filled up
     * @param clients deposits on their way at once
     */
    FaultsRun(FaultServers servers, Depositor client, Optional<SmallDisk> disk, int clients) {
        this.servers = servers;
        this.client = client;
        this.disk = disk;
        this.clients = clients;
    }

    /** Lives one with these deposits, of which each is acknowledged when it is over. */
    void live(FaultPlan.Round round, int from, int to) throws InterruptedException {
        if (round.kind() == Kind.DISK_FULL) {
            // what is left then is soon filled
            disk.orElseThrow().fill(SOME);
        }
        client.begin(from, to);
        client.awaitAcknowledged((long) (round.share() * (to - from)) + 1, PATIENCE);
        pause(round.pause());
        rounds.merge(round.kind(), 1, Integer::sum);
        switch (round.kind()) {
            case KILLED -> round.blows().forEach(this::kill);
            case DISK_FULL -> full(round);
            case DISK_SLOW -> slow(round);
        }
        round.starts().forEach(this::start);
        finish(round.kind() == Kind.DISK_FULL);
    }

    private static void pause(Duration pause) {
        LockSupport.parkNanos(pause.toNanos());
    }

    private void full(FaultPlan.Round round) {
        SmallDisk small = disk.orElseThrow();
        long before = client.refusals();
        small.fill(round.left());
        if (round.log()) {
            servers.useUpLog();
        }
        client.awaitRefused(2L * clients, PATIENCE);
        onFullDisk += client.refusals() - before;
        round.blows().forEach(this::kill);
        small.empty();
    }

    private void slow(FaultPlan.Round round) {
        try (SlowDisk _ = SlowDisk.attach(servers.processes(), round.slow())
                .orElseThrow(() -> new CommandFailure("strace does not attach to PostgreSQL"))) {
            client.awaitAcknowledged(Long.MAX_VALUE / 2, round.lasts());
            round.blows().forEach(this::kill);
        }
    }

    private void kill(FaultPlan.Blow blow) {
        pause(blow.after());
        boolean hit = blow.victim() == Victim.CLIENT ? client.kill() : servers.kill(blow.victim(), blow.alone());
        if (hit) {
            killed.merge(blow.victim(), 1, Integer::sum);
            alone += blow.victim() == Victim.POSTGRES && blow.alone() ? 1 : 0;
        }
    }

    private void start(FaultPlan.Start start) {
        if (start.victim() == Victim.CLIENT) {
            client.start();
            start.killed().ifPresent(after -> {
                pause(after);
                if (client.kill()) {
                    whileStarting++;
                    client.start();
                }
            });
        } else if (start.killed().isPresent()) {
            servers.startAndKill(start.victim(), start.killed().get());
            whileStarting++;
        } else {
            servers.start(start.victim());
        }
        if (start.awaited() && start.victim() != Victim.CLIENT) {
            servers.await(start.victim());
        }
    }

    /** Until the client is through. */
    private void finish(boolean full) throws InterruptedException {
        servers.mend(full);
        long before = -1;
        while (!client.hasEnded()) {
            try {
                CompletableFuture.anyOf(client.end(), servers.ends()).get(PATIENCE.toNanos(), TimeUnit.NANOSECONDS);
            } catch (ExecutionException e) {
                throw new IllegalStateException(e);
            } catch (TimeoutException e) {
                if (client.acknowledged() == before) {
                    throw new CommandFailure("nothing is acknowledged in " + PATIENCE.toMinutes() + " minutes", e);
                }
                before = client.acknowledged();
            }
            servers.mend(full);
        }
        client.check();
    }

    /** What it came to so far, for people. */
    void describe(int number, FaultPlan.Round round, Consumer<String> report) {
        report.accept(String.format(
                Locale.ROOT,
                "round %d (%s, %s killed): %d acknowledged, %d asked about again, %d refused for now, %d not answered",
                number,
                round.kind(),
                round.blows().stream().map(FaultPlan.Blow::victim).toList(),
                client.acknowledged(),
                client.again(),
                client.refusals(),
                client.unanswered()));
    }

    void tell(Map<String, Object> told) {
        told.put("roundsOfKills", rounds.getOrDefault(Kind.KILLED, 0));
        told.put("roundsOfAFullDisk", rounds.getOrDefault(Kind.DISK_FULL, 0));
        told.put("roundsOfASlowDisk", rounds.getOrDefault(Kind.DISK_SLOW, 0));
        Map<String, Integer> kills = new LinkedHashMap<>();
        for (Victim victim : Victim.values()) {
            kills.put(victim.name().toLowerCase(Locale.ROOT), killed.getOrDefault(victim, 0));
        }
        told.put("killed", kills);
        told.put("postmasterAlone", alone);
        told.put("killedWhileStarting", whileStarting);
        told.put("startedInVain", servers.startedInVain());
        told.put("postgresEndedOfAFullDisk", servers.endedByItself());
        told.put("refusedOnAFullDisk", onFullDisk);
        told.put("refusedForNow", client.refused());
        told.put("notAnswered", client.unanswered());
        told.put("askedAgainUnderLoad", client.again());
    }
}
