package org.jiaozi.server.http;

import java.util.concurrent.TimeUnit;

/**
 * Lets in so many requests and no more; nobody once it is shut. Nobody waits here: who does not get in learns it at once. A body
 * comes in before its request does, as fast as its sender pleases, so that whoever drips takes nobody's place; bodies together take
 * so many bytes.
 */
final class Door {
    private final int most;
    private final long mostBytes;
    private int inside;
    private long bytes;
    private boolean shut;

    Door(int most, long mostBytes) {
        this.most = most;
        this.mostBytes = mostBytes;
    }

    /** Whether one would be let in now: who would not be need not send its body. */
    synchronized boolean hasRoom() {
        return !shut && inside < most;
    }

    /** Lets one in, who leaves later; false where there is no room for it or the door is shut. */
    synchronized boolean enter() {
        if (!hasRoom()) {
            return false;
        }
        inside++;
        return true;
    }

    /** Somebody's body takes so many bytes more, until they are let go of; false where there is no room for them. */
    synchronized boolean hold(int more) {
        if (bytes + more > mostBytes) {
            return false;
        }
        bytes += more;
        return true;
    }

    /** So many bytes are held no longer. */
    synchronized void letGo(long held) {
        bytes -= held;
    }

    /** One who got in leaves. */
    synchronized void leave() {
        inside--;
        if (inside == 0) {
            notifyAll();
        }
    }

    synchronized void shut() {
        shut = true;
    }

    synchronized boolean isShut() {
        return shut;
    }

    synchronized int inside() {
        return inside;
    }

    /** Waits until nobody is inside, or so long; how many still are. */
    synchronized int empty(long nanos) throws InterruptedException {
        long end = System.nanoTime() + nanos;
        while (inside > 0) {
            long left = end - System.nanoTime();
            if (left <= 0) {
                break;
            }
            TimeUnit.NANOSECONDS.timedWait(this, left);
        }
        return inside;
    }
}
