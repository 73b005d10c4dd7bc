package org.jiaozi.lab.fuzz;

import java.lang.management.ManagementFactory;

/** What {@link CountedCode} counts with; it also ends what goes on beyond all measure, which would else take hours to be found. */
public final class Steps {
    private static final com.sun.management.ThreadMXBean THREADS =
            (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();

    /** How many steps lie between two looks: one may allocate a message's length, and to look is dear. */
    private static final int APART = 1 << 8;

    private static long taken;
    private static long most = Long.MAX_VALUE;
    private static long before;
    private static long mostBytes = Long.MAX_VALUE;

    private Steps() {}

    /** Thrown in the midst of what goes beyond. */
    static final class Beyond extends Error {
        private static final long serialVersionUID = 1L;

        Beyond(long bytes) {
            super("after " + taken + " steps, at most " + most + " are allowed, and " + bytes
                    + " bytes allocated, at most " + mostBytes + ", it goes on");
        }
    }

    /** Has something done that may take so much, or throws. */
    static void within(long steps, long bytes, Runnable work) {
        taken = 0;
        most = steps;
        mostBytes = bytes;
        before = THREADS.getCurrentThreadAllocatedBytes();
        try {
            work.run();
            look();
        } finally {
            most = Long.MAX_VALUE;
            mostBytes = Long.MAX_VALUE;
        }
    }

    /** How many something takes. */
    public static long of(Runnable work) {
        within(Long.MAX_VALUE, Long.MAX_VALUE, work);
        return taken;
    }

    /** One more. */
    public static void step() {
        if (++taken % APART == 0) {
            look();
        }
    }

    private static void look() {
        long bytes = THREADS.getCurrentThreadAllocatedBytes() - before;
        if (taken > most || bytes > mostBytes) {
            throw new Beyond(bytes);
        }
    }
}
