package org.jiaozi.server.lot;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.IntStream;
import org.jiaozi.core.refusal.RefusalCode;
import org.jiaozi.server.ServiceFault;
import org.jiaozi.server.StartFailure;

/**
 * One who works on what many ask for: it takes what is there in the order in which it came, as much as is allowed at once, and each
 * asker waits for its own answer. While one lot is worked on the next one gathers, so that lots grow with the load, and nobody
 * waits for more to come. What cannot be answered in time at the pace of the last lots is refused at once: a queue that grows without
 * bound answers nobody in time.
 *
 * @param <Q> what is asked
 * @param <A> what is answered
 */
public final class LotWorker<Q, A> implements AutoCloseable {
    private static final Logger LOG = Logger.getLogger(LotWorker.class.getName());

    /**
     * How much.
     *
     * @param workers lots that are worked on at once
     * @param together askers in one lot at most
     * @param weight of a lot at most; one that is heavier is a lot of its own
     * @param waiting weight of what may wait at most
     */
    public record Bounds(int workers, int together, int weight, int waiting) {
        /** Environment variable: how many askers are in one lot at most, for comparison with what is done one by one. */
        private static final String TOGETHER = "JIAOZI_TOGETHER";

        /**
         * These, or what {@code JIAOZI_TOGETHER} makes of them.
         *
         * @param apart workers where each lot is one asker: what is done one by one need not wait for others
         * @throws StartFailure in one line where it is no number that can be meant
         */
        public Bounds orAsSet(int apart) {
            String set = System.getenv(TOGETHER);
            if (set == null || set.isBlank()) {
                return this;
            }
            if (!set.matches("[1-9][0-9]{0,3}")) {
                throw new StartFailure(TOGETHER + " is a number from 1 to 9999, not " + set);
            }
            int most = Integer.parseInt(set);
            return new Bounds(most == 1 ? apart : workers, most, weight, waiting);
        }
    }

    private record Waiting<Q, A>(Q question, int weight, CompletableFuture<A> answer) {}

    private static final String STOPS = "this server stops";

    /** How long something waits at most, and how long the lots of all workers take then, as far as the pace foretells. */
    private static final long WAITING_NANOS = 700_000_000;

    private static final long WORK_NANOS = 700_000_000;

    /** Lots that may wait while nothing is known of the pace. */
    private static final int LOTS_AHEAD = 2;

    private final Bounds bounds;
    private final Function<List<Q>, List<A>> work;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition more = lock.newCondition();
    private final ArrayDeque<Waiting<Q, A>> queue = new ArrayDeque<>();
    private final List<Thread> threads;
    private final LongSupplier nanoTime;
    private final Pace pace = new Pace();
    private int queued;
    private boolean closed;

    /**
     * @param work answers a lot, in its order; where it throws, each of the lot is worked on by itself, so that nobody fails for
     *     another's question
     */
    public LotWorker(String name, Bounds bounds, Function<List<Q>, List<A>> work) {
        this(name, bounds, work, System::nanoTime);
    }

    /** The same by another clock. */
    LotWorker(String name, Bounds bounds, Function<List<Q>, List<A>> work, LongSupplier nanoTime) {
        this.bounds = bounds;
        this.work = work;
        this.nanoTime = nanoTime;
        this.threads = IntStream.range(0, bounds.workers())
                .mapToObj(i -> Thread.ofPlatform().name(name + "-" + i).daemon().start(this::run))
                .toList();
    }

    /**
     * Waits for the answer.
     *
     * @throws ServiceFault 802 where too much is waiting, or it is closed; and whatever the work throws
     */
    public A ask(Q question, int weight) {
        Waiting<Q, A> mine = new Waiting<>(question, weight, new CompletableFuture<>());
        lock.lock();
        try {
            if (closed) {
                throw new ServiceFault(RefusalCode.BUSY, STOPS);
            }
            // one that is larger than all that may wait is taken where nothing does
            if (!queue.isEmpty() && queued + weight > mayWait()) {
                throw new ServiceFault(RefusalCode.BUSY, "more is waiting than can be done in time");
            }
            queue.add(mine);
            queued += weight;
            more.signal();
        } finally {
            lock.unlock();
        }
        try {
            return mine.answer().join();
        } catch (CompletionException e) {
            throw e.getCause() instanceof RuntimeException cause ? cause : e;
        }
    }

    private void run() {
        List<Waiting<Q, A>> lot = List.of();
        try {
            for (lot = next(); !lot.isEmpty(); lot = next()) {
                if (!answered(lot, lot.size() > 1)) {
                    lot.forEach(each -> answered(List.of(each), false));
                }
                ended(lot.stream().mapToInt(Waiting::weight).sum());
            }
        } finally {
            // nobody waits for one who is gone, whatever ended it
            lot.forEach(each -> each.answer().completeExceptionally(new ServiceFault(RefusalCode.BUSY, STOPS)));
            stop();
        }
    }

    /** Works on a lot; whether its askers have their answers, or what went wrong. */
    private boolean answered(List<Waiting<Q, A>> lot, boolean mayBeSplit) {
        try {
            List<A> answers = work.apply(lot.stream().map(Waiting::question).toList());
            for (int i = 0; i < lot.size(); i++) {
                lot.get(i).answer().complete(answers.get(i));
            }
            return true;
        } catch (ServiceFault e) {
            // of the database, which would fail the next one as well
            lot.forEach(each -> each.answer().completeExceptionally(e));
            return true;
        } catch (RuntimeException | Error e) {
            if (mayBeSplit) {
                LOG.log(Level.WARNING, lot.size() + " together fail, and are worked on one by one", e);
                return false;
            }
            lot.forEach(each -> each.answer().completeExceptionally(e));
            return true;
        }
    }

    private void ended(int weight) {
        lock.lock();
        try {
            pace.ended(weight, !queue.isEmpty(), nanoTime.getAsLong());
        } finally {
            lock.unlock();
        }
    }

    /** Weight of what may wait. */
    private int mayWait() {
        return Math.min(bounds.waiting(), pace.in(WAITING_NANOS, LOTS_AHEAD * bounds.weight()));
    }

    /** Empty once it is closed. */
    private List<Waiting<Q, A>> next() {
        List<Waiting<Q, A>> lot = new ArrayList<>();
        lock.lock();
        try {
            while (queue.isEmpty() && !closed) {
                more.awaitUninterruptibly();
            }
            int most = Math.min(bounds.weight(), pace.in(WORK_NANOS / bounds.workers(), bounds.weight()));
            int weight = 0;
            for (Waiting<Q, A> first = queue.peek();
                    first != null
                            && lot.size() < bounds.together()
                            && (lot.isEmpty() || weight + first.weight() <= most);
                    first = queue.peek()) {
                weight += first.weight();
                lot.add(queue.remove());
            }
            queued -= weight;
            return lot;
        } finally {
            lock.unlock();
        }
    }

    /** Whether so much waits that nothing more is taken, known before the question is made ready. */
    public boolean full() {
        lock.lock();
        try {
            return queued >= mayWait();
        } finally {
            lock.unlock();
        }
    }

    /** How many wait. */
    public int waiting() {
        lock.lock();
        try {
            return queue.size();
        } finally {
            lock.unlock();
        }
    }

    /** Whoever waits and is in no lot yet is refused, and may ask again elsewhere or later. */
    private void stop() {
        List<Waiting<Q, A>> left;
        lock.lock();
        try {
            closed = true;
            left = List.copyOf(queue);
            queue.clear();
            queued = 0;
            more.signalAll();
        } finally {
            lock.unlock();
        }
        left.forEach(each -> each.answer().completeExceptionally(new ServiceFault(RefusalCode.BUSY, STOPS)));
    }

    /** Takes nothing more, refuses who waits, and returns when what is worked on is answered. */
    @Override
    public void close() {
        stop();
        try {
            for (Thread thread : threads) {
                thread.join();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
