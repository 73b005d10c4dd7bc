package org.jiaozi.server.http;

import java.util.concurrent.TimeUnit;

/**
 * Lets in so many requests, with so many bytes of bodies, and no more; nobody once it is shut. Nobody waits here: who does
 * not get in learns it at once.
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

    /** Lets one in, who leaves later; false where there is no room for it or the door is shut. */
    synchronized boolean enter() {
        if (shut || inside >= most) {
            return false;
        }
        inside++;
        return true;
    }

    /** Somebody inside wants to hold so many more bytes; false where there is no room for them. */
    synchronized boolean hold(int more) {
        if (bytes + more > mostBytes) {
            return false;
        }
        bytes += more;
        return true;
    }

    /** One who got in leaves, with all that it holds. */
    synchronized void leave(long held) {
        inside--;
        bytes -= held;
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
