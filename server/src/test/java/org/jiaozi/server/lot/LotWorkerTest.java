package org.jiaozi.server.lot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jiaozi.core.refusal.RefusalCode;
import org.jiaozi.server.ServiceFault;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Questions are numbers, and answers their squares; each lot is held until the test lets it go on. */
@Timeout(value = 20, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
final class LotWorkerTest {
    private static final int POISON = 13;
    private static final int AWAY = 14;
    private static final int MUTE = 15;

    private final List<List<Integer>> lots = new CopyOnWriteArrayList<>();
    private final SynchronousQueue<List<Integer>> begun = new SynchronousQueue<>();
    private final Semaphore go = new Semaphore(0);
    private final AtomicLong nanos = new AtomicLong();
    private LotWorker<Integer, Integer> worker = worker(new LotWorker.Bounds(1, 4, 10, 20));

    private LotWorker<Integer, Integer> worker(LotWorker.Bounds bounds) {
        return new LotWorker<>("test", bounds, this::work, nanos::get);
    }

    private List<Integer> work(List<Integer> lot) {
        lots.add(lot);
        try {
            begun.put(lot);
            go.acquire();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
        if (lot.contains(MUTE)) {
            throw new Unspeakable();
        }
        if (lot.contains(AWAY)) {
            throw new ServiceFault(RefusalCode.UNREACHABLE, "test");
        }
        if (lot.contains(POISON)) {
            throw new IllegalStateException("poison");
        }
        return lot.stream().map(i -> i * i).toList();
    }

    /** A failure that the worker cannot even log. */
    private static final class Unspeakable extends RuntimeException {
        private static final long serialVersionUID = 1L;

        @Override
        public String getMessage() {
            throw new AssertionError("unspeakable");
        }
    }

    private CompletableFuture<Integer> ask(int question, int weight) {
        CompletableFuture<Integer> answer = new CompletableFuture<>();
        Thread.ofVirtual().start(() -> {
            try {
                answer.complete(worker.ask(question, weight));
            } catch (RuntimeException e) {
                answer.completeExceptionally(e);
            }
        });
        return answer;
    }

    /** Asks so that the questions wait in this order. */
    private List<CompletableFuture<Integer>> waiting(int weight, int... questions) {
        List<CompletableFuture<Integer>> answers = new ArrayList<>();
        for (int question : questions) {
            int before = worker.waiting();
            answers.add(ask(question, weight));
            while (worker.waiting() == before) {
                Thread.onSpinWait();
            }
        }
        return answers;
    }

    /** Lets so many lots go on, one after the other. */
    private void lots(int count) throws InterruptedException {
        for (int i = 0; i < count; i++) {
            begun.take();
            go.release();
        }
    }

    /** The first lot, which is held. */
    private CompletableFuture<Integer> first() throws InterruptedException {
        CompletableFuture<Integer> answer = ask(1, 1);
        begun.take();
        return answer;
    }

    /** Whatever a test that failed still holds goes on. */
    @AfterEach
    void close() {
        go.release(Integer.MAX_VALUE / 2);
        Thread.ofVirtual().start(() -> {
            try {
                while (true) {
                    begun.take();
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        worker.close();
    }

    @Test
    void whatComesWhileOneLotIsWorkedOnIsTheNextOne() throws Exception {
        CompletableFuture<Integer> one = first();
        List<CompletableFuture<Integer>> more = waiting(1, 2, 3, 4, 5, 6);
        go.release();
        assertThat(one.get()).isEqualTo(1);
        lots(2);
        for (int i = 0; i < more.size(); i++) {
            assertThat(more.get(i).get()).isEqualTo((i + 2) * (i + 2));
        }
        assertThat(lots).containsExactly(List.of(1), List.of(2, 3, 4, 5), List.of(6));
    }

    @Test
    void aLotIsNoHeavierThanItMayBeUnlessOneIs() throws Exception {
        var _ = first();
        var _ = waiting(6, 2, 3);
        var _ = waiting(4, 4);
        go.release();
        lots(2);
        assertThat(lots).containsExactly(List.of(1), List.of(2), List.of(3, 4));
    }

    @Test
    void whatDoesNotFitInIsRefusedAtOnce() throws Exception {
        var _ = first();
        List<CompletableFuture<Integer>> fit = waiting(10, 2, 3);
        assertThatThrownBy(() -> worker.ask(4, 1))
                .isInstanceOfSatisfying(
                        ServiceFault.class,
                        fault -> assertThat(fault.refusal().code()).isEqualTo(RefusalCode.BUSY));
        go.release();
        lots(2);
        assertThat(fit.getLast().get()).isEqualTo(9);
        // alone it is taken however heavy it is
        CompletableFuture<Integer> heavy = ask(5, 1_000);
        lots(1);
        assertThat(heavy.get()).isEqualTo(25);
    }

    /** The lot that is held takes so long, and ends; the next one. */
    private List<Integer> next(long millis) throws InterruptedException {
        nanos.addAndGet(TimeUnit.MILLISECONDS.toNanos(millis));
        go.release();
        return begun.take();
    }

    /** Of 11 a second 7 may wait, and a lot is of 7: whoever is taken on is answered in about one and a half seconds. */
    @Test
    void whatMayWaitAndIsDoneTogetherFollowsThePace() throws Exception {
        worker.close();
        worker = worker(new LotWorker.Bounds(1, 100, 10, 20));
        var _ = first();
        var _ = waiting(10, 2, 3);
        assertThat(next(5_000)).containsExactly(2);
        assertThat(next(900)).containsExactly(3);
        List<CompletableFuture<Integer>> more = waiting(1, 4, 5, 6, 7, 8, 9, 10);
        assertThat(worker.full()).isTrue();
        assertThatThrownBy(() -> worker.ask(11, 1)).isInstanceOf(ServiceFault.class);
        assertThat(next(900)).containsExactly(4, 5, 6, 7, 8, 9, 10);

        // it is faster now: 17 a second, of which 12 might wait, and a lot is never of more than 10
        var _ = waiting(1, 41, 42, 43, 44, 45, 46, 47);
        assertThat(next(1)).hasSize(7);
        var _ = waiting(1, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31);
        assertThat(next(1)).hasSize(10);
        assertThat(more.getLast().get()).isEqualTo(100);
        go.release();
        lots(1);
    }

    /** More could have been done while nobody waited. */
    @Test
    void aLotAfterWhichNobodyWaitsSaysNothingOfThePace() throws Exception {
        for (int i = 0; i < 3; i++) {
            CompletableFuture<Integer> alone = first();
            nanos.addAndGet(TimeUnit.MINUTES.toNanos(1));
            go.release();
            assertThat(alone.get()).isEqualTo(1);
        }
        var _ = first();
        var _ = waiting(10, 2, 3);
        assertThat(worker.full()).isTrue();
        go.release();
        lots(2);
    }

    @Test
    void nobodyFailsForAnothersQuestion() throws Exception {
        var _ = first();
        List<CompletableFuture<Integer>> more = waiting(1, 2, POISON, 3);
        go.release();
        // together, and then one by one
        lots(4);
        assertThat(more.getFirst().get()).isEqualTo(4);
        assertThat(more.getLast().get()).isEqualTo(9);
        assertThatThrownBy(() -> more.get(1).get())
                .isInstanceOf(ExecutionException.class)
                .hasMessageContaining("poison");
        assertThat(lots).hasSize(5);
    }

    @Test
    void aFaultOfTheServiceIsEverybodys() throws Exception {
        var _ = first();
        List<CompletableFuture<Integer>> more = waiting(1, 2, AWAY);
        go.release();
        lots(1);
        for (CompletableFuture<Integer> each : more) {
            assertThatThrownBy(each::get).hasCauseInstanceOf(ServiceFault.class);
        }
        assertThat(lots).hasSize(2);
    }

    @Test
    void whoeverWaitsWhenItClosesIsRefusedAndWhatIsWorkedOnIsAnswered() throws Exception {
        CompletableFuture<Integer> one = first();
        List<CompletableFuture<Integer>> more = waiting(1, 2, 3);
        Thread closing = Thread.ofVirtual().start(worker::close);
        for (CompletableFuture<Integer> each : more) {
            assertThatThrownBy(each::get).hasCauseInstanceOf(ServiceFault.class);
        }
        assertThatThrownBy(() -> worker.ask(4, 1)).isInstanceOf(ServiceFault.class);
        go.release();
        closing.join();
        assertThat(one.get()).isEqualTo(1);
    }

    @Test
    void nobodyWaitsForAWorkerThatDied() throws Exception {
        CompletableFuture<Integer> one = first();
        List<CompletableFuture<Integer>> more = waiting(1, MUTE, 2);
        go.release();
        lots(1);
        assertThat(one.get()).isEqualTo(1);
        for (CompletableFuture<Integer> each : more) {
            assertThatThrownBy(each::get).hasCauseInstanceOf(ServiceFault.class);
        }
        assertThatThrownBy(() -> worker.ask(3, 1)).isInstanceOf(ServiceFault.class);
    }

    @Test
    void whatCannotBeTakenIsKnownBefore() throws Exception {
        var _ = first();
        var _ = waiting(10, 2);
        assertThat(worker.full()).isFalse();
        var _ = waiting(10, 3);
        assertThat(worker.full()).isTrue();
        go.release();
        lots(2);
    }

    @Test
    void twoWorkersTakeALotEach() throws Exception {
        worker.close();
        worker = worker(new LotWorker.Bounds(2, 4, 10, 20));
        CompletableFuture<Integer> one = first();
        CompletableFuture<Integer> other = ask(2, 1);
        // the first one is still held
        begun.take();
        go.release(2);
        assertThat(one.get() + other.get()).isEqualTo(5);
    }
}
