package org.jiaozi.lab.bench;

import java.math.BigDecimal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.function.Consumer;
import org.jiaozi.cli.CommandFailure;
import org.jiaozi.core.message.Outcome;
import org.jiaozi.core.message.WalletAnswer;
import org.jiaozi.core.value.Amount;

/** Some clients that hand in one deposit after the other; how long that takes, and what is acknowledged. */
final class SettleRun {
    /** Of a hundred thousand deposits, so that a thousandth of a percent is one. */
    private static final int OF = 100_000;

    private static final Duration TOLD = Duration.ofSeconds(10);

    private final SettleDesk desk;
    private final int clients;
    private final long twice;
    private final Consumer<SettleRun> watch;
    private final Queue<Long> nanos = new ConcurrentLinkedQueue<>();
    private final List<Throwable> failed = new CopyOnWriteArrayList<>();
    private final AtomicLong sent = new AtomicLong();
    private final AtomicLong sentTwice = new AtomicLong();
    private final AtomicLong slices = new AtomicLong();
    private final AtomicLong redeemed = new AtomicLong();
    private final AtomicLong madeWhole = new AtomicLong();
    private final AtomicLongArray byMerchant;
    private final Map<Payments.Fork, Integer> forks = new HashMap<>();
    private volatile long until = Long.MAX_VALUE;
    private long warmedUp;
    private long took;
    private Duration cpu = Duration.ZERO;

    /**
     * @param duplicates how many of a hundred deposits are sent again once they are answered
     * @param watch is told of this every ten seconds
     */
    SettleRun(SettleDesk desk, int clients, int merchants, BigDecimal duplicates, Consumer<SettleRun> watch) {
        this.desk = desk;
        this.clients = clients;
        this.twice = duplicates.movePointRight(3).longValue();
        this.watch = watch;
        byMerchant = new AtomicLongArray(merchants);
    }

    /** Hands in at least so many payments, of which the figures say nothing, but what is counted at the end counts them. */
    void warmUp(Letters.Reader letters, long payments) throws InterruptedException {
        until = payments;
        go(letters, Long.MAX_VALUE);
        until = Long.MAX_VALUE;
        warmedUp = slices.get();
        nanos.clear();
        took = 0;
        cpu = Duration.ZERO;
    }

    /** Hands in all of it, or as much as so much time allows; fails where anything is refused. */
    void go(Letters.Reader letters, long most) throws InterruptedException {
        Duration before = WorkloadCommand.cpu();
        long begin = System.nanoTime();
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < clients; i++) {
            threads.add(Thread.ofPlatform().name("client-" + i).start(() -> client(letters, begin, most)));
        }
        long past = took;
        for (Thread thread : threads) {
            while (!thread.join(TOLD)) {
                took = past + System.nanoTime() - begin;
                watch.accept(this);
            }
        }
        took = past + System.nanoTime() - begin;
        cpu = cpu.plus(WorkloadCommand.cpu().minus(before));
        if (!failed.isEmpty()) {
            throw new CommandFailure("a deposit fails: " + failed.getFirst().getMessage(), failed.getFirst());
        }
    }

    private void client(Letters.Reader letters, long begin, long most) {
        try {
            while (failed.isEmpty() && System.nanoTime() - begin < most && slices.get() < until) {
                Optional<Letters.Letter> letter = letters.next();
                if (letter.isEmpty()) {
                    return;
                }
                send(letter.get());
            }
        } catch (RuntimeException e) {
            failed.add(e);
        }
    }

    private void send(Letters.Letter letter) {
        long begin = System.nanoTime();
        WalletAnswer answer = desk.send(letter);
        nanos.add(System.nanoTime() - begin);
        count(letter, answer);
        if (WorkShape.chosen(sent.getAndIncrement(), twice, OF)) {
            sentTwice.incrementAndGet();
            if (!desk.send(letter).cbor().equals(answer.cbor())) {
                throw new CommandFailure("the same deposit is answered otherwise the second time");
            }
        }
    }

    /** Every slice comes with its money, from the float or from whoever spent it twice. */
    private void count(Letters.Letter letter, WalletAnswer answer) {
        if (!(answer instanceof WalletAnswer.Deposited deposited)
                || !deposited.credited().equals(new Amount(letter.slices() * WorkShape.Stock.AMOUNT))
                || deposited.outcomes().size() != letter.slices()) {
            throw new CommandFailure("a deposit is answered otherwise than with its money: " + answer);
        }
        slices.addAndGet(letter.slices());
        byMerchant.addAndGet(letter.merchant(), letter.slices());
        redeemed.addAndGet(of(deposited, Outcome.Kind.REDEEMED));
        madeWhole.addAndGet(of(deposited, Outcome.Kind.MADE_WHOLE));
        synchronized (forks) {
            letter.forks().forEach(f -> forks.merge(f, 1, Integer::sum));
        }
    }

    private static long of(WalletAnswer.Deposited answer, Outcome.Kind kind) {
        return answer.outcomes().stream().filter(o -> o.kind() == kind).count();
    }

    /** Payments that were handed in before the clock started. */
    long warmedUp() {
        return warmedUp;
    }

    /** Payments that were acknowledged with their money, also before the clock started. */
    long slices() {
        return slices.get();
    }

    long slicesOf(int merchant) {
        return byMerchant.get(merchant);
    }

    /** Payments that were acknowledged as paid out of the float. */
    long redeemed() {
        return redeemed.get();
    }

    /** Payments that were acknowledged as made whole. */
    long madeWhole() {
        return madeWhole.get();
    }

    /** Deposits that were sent twice. */
    long duplicates() {
        return sentTwice.get();
    }

    /** Payments that were made twice and deposited both times. */
    long paymentsMadeTwice() {
        return forks.values().stream().filter(n -> n == 2).count();
    }

    /** Whoever signed money over twice that was deposited both times. */
    Set<String> doubleSpenders() {
        Set<String> culprits = new HashSet<>();
        forks.forEach((fork, times) -> {
            if (times == 2) {
                culprits.add(fork.culprit().hex());
            }
        });
        return culprits;
    }

    double perSecond() {
        return (slices.get() - warmedUp) * 1e9 / took;
    }

    long nanos() {
        return took;
    }

    /** What the clients took of all cores. */
    Duration cpu() {
        return cpu;
    }

    /** How long that share of the requests took at most, in milliseconds. */
    double millis(double share) {
        List<Long> sorted = nanos.stream().sorted().toList();
        int at = (int) Math.ceil(share * sorted.size()) - 1;
        return sorted.get(Math.clamp(at, 0, sorted.size() - 1)) / 1e6;
    }
}
