package org.jiaozi.server.institution;

import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;

/** Runs a round soon when asked; rounds asked for while one is waiting to begin are that one. Thread-safe. */
final class WakeUp {
    private final AtomicBoolean asked = new AtomicBoolean();
    private final Executor background;
    private final Runnable round;

    WakeUp(Executor background, Runnable round) {
        this.background = background;
        this.round = round;
    }

    void ask() {
        if (asked.compareAndSet(false, true)) {
            background.execute(() -> {
                // whoever asks from here on may have come too late for this round
                asked.set(false);
                round.run();
            });
        }
    }
}
