package org.jiaozi.server.db;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;

/** Whether something answers, asked by one at a time however many want to know, so that asking costs little. */
final class Pulse {
    private final BooleanSupplier question;
    private CompletableFuture<Boolean> asked = CompletableFuture.completedFuture(false);

    Pulse(BooleanSupplier question) {
        this.question = question;
    }

    /** False also where no answer comes in so long; what was asked then goes on, and is what the next ones wait for. */
    boolean beats(Duration patience) {
        try {
            return underWay().get(patience.toNanos(), TimeUnit.NANOSECONDS);
        } catch (TimeoutException | ExecutionException e) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private synchronized CompletableFuture<Boolean> underWay() {
        if (asked.isDone()) {
            asked = CompletableFuture.supplyAsync(question::getAsBoolean, Thread::startVirtualThread);
        }
        return asked;
    }
}
