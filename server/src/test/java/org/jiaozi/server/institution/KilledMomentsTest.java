package org.jiaozi.server.institution;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.UncheckedIOException;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.jiaozi.core.refusal.Refusal;
import org.jiaozi.core.refusal.RefusalCode;
import org.jiaozi.server.http.HttpCaller;
import org.jiaozi.server.http.MediaType;
import org.jiaozi.server.http.Unreachable;
import org.junit.jupiter.api.Test;

/** A test that kills passes only where everything was killed that should be, and nothing else went wrong. */
final class KilledMomentsTest {
    private static final String BEFORE = "BEFORE bank-a commit LOAD Desk.serve:10>Desk.load:20";
    private static final String AFTER = "AFTER bank-a commit LOAD Desk.serve:10>Desk.load:20";
    private static final KilledMoments.Least LEAST = new KilledMoments.Least(2, 1);
    private static final KilledCoverage COVERAGE = coverage(Set.of("LOAD", "Desk.load"), Map.of());

    private static KilledCoverage coverage(Set<String> steps, Map<String, String> others) {
        return new KilledCoverage("bank-", steps, others);
    }

    private static KilledMoments lived(List<String> counted, List<String> killed) {
        KilledMoments moments = new KilledMoments();
        moments.counted("load", Set.copyOf(counted));
        moments.died("load", killed);
        moments.killed();
        return moments;
    }

    private static void good(KilledMoments moments) {
        moments.judge(Set.of("load"), LEAST, List.of(COVERAGE), List.of());
    }

    private static void red(String why, Consumer<KilledMoments> judge) {
        KilledMoments moments = lived(List.of(BEFORE, AFTER), List.of(BEFORE, AFTER));
        assertThatThrownBy(() -> judge.accept(moments))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining(why);
    }

    @Test
    void allIsWell() {
        assertThatCode(() -> good(lived(List.of(BEFORE, AFTER), List.of(BEFORE, AFTER))))
                .doesNotThrowAnyException();
    }

    @Test
    void nothingMayBeMissing() {
        red("errands that were counted", m -> m.judge(Set.of("load", "pay"), LEAST, List.of(COVERAGE), List.of()));
        red("moments", m -> m.judge(Set.of("load"), new KilledMoments.Least(3, 1), List.of(COVERAGE), List.of()));
        red("kills", m -> m.judge(Set.of("load"), new KilledMoments.Least(2, 2), List.of(COVERAGE), List.of()));
        red("nobody's death", m -> m.judge(Set.of("load"), LEAST, List.of(COVERAGE), List.of("HttpServer: a bug")));
        red("load, killed at", m -> {
            m.failed("load", new AssertionError("its customers"));
            good(m);
        });
        assertThatThrownBy(() -> good(lived(
                        List.of(BEFORE, AFTER, "AFTER bank-a commit LOAD Desk.serve:10>Desk.load:21"),
                        List.of(BEFORE, AFTER))))
                .hasMessageContaining("Desk.load:21");
    }

    @Test
    void whatNothingWasKilledAtIsAGapUnlessItIsSaidWhy() {
        List<String> killed = List.of(BEFORE, AFTER);
        assertThat(COVERAGE.gaps(killed)).isEmpty();
        assertThat(COVERAGE.gaps(List.of(BEFORE))).hasSize(2);
        assertThat(COVERAGE.gaps(
                        killed.stream().map(m -> m.replace("bank-a", "central")).toList()))
                .hasSize(2);
        assertThat(coverage(Set.of("Desk.pay"), Map.of()).gaps(killed)).hasSize(1);
        assertThat(coverage(Set.of("Desk.pay"), Map.of("Desk.pay", "rare")).gaps(killed))
                .isEmpty();
        assertThat(coverage(Set.of("LOAD"), Map.of("LOAD", "rare")).gaps(killed))
                .hasSize(1);
        assertThat(coverage(Set.of(), Map.of("Desk.gone", "rare")).gaps(killed)).hasSize(1);
    }

    /** One transaction makes what came together: each kind of it was come to. */
    @Test
    void aCommitOfSeveralKindsIsAStepOfEach() {
        String way = " Desk.begin:1>Bank.lot:5>Bank.decide:7>Bank.write:9";
        assertThat(Killed.steps("commit LOAD+GIVE_BACK" + way))
                .containsExactly(
                        "commit LOAD Bank.lot:5>Bank.decide:7>Bank.write:9",
                        "commit GIVE_BACK Bank.lot:5>Bank.decide:7>Bank.write:9");
        assertThat(Killed.steps("commit" + way)).containsExactly("commit Bank.lot:5>Bank.decide:7>Bank.write:9");
    }

    @Test
    void everyMethodThatChangesADatabaseIsAStep() {
        assertThat(KilledCoverage.institutions().steps())
                .contains("Deposits.store", "DebtCollector.update", "Outbox.deliver", "Conviction", "Enrol");
        assertThat(KilledCoverage.centralBanks().steps()).contains("CentralBank.operate", "CONVICT");
    }

    @Test
    void onlyWhoIsNotThereOrBusyIsAskedAgain() {
        AtomicInteger asked = new AtomicInteger();
        assertThat(Killed.insist(() -> switch (asked.getAndIncrement()) {
                    case 0 -> nobody();
                    case 1 -> throw no(RefusalCode.UNREACHABLE);
                    case 2 -> throw no(RefusalCode.BUSY);
                    default -> "done";
                }))
                .isEqualTo("done");
        for (RefusalCode code : List.of(RefusalCode.INTERNAL, RefusalCode.STORAGE_FULL, RefusalCode.REPLAYED)) {
            assertThatThrownBy(() -> Killed.insist(() -> {
                        throw no(code);
                    }))
                    .isInstanceOf(WasRefused.class);
        }
    }

    private static String nobody() {
        try (HttpCaller caller = HttpCaller.create(Optional.empty(), Duration.ofSeconds(20))) {
            return caller.get(URI.create("http://127.0.0.1:" + World.freePort()), MediaType.JSON)
                    .type();
        } catch (Unreachable e) {
            throw new UncheckedIOException(e);
        }
    }

    private static WasRefused no(RefusalCode code) {
        return new WasRefused("asked", new Refusal(code, "804 and 801 in words say nothing"));
    }
}
