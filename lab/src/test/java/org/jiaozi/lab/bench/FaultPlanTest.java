package org.jiaozi.lab.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import org.jiaozi.lab.bench.FaultPlan.Kind;
import org.jiaozi.lab.bench.FaultPlan.Victim;
import org.junit.jupiter.api.Test;

/** Plans of faults: from one seed one plan, and what a plan has to have. */
final class FaultPlanTest {
    private static final int ROUNDS = 40;
    private static final Set<Kind> ALL = EnumSet.allOf(Kind.class);

    private static List<FaultPlan.Round> plan(long seed) {
        return FaultPlan.of(seed, ROUNDS, ALL);
    }

    @Test
    void aSeedIsAPlan() {
        assertThat(plan(1)).isEqualTo(plan(1)).isNotEqualTo(plan(2));
    }

    @Test
    void whoeverIsKilledIsStartedAgainAndTwoRoundsOfKillsMeetAll() {
        for (long seed = 0; seed < 100; seed++) {
            List<FaultPlan.Round> plan = plan(seed);
            for (FaultPlan.Round round : plan) {
                assertThat(round.starts().stream().map(FaultPlan.Start::victim))
                        .containsExactlyInAnyOrderElementsOf(round.blows().stream()
                                .map(FaultPlan.Blow::victim)
                                .toList())
                        .doesNotHaveDuplicates();
            }
            Set<Victim> met = new HashSet<>();
            List.of(plan.get(0), plan.get(2)).forEach(round -> {
                assertThat(round.kind()).isEqualTo(Kind.KILLED);
                round.blows().forEach(b -> met.add(b.victim()));
            });
            assertThat(met).as("seed %d", seed).containsExactlyInAnyOrder(Victim.values());
        }
    }

    @Test
    void whatIsNotPossibleHereIsReplacedByKills() {
        assertThat(plan(1).stream().map(FaultPlan.Round::kind).collect(Collectors.toSet()))
                .isEqualTo(ALL);
        assertThat(FaultPlan.of(1, ROUNDS, EnumSet.of(Kind.KILLED)))
                .allMatch(r -> r.kind() == Kind.KILLED)
                .noneMatch(r -> r.blows().isEmpty());
    }

    /** Of many plans: alone and with all its processes, one after the other and at once, and once more in its start. */
    @Test
    void eachWayToDieIsThere() {
        List<FaultPlan.Round> all =
                LongStream.range(0, 20).boxed().flatMap(s -> plan(s).stream()).toList();
        for (Victim victim : Victim.values()) {
            assertThat(all)
                    .anyMatch(r -> r.starts().stream()
                            .anyMatch(s -> s.victim() == victim && s.killed().isPresent()))
                    .anyMatch(r -> r.starts().stream().anyMatch(s -> s.victim() == victim && !s.awaited()))
                    .anyMatch(
                            r -> r.starts().size() > 1 && r.starts().getFirst().victim() == victim)
                    .anyMatch(r ->
                            r.kind() == Kind.DISK_FULL && r.blows().stream().anyMatch(b -> b.victim() == victim));
        }
        assertThat(all)
                .flatExtracting(FaultPlan.Round::blows)
                .anyMatch(b -> b.victim() == Victim.POSTGRES && b.alone())
                .anyMatch(b -> b.victim() == Victim.POSTGRES && !b.alone())
                .anyMatch(b -> b.after().isZero())
                .anyMatch(b -> !b.after().isZero());
    }
}
