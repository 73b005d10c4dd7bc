package org.jiaozi.lab.bench;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.LongAdder;
import org.jiaozi.core.refusal.Refusal;

/** What a stretch of a run was like: how fast deposits were taken, how long each took, and what was refused. Thread-safe. */
final class Phase {
    private final Queue<Long> nanos = new ConcurrentLinkedQueue<>();
    private final Queue<Long> othersNanos = new ConcurrentLinkedQueue<>();
    private final Map<Integer, LongAdder> refused = new ConcurrentSkipListMap<>();
    private final LongAdder refusedWithoutRetryAfter = new LongAdder();
    private final LongAdder offered = new LongAdder();
    private final LongAdder slices = new LongAdder();
    private boolean runs;
    private long begun;
    private long took;
    private long slicesBegun;
    private long offeredBegun;
    private long counted;
    private long countedOffered;
    private Duration cpuBegun = Duration.ZERO;
    private Duration cpu = Duration.ZERO;

    /** From here on time counts, and with it what is taken. */
    synchronized void begin() {
        runs = true;
        begun = System.nanoTime();
        slicesBegun = slices.sum();
        offeredBegun = offered.sum();
        cpuBegun = WorkloadCommand.cpu();
    }

    /** Until here; what is still on its way is in the times of single deposits, but in no rate. Again changes nothing. */
    synchronized void end() {
        if (runs) {
            took = nanos();
            counted = slices();
            countedOffered = offered();
            cpu = cpu();
            runs = false;
        }
    }

    /** So many payments are offered, perhaps not for the first time. */
    void sent(int payments) {
        offered.add(payments);
    }

    /** A deposit was taken, so long after it was sent. */
    void taken(Letters.Letter letter, long afterNanos) {
        slices.add(letter.slices());
        nanos.add(afterNanos);
        if (letter.merchant() != 0) {
            othersNanos.add(afterNanos);
        }
    }

    /** A deposit was refused for now. */
    void refused(Refusal no, boolean saysWhen) {
        refused.computeIfAbsent(no.code().number(), n -> new LongAdder()).increment();
        if (!saysWhen) {
            refusedWithoutRetryAfter.increment();
        }
    }

    /** Refused requests, by number. */
    Map<Integer, Long> refused() {
        Map<Integer, Long> counted = new TreeMap<>();
        refused.forEach((number, times) -> counted.put(number, times.sum()));
        return counted;
    }

    long refusals() {
        return refused.values().stream().mapToLong(LongAdder::sum).sum();
    }

    /** Those of them that did not say when to come again. */
    long refusedWithoutRetryAfter() {
        return refusedWithoutRetryAfter.sum();
    }

    /** Payments taken while time counted. */
    synchronized long slices() {
        return runs ? counted + slices.sum() - slicesBegun : counted;
    }

    private synchronized long offered() {
        return runs ? countedOffered + offered.sum() - offeredBegun : countedOffered;
    }

    synchronized long nanos() {
        return runs ? took + System.nanoTime() - begun : took;
    }

    double perSecond() {
        return slices() * 1e9 / Math.max(1, nanos());
    }

    /** Payments sent a second, those that were refused as often as they were sent. */
    double offeredPerSecond() {
        return offered() * 1e9 / Math.max(1, nanos());
    }

    /** What the clients took of all cores. */
    synchronized Duration cpu() {
        return runs ? cpu.plus(WorkloadCommand.cpu().minus(cpuBegun)) : cpu;
    }

    /** How long that share of the deposits took at most, in milliseconds. */
    double millis(double share) {
        return millis(nanos, share);
    }

    /** The same of all merchants but the first. */
    double othersMillis(double share) {
        return millis(othersNanos, share);
    }

    private static double millis(Queue<Long> of, double share) {
        List<Long> sorted = of.stream().sorted().toList();
        int at = (int) Math.ceil(share * sorted.size()) - 1;
        return sorted.isEmpty() ? 0 : sorted.get(Math.clamp(at, 0, sorted.size() - 1)) / 1e6;
    }
}
