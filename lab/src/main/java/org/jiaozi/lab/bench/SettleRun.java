package org.jiaozi.lab.bench;

import java.math.BigDecimal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.jiaozi.cli.CommandFailure;
import org.jiaozi.core.message.WalletAnswer;

/** Deposits are handed in, phase after phase, and come again where they are refused for now. */
final class SettleRun {
    /** Of a hundred thousand deposits, so that a thousandth of a percent is one. */
    private static final int OF = 100_000;

    private static final Duration TOLD = Duration.ofSeconds(10);

    /** Whoever is refused for so long is refused for good. */
    private static final int MOST_TRIES = 200;

    private final SettleDesk desk;
    private final int clients;
    private final long twice;
    private final Consumer<SettleRun> watch;
    private final Credited credited;
    private final List<Throwable> failed = new CopyOnWriteArrayList<>();
    private final AtomicLong sent = new AtomicLong();
    private final AtomicLong sentTwice = new AtomicLong();
    private volatile Phase phase = new Phase();
    private volatile long until = Long.MAX_VALUE;

    /**
     * @param clients who hand in one deposit after the other, unless so many a second are offered
     * @param duplicates how many of a hundred deposits are sent again once they are answered
     * @param watch is told of this every ten seconds
     */
    SettleRun(SettleDesk desk, int clients, int merchants, BigDecimal duplicates, Consumer<SettleRun> watch) {
        this.desk = desk;
        this.clients = clients;
        this.twice = duplicates.movePointRight(3).longValue();
        this.watch = watch;
        credited = new Credited(merchants);
    }

    /** Hands in at least so many payments; what follows is another phase. */
    Phase only(Letters.Reader letters, long payments) throws InterruptedException {
        until = credited.slices() + payments;
        go(letters, Long.MAX_VALUE);
        until = Long.MAX_VALUE;
        Phase past = phase;
        phase = new Phase();
        return past;
    }

    /** Hands in all of it, or as much as so much time allows; fails where anything is refused for good. */
    void go(Letters.Reader letters, long most) throws InterruptedException {
        phase.begin();
        long begin = System.nanoTime();
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < clients; i++) {
            threads.add(Thread.ofPlatform().name("client-" + i).start(() -> client(letters, begin, most)));
        }
        watched(threads);
        phase.end();
        judge();
    }

    /** The same at a rate that does not wait for answers. */
    void offer(Letters.Reader letters, double perSecond, long most) throws InterruptedException {
        Offered offered = new Offered(this, perSecond);
        watched(List.of(Thread.ofPlatform().name("offered").start(() -> {
            try {
                offered.go(letters, most);
            } catch (InterruptedException e) {
                failed(new CommandFailure("interrupted while deposits are offered", e));
            }
        })));
        judge();
    }

    private void watched(List<Thread> threads) throws InterruptedException {
        for (Thread thread : threads) {
            while (!thread.join(TOLD)) {
                watch.accept(this);
            }
        }
    }

    private void judge() {
        if (!failed.isEmpty()) {
            throw new CommandFailure("a deposit fails: " + failed.getFirst().getMessage(), failed.getFirst());
        }
    }

    /** Nothing goes on after this. */
    void failed(Throwable why) {
        failed.add(why);
    }

    boolean sound() {
        return failed.isEmpty();
    }

    private void client(Letters.Reader letters, long begin, long most) {
        try {
            while (sound() && System.nanoTime() - begin < most && credited.slices() < until) {
                Optional<Letters.Letter> letter = letters.next();
                if (letter.isEmpty()) {
                    return;
                }
                Optional<Duration> again = send(letter.get(), 0);
                for (int before = 1; again.isPresent() && sound(); before++) {
                    Thread.sleep(again.get());
                    again = send(letter.get(), before);
                }
            }
        } catch (InterruptedException | RuntimeException e) {
            failed(e);
        }
    }

    /**
     * Sends a deposit and counts what comes of it.
     *
     * @param before how often it was refused before
     * @return when to send it again, if it was refused for now
     */
    Optional<Duration> send(Letters.Letter letter, int before) throws InterruptedException {
        if (before >= MOST_TRIES) {
            throw new CommandFailure("it is refused " + before + " times");
        }
        Phase now = phase;
        long begin = System.nanoTime();
        return switch (desk.send(letter)) {
            case SettleDesk.Said.NotNow no -> {
                now.refused(no.refusal(), no.saysWhen());
                yield Optional.of(no.again());
            }
            case SettleDesk.Said.Decided(WalletAnswer answer) -> {
                now.taken(letter, System.nanoTime() - begin);
                credited.count(letter, answer);
                if (WorkShape.chosen(sent.getAndIncrement(), twice, OF)) {
                    sendTwice(letter, answer);
                }
                yield Optional.empty();
            }
        };
    }

    private void sendTwice(Letters.Letter letter, WalletAnswer first) throws InterruptedException {
        sentTwice.incrementAndGet();
        SettleDesk.Said said = desk.send(letter);
        for (int tries = 1; said instanceof SettleDesk.Said.NotNow no && tries < MOST_TRIES; tries++) {
            Thread.sleep(no.again());
            said = desk.send(letter);
        }
        if (!(said instanceof SettleDesk.Said.Decided(WalletAnswer second))
                || !second.cbor().equals(first.cbor())) {
            throw new CommandFailure("the same deposit is answered otherwise the second time");
        }
    }

    /** What was acknowledged so far. */
    Credited credited() {
        return credited;
    }

    /** The one that is on, or was the last. */
    Phase phase() {
        return phase;
    }

    /** Deposits that were sent twice. */
    long duplicates() {
        return sentTwice.get();
    }
}
