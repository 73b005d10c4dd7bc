package org.jiaozi.lab.fuzz;

import java.lang.management.ManagementFactory;
import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One reader of outside bytes, and what is asked of it for whatever bytes come: it refuses them in the way it says it
 * does, or it has read exactly them; and it allocates no more than a bounded multiple of their length.
 *
 * @param name in commands and folder names: small letters, digits and hyphens
 * @param family the CI run that it shares with its like
 * @param maxBytes the longest input that is tried
 * @param bound what reading may allocate
 * @param reader the reader
 * @param refusals exceptions by which it says no
 */
public record Target(
        String name, Family family, int maxBytes, Bound bound, Reader reader, java.util.Set<Class<?>> refusals) {
    /** How often a reading that allocated too much is read again: the first one may have loaded classes. */
    private static final int TRIES = 3;

    private static final com.sun.management.ThreadMXBean THREADS =
            (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();

    public Target {
        refusals = java.util.Set.copyOf(refusals);
    }

    /** Targets that share a run in CI: few enough that each run can have its minute. */
    public enum Family {
        STATEMENTS,
        TAP,
        BULLETIN,
        MESSAGES,
        STORED,
        CARRIERS,
        PICTURES,
        FILES
    }

    /**
     * The most that reading may allocate: {@code factor} times the input's length and {@code constant} bytes.
     *
     * @param factor bytes for a byte of input
     * @param constant bytes whatever the input
     */
    public record Bound(int factor, int constant) {
        long of(int length) {
            return (long) factor * length + constant;
        }
    }

    /** Reads an input and returns what shows that it was read rightly. */
    @FunctionalInterface
    public interface Reader {
        /**
         * Reads.
         *
         * @return what to check, apart from the reading, whose allocations are counted
         * @throws Exception one of the target's refusals; any other is a finding
         */
        Proof read(byte[] input) throws Exception;
    }

    /** Shows that what was read means the input, or throws. */
    @FunctionalInterface
    public interface Proof {
        void check(byte[] input) throws Exception;
    }

    /** Runs one input. Returns whether it was read, false for a refusal; throws {@link Finding}. */
    public boolean run(byte[] input) {
        byte[] given = input.clone();
        Proof proof = measured(input);
        if (!Arrays.equals(given, input)) {
            throw new Finding(name + ": the reader altered its input");
        }
        if (proof == null) {
            return false;
        }
        try {
            proof.check(input);
        } catch (Finding e) {
            throw e;
        } catch (Exception | StackOverflowError e) {
            throw new Finding(name + ": what was read cannot be written again", e);
        }
        return true;
    }

    private @Nullable Proof measured(byte[] input) {
        long most = bound.of(input.length);
        long least = Long.MAX_VALUE;
        for (int i = 0; i < TRIES; i++) {
            long before = THREADS.getCurrentThreadAllocatedBytes();
            Proof proof = read(input);
            least = Math.min(least, THREADS.getCurrentThreadAllocatedBytes() - before);
            if (least <= most) {
                return proof;
            }
        }
        throw new Finding(name + ": reading " + input.length + " bytes allocates " + least + ", at most " + most
                + " are allowed");
    }

    private @Nullable Proof read(byte[] input) {
        try {
            return Objects.requireNonNull(reader.read(input));
        } catch (Exception | StackOverflowError e) {
            if (refusals.stream().anyMatch(c -> c.isInstance(e))) {
                return null;
            }
            throw new Finding(name + ": the reader throws " + e, e);
        }
    }

    @Override
    public String toString() {
        return name;
    }
}
