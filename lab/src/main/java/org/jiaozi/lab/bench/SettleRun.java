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
    private final SettleDesk desk;
    private final Deque<SettleWork.Batch> waiting;
    private final Queue<Long> nanos = new ConcurrentLinkedQueue<>();
    private final List<Throwable> failed = new CopyOnWriteArrayList<>();
    private final AtomicLong redeemed = new AtomicLong();
    private long took;

    SettleRun(SettleDesk desk, Deque<SettleWork.Batch> batches) {
        this.desk = desk;
        this.waiting = new ConcurrentLinkedDeque<>(batches);
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
            for (SettleWork.Batch batch = waiting.poll(); batch != null; batch = waiting.poll()) {
                long begin = System.nanoTime();
                WalletAnswer answer = desk.send(batch.letter());
                nanos.add(System.nanoTime() - begin);
                redeemed.addAndGet(slices(batch, answer));
            }
        } catch (RuntimeException e) {
            failed.add(e);
            waiting.clear();
        }
    }

    private static long slices(SettleWork.Batch batch, WalletAnswer answer) {
        if (!(answer instanceof WalletAnswer.Deposited deposited)
                || !deposited.credited().equals(new Amount(batch.slices() * SettleWork.AMOUNT))
                || deposited.outcomes().stream().anyMatch(o -> o.kind() != Outcome.Kind.REDEEMED)) {
            throw new CommandFailure("a batch is answered otherwise than with its money: " + answer);
        }
        return deposited.outcomes().size();
    }

    /** Slices that were acknowledged as redeemed. */
    long redeemed() {
        return redeemed.get();
    }

    double perSecond() {
        return redeemed.get() * 1e9 / took;
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
