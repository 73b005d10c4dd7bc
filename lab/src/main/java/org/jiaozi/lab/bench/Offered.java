package org.jiaozi.lab.bench;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.DelayQueue;
import java.util.concurrent.Delayed;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * So many payments a second, whatever becomes of them. Those that are refused come again when they are told to and are part of the
 * rate then, so that it stays what it is, and what waits to come again stays bounded.
 */
final class Offered {
    /** Requests on their way at once: more than a server has under way, fewer than it has connections. */
    private static final int AT_ONCE = 768;

    /** What could not be sent in time is made up for, but no more of it than this. */
    private static final long MOST_LATE_NANOS = 200_000_000;

    private static final long LOOK_MILLIS = 20;

    private record Again(Letters.Letter letter, int before, long due) implements Delayed {
        @Override
        public long getDelay(TimeUnit unit) {
            return unit.convert(due - System.nanoTime(), TimeUnit.NANOSECONDS);
        }

        @Override
        public int compareTo(Delayed other) {
            return Long.compare(getDelay(TimeUnit.NANOSECONDS), other.getDelay(TimeUnit.NANOSECONDS));
        }
    }

    private final SettleRun run;
    private final double perSecond;
    private final DelayQueue<Again> refused = new DelayQueue<>();
    private final Semaphore places = new Semaphore(AT_ONCE);

    Offered(SettleRun run, double perSecond) {
        this.run = run;
        this.perSecond = perSecond;
    }

    /** Offers what there is, or so much as that time allows; returns when all that was offered is taken. */
    void go(Letters.Reader letters, long most) throws InterruptedException {
        Phase phase = run.phase();
        phase.begin();
        long begin = System.nanoTime();
        long due = begin;
        boolean more = true;
        while (run.sound() && (more || waits())) {
            Optional<Again> next = Optional.ofNullable(refused.poll());
            if (next.isEmpty() && more) {
                next = System.nanoTime() - begin < most
                        ? letters.next().map(letter -> new Again(letter, 0, 0))
                        : Optional.empty();
                more = next.isPresent();
                if (!more) {
                    // from here on it is less than was to be offered
                    phase.end();
                }
            } else if (next.isEmpty()) {
                next = Optional.ofNullable(refused.poll(LOOK_MILLIS, TimeUnit.MILLISECONDS));
            }
            if (next.isPresent()) {
                due = Math.max(due, System.nanoTime() - MOST_LATE_NANOS);
                TimeUnit.NANOSECONDS.sleep(due - System.nanoTime());
                due += (long) (next.get().letter().slices() * 1e9 / perSecond);
                begin(next.get());
            }
        }
        places.acquire(AT_ONCE);
        phase.end();
    }

    private boolean waits() {
        // whatever comes back waits before its place is free
        return places.availablePermits() < AT_ONCE || !refused.isEmpty();
    }

    private void begin(Again next) throws InterruptedException {
        places.acquire();
        run.phase().sent(next.letter().slices());
        Thread.ofVirtual().start(() -> {
            try {
                Optional<Duration> again = run.send(next.letter(), next.before());
                again.ifPresent(pause ->
                        refused.add(new Again(next.letter(), next.before() + 1, System.nanoTime() + pause.toNanos())));
            } catch (InterruptedException | RuntimeException e) {
                run.failed(e);
            } finally {
                places.release();
            }
        });
    }
}
