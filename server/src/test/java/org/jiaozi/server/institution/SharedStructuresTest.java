package org.jiaozi.server.institution;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.jetbrains.lincheck.datastructures.IntGen;
import org.jetbrains.lincheck.datastructures.ModelCheckingOptions;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.Param;
import org.jetbrains.lincheck.datastructures.Validate;
import org.junit.jupiter.api.Test;

/** What an institution's threads share, under the interleavings of small scenarios that Lincheck comes upon. */
final class SharedStructuresTest {
    private static ModelCheckingOptions small() {
        return new ModelCheckingOptions()
                .iterations(12)
                .invocationsPerIteration(200)
                .threads(2)
                .actorsPerThread(3)
                .actorsBefore(1)
                .actorsAfter(1);
    }

    @Test
    void anOperationIsRunByOneThreadAtATime() {
        small().check(Alone.class);
    }

    @Test
    void theNewestBulletinNeverGetsOlder() {
        small().check(Rising.class);
    }

    @Test
    void whoeverAsksForARoundGetsOneThatBeginsAfterwards() {
        small().check(Rounds.class);
    }

    /** Two keys with plain memory under each, and work under both. */
    @Param(name = "key", gen = IntGen.class, conf = "0:1")
    public static final class Alone {
        private final KeyedLocks locks = new KeyedLocks();
        private final int[] done = new int[2];

        @Operation
        public int perform(@Param(name = "key") int key) {
            return locks.alone(Integer.toString(key), () -> {
                done[key]++;
                return done[key];
            });
        }

        @Operation
        public int performBoth() {
            return locks.alone(Set.of("0", "1"), () -> {
                done[0]++;
                done[1]++;
                return 100 * done[0] + done[1];
            });
        }
    }

    /** Epochs instead of bulletins. */
    public static final class Rising {
        private final AtomicInteger made = new AtomicInteger(1);
        private final Newest<Integer> newest = new Newest<>(Optional.of(1));

        @Operation
        public int get() {
            return newest.get().orElseThrow();
        }

        @Operation
        public int makeAndRenew() {
            int epoch = made.incrementAndGet();
            newest.renew(held -> held.filter(h -> h >= epoch).isPresent() ? Optional.empty() : Optional.of(epoch));
            return epoch;
        }
    }

    /** Work that is handed in, and a round that does all that was handed in before it began; the executor is a queue. */
    public static final class Rounds {
        private final Deque<Runnable> queue = new ArrayDeque<>();
        private final AtomicInteger handedIn = new AtomicInteger();
        private final AtomicInteger done = new AtomicInteger();
        private final WakeUp wakeUp = new WakeUp(this::queue, () -> done.set(handedIn.get()));

        private synchronized void queue(Runnable round) {
            queue.add(round);
        }

        @Operation
        public void handIn() {
            handedIn.incrementAndGet();
            wakeUp.ask();
        }

        @Operation
        public synchronized void runRounds() {
            while (!queue.isEmpty()) {
                queue.remove().run();
            }
        }

        @Validate
        public void nothingIsForgotten() {
            runRounds();
            if (done.get() != handedIn.get()) {
                throw new IllegalStateException(done.get() + " of " + handedIn.get() + " done");
            }
        }
    }
}
