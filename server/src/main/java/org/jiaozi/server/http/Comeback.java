package org.jiaozi.server.http;

import java.time.Duration;
import java.util.Optional;
import java.util.function.BiConsumer;
import org.jiaozi.core.refusal.Refusal;
import org.jiaozi.core.refusal.RefusalCode;
import org.jiaozi.core.value.Bytes;
import org.jiaozi.crypto.Entropy;

/**
 * Asks again whoever said not now, at the time it said. After each further no the pause is twice as long, and all pauses are longer
 * by chance, so that those who were refused together do not come back together. All pauses of one question together are bounded;
 * after that the refusal is the answer.
 */
public final class Comeback {
    /** A question over HTTP. */
    @FunctionalInterface
    public interface Question {
        /** Asks it. */
        HttpReply ask() throws Unreachable;
    }

    /** Lets time pass. */
    @FunctionalInterface
    interface Pause {
        /** So much of it. */
        void of(Duration time) throws InterruptedException;
    }

    /** Also where somebody asks for no pause at all: without any it would never end. */
    private static final Duration SHORTEST = Duration.ofMillis(100);

    private static final int MOST_DOUBLINGS = 16;

    private final Duration most;
    private final Entropy entropy;
    private final Pause pause;

    /**
     * @param most how long all pauses of one question together may be
     * @param entropy for the part that is by chance
     */
    public Comeback(Duration most, Entropy entropy) {
        this(most, entropy, Thread::sleep);
    }

    Comeback(Duration most, Entropy entropy, Pause pause) {
        this.most = most;
        this.entropy = entropy;
        this.pause = pause;
    }

    /**
     * Asks until the answer is another than not now, or time is up.
     *
     * @param waits is told of each refusal and of the pause that follows
     * @return the last answer
     */
    public HttpReply ask(Question question, BiConsumer<Refusal, Duration> waits) throws Unreachable {
        Duration paused = Duration.ZERO;
        for (int before = 0; ; before++) {
            HttpReply reply = question.ask();
            Optional<Duration> next = after(reply, before, most.minus(paused), entropy);
            if (next.isEmpty()) {
                return reply;
            }
            reply.refusal().ifPresent(no -> waits.accept(no, next.get()));
            try {
                pause.of(next.get());
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return reply;
            }
            paused = paused.plus(next.get());
        }
    }

    /**
     * How long after an answer to ask again.
     *
     * @param before how many times not now was the answer before
     * @param most no longer than that
     * @return empty where it is no not now, or that would be too long, or where what the other needs is away (801): whoever waited
     *     for that would hold up all who wait for him
     */
    public static Optional<Duration> after(HttpReply reply, int before, Duration most, Entropy entropy) {
        return reply.retryAfter()
                .filter(asked -> !reply.ok() && !isAway(reply) && asked.compareTo(most) <= 0)
                .map(asked -> asked.compareTo(SHORTEST) < 0 ? SHORTEST : asked)
                .map(asked -> asked.multipliedBy(1L << Math.min(before, MOST_DOUBLINGS)))
                .map(asked -> asked.plus(asked.multipliedBy(chance(entropy)).dividedBy(2L << 16)))
                .filter(asked -> asked.compareTo(most) <= 0);
    }

    private static boolean isAway(HttpReply reply) {
        return reply.refusal()
                .filter(no -> no.code() == RefusalCode.UNREACHABLE)
                .isPresent();
    }

    /** From 0 to 65,535. */
    private static int chance(Entropy entropy) {
        Bytes drawn = entropy.next(2);
        return (drawn.at(0) << 8) + drawn.at(1);
    }
}
