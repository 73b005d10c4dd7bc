package org.jiaozi.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jiaozi.core.refusal.Refusal;
import org.jiaozi.core.refusal.RefusalCode;
import org.jiaozi.crypto.fake.SeededEntropy;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whoever is told not now comes again as told, later each time, and not for ever. */
final class ComebackTest {
    private static final Refusal NO_ROOM = new Refusal(RefusalCode.BUSY, "full");
    private static final HttpReply DONE = new HttpReply(204, "", new byte[0], Optional.empty());

    private final List<Duration> pauses = new ArrayList<>();
    private final List<Refusal> told = new ArrayList<>();
    private final Comeback comeback = new Comeback(Duration.ofSeconds(30), new SeededEntropy(7), pauses::add);

    @AfterEach
    void goOn() {
        // whatever a test here did to it
        Thread.interrupted();
    }

    private static HttpReply no(int status, Optional<Duration> again) {
        return new HttpReply(status, MediaType.PROBLEM_JSON, Problem.json(NO_ROOM), again);
    }

    private static HttpReply notNow(long seconds) {
        return no(503, Optional.of(Duration.ofSeconds(seconds)));
    }

    private HttpReply ask(HttpReply... replies) throws Unreachable {
        Deque<HttpReply> left = new ArrayDeque<>(List.of(replies));
        return comeback.ask(() -> left.size() > 1 ? left.remove() : left.getFirst(), (no, pause) -> {
            assertThat(pause).isPositive();
            told.add(no);
        });
    }

    @Test
    void pausesAsLongAsToldAndTwiceAsLongAfterEachFurtherNo() throws Unreachable {
        assertThat(ask(notNow(2), no(429, Optional.of(Duration.ofSeconds(2))), notNow(2), DONE))
                .isSameAs(DONE);
        assertThat(told).containsExactly(NO_ROOM, NO_ROOM, NO_ROOM);
        assertThat(pauses).hasSize(3);
        for (int i = 0; i < pauses.size(); i++) {
            assertThat(pauses.get(i)).isBetween(Duration.ofSeconds(2L << i), Duration.ofSeconds(3L << i));
        }
    }

    @Test
    void whoWereRefusedTogetherDoNotComeBackTogether() {
        SeededEntropy entropy = new SeededEntropy(1);
        Set<Duration> when = new HashSet<>();
        for (int i = 0; i < 100; i++) {
            when.add(
                    Comeback.after(notNow(1), 0, Duration.ofSeconds(5), entropy).orElseThrow());
        }
        assertThat(when).hasSizeGreaterThan(90).allMatch(pause -> pause.compareTo(Duration.ofSeconds(1)) >= 0);
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 1, 10})
    void whoeverIsNeverHeardGivesUp(long seconds) throws Unreachable {
        HttpReply last = ask(notNow(seconds));
        assertThat(last.refusal()).contains(NO_ROOM);
        assertThat(pauses).hasSizeBetween(1, 10);
        assertThat(pauses.stream().reduce(Duration.ZERO, Duration::plus)).isLessThanOrEqualTo(Duration.ofSeconds(30));
    }

    @Test
    void whatIsNoNotNowIsTheAnswerAtOnce() throws Unreachable {
        for (HttpReply answer : List.of(
                DONE,
                no(503, Optional.empty()),
                notNow(31),
                notNow(999_999_999),
                // what it needs is away
                new HttpReply(
                        503,
                        MediaType.PROBLEM_JSON,
                        Problem.json(Refusal.of(RefusalCode.UNREACHABLE)),
                        Optional.of(Duration.ofSeconds(1))),
                new HttpReply(200, MediaType.CBOR, new byte[1], Optional.of(Duration.ofSeconds(1))))) {
            assertThat(ask(answer, DONE)).isSameAs(answer);
        }
        assertThat(pauses).isEmpty();
        assertThat(told).isEmpty();
    }

    @Test
    void whoeverIsInterruptedAsksNoMore() throws Unreachable {
        Comeback hasty = new Comeback(Duration.ofSeconds(30), new SeededEntropy(7), pause -> {
            throw new InterruptedException();
        });
        HttpReply no = notNow(1);
        assertThat(hasty.ask(() -> no, (refusal, pause) -> {})).isSameAs(no);
        assertThat(Thread.interrupted()).isTrue();
    }
}
