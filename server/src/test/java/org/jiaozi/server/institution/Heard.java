package org.jiaozi.server.institution;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** What was heard of the servers of one world. */
final class Heard {
    private final List<String> passed = new CopyOnWriteArrayList<>();
    private final List<String> stood = new CopyOnWriteArrayList<>();
    private volatile List<String> killedAt = List.of();
    private volatile long last = System.nanoTime();

    /** Something moves. */
    void moves() {
        last = System.nanoTime();
    }

    /** Somebody comes to a moment, and stands there or goes on. */
    void moment(boolean stands, String moment) {
        moves();
        (stands ? stood : passed).add(moment);
    }

    /** What stands is killed. */
    void dies() {
        killedAt = List.copyOf(stood);
        forget();
    }

    /** Whatever comes now is another matter. */
    void forget() {
        passed.clear();
        stood.clear();
    }

    /** What they went past. */
    List<String> passed() {
        return List.copyOf(passed);
    }

    /** Where they stand. */
    List<String> stands() {
        return List.copyOf(stood);
    }

    /** Where they stood when they were last killed. */
    List<String> killedAt() {
        return killedAt;
    }

    /** How long they have come to no durable step. */
    long quietNanos() {
        return System.nanoTime() - last;
    }
}
