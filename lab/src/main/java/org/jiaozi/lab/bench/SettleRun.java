package org.jiaozi.lab.bench;

import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import org.jiaozi.cli.CommandFailure;
import org.jiaozi.core.message.Outcome;
import org.jiaozi.core.message.WalletAnswer;
import org.jiaozi.core.value.Amount;

/** Some clients that hand in one batch after the other; how long that takes, and what is acknowledged. */
final class SettleRun {
    /** A deposit, and whether it is sent again. */
    private record Errand(SettleWork.Batch batch, boolean twice) {}

    private final SettleDesk desk;
    private final Deque<Errand> waiting = new ConcurrentLinkedDeque<>();
    private final int duplicates;
    private final Queue<Long> nanos = new ConcurrentLinkedQueue<>();
    private final List<Throwable> failed = new CopyOnWriteArrayList<>();
    private final AtomicLong redeemed = new AtomicLong();
    private final AtomicLong madeWhole = new AtomicLong();
    private long took;

    /** {@code duplicates} of the batches are sent twice, one of them after every so many. */
    SettleRun(SettleDesk desk, Deque<SettleWork.Batch> batches, int duplicates) {
        this.desk = desk;
        this.duplicates = duplicates;
        int place = 0;
        for (SettleWork.Batch batch : batches) {
            waiting.add(new Errand(batch, SettleWork.chosen(place++, duplicates, batches.size())));
        }
    }

    /** Hands in all; fails where anything is refused. */
    void go(int clients) throws InterruptedException {
        List<Thread> threads = new ArrayList<>();
        long begin = System.nanoTime();
        for (int i = 0; i < clients; i++) {
            threads.add(Thread.ofPlatform().name("client-" + i).start(this::client));
        }
        for (Thread thread : threads) {
            thread.join();
        }
        took = System.nanoTime() - begin;
        if (!failed.isEmpty()) {
            throw new CommandFailure("a deposit fails: " + failed.getFirst().getMessage(), failed.getFirst());
        }
    }

    private void client() {
        try {
            for (Errand errand = waiting.poll(); errand != null; errand = waiting.poll()) {
                long begin = System.nanoTime();
                WalletAnswer answer = desk.send(errand.batch().letter());
                nanos.add(System.nanoTime() - begin);
                count(errand.batch(), answer);
                if (errand.twice() && !desk.send(errand.batch().letter()).cbor().equals(answer.cbor())) {
                    throw new CommandFailure("the same deposit is answered otherwise the second time");
                }
            }
        } catch (RuntimeException e) {
            failed.add(e);
            waiting.clear();
        }
    }

    /** Every slice comes with its money, from the float or from whoever spent it twice. */
    private void count(SettleWork.Batch batch, WalletAnswer answer) {
        if (!(answer instanceof WalletAnswer.Deposited deposited)
                || !deposited.credited().equals(new Amount(batch.slices() * SettleWork.AMOUNT))
                || deposited.outcomes().size() != batch.slices()) {
            throw new CommandFailure("a batch is answered otherwise than with its money: " + answer);
        }
        redeemed.addAndGet(of(deposited, Outcome.Kind.REDEEMED));
        madeWhole.addAndGet(of(deposited, Outcome.Kind.MADE_WHOLE));
    }

    private static long of(WalletAnswer.Deposited answer, Outcome.Kind kind) {
        return answer.outcomes().stream().filter(o -> o.kind() == kind).count();
    }

    /** Slices that were acknowledged as paid out of the float. */
    long redeemed() {
        return redeemed.get();
    }

    /** Slices that were acknowledged as made whole. */
    long madeWhole() {
        return madeWhole.get();
    }

    /** Deposits that were sent twice. */
    int duplicates() {
        return duplicates;
    }

    double perSecond() {
        return (redeemed.get() + madeWhole.get()) * 1e9 / took;
    }

    double seconds() {
        return took / 1e9;
    }

    /** How long that share of the requests took at most, in milliseconds. */
    double millis(double share) {
        List<Long> sorted = nanos.stream().sorted().toList();
        int at = (int) Math.ceil(share * sorted.size()) - 1;
        return sorted.get(Math.clamp(at, 0, sorted.size() - 1)) / 1e6;
    }
}
