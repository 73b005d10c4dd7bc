package org.jiaozi.server.central;

import java.util.Optional;
import org.jetbrains.lincheck.datastructures.ModelCheckingOptions;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.Validate;
import org.junit.jupiter.api.Test;

/** What the central bank's threads share, under the interleavings of small scenarios that Lincheck comes upon. */
final class SharedStructuresTest {
    @Test
    void whatIsInForceIsOneForAllAndRenewedOnce() {
        new ModelCheckingOptions()
                .iterations(12)
                .invocationsPerIteration(200)
                .threads(2)
                .actorsPerThread(3)
                .actorsBefore(1)
                .actorsAfter(1)
                .check(Epochs.class);
    }

    /** Epochs instead of bulletins, in a store of one number; the fourth is due to be renewed. */
    public static final class Epochs {
        private static final int DUE = 4;

        private int stored = 2;
        private int renewals;
        private final InForce<Integer> inForce = new InForce<>(stored, () -> stored);

        private int next() {
            stored++;
            return stored;
        }

        @Operation
        public int get() {
            return inForce.get();
        }

        @Operation
        public int change() {
            return inForce.change(this::next, Optional::of);
        }

        /** Committed, but the connection broke before anybody heard of it. */
        @Operation
        public String lost() {
            try {
                return inForce.<String>change(
                        () -> {
                            throw new IllegalStateException("lost at " + next());
                        },
                        nothing -> Optional.empty());
            } catch (IllegalStateException e) {
                return String.valueOf(e.getMessage());
            }
        }

        @Operation
        public int renewed() {
            return inForce.renewed(
                    epoch -> epoch == DUE,
                    () -> inForce.change(
                            () -> {
                                renewals++;
                                return next();
                            },
                            Optional::of));
        }

        @Validate
        public void once() {
            if (renewals > 1) {
                throw new IllegalStateException("renewed " + renewals + " times");
            }
        }
    }
}
