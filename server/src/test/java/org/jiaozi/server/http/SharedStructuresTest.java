package org.jiaozi.server.http;

import org.jetbrains.lincheck.datastructures.ModelCheckingOptions;
import org.jetbrains.lincheck.datastructures.Operation;
import org.junit.jupiter.api.Test;

/** What the threads of a server's requests share, under the interleavings of small scenarios that Lincheck comes upon. */
final class SharedStructuresTest {
    @Test
    void theDoorCountsWhoIsInside() {
        new ModelCheckingOptions()
                .iterations(12)
                .invocationsPerIteration(200)
                .threads(2)
                .actorsPerThread(3)
                .actorsBefore(1)
                .actorsAfter(1)
                .check(Visits.class);
    }

    /** A door for two with ten bytes. */
    public static final class Visits {
        private static final int BYTES = 6;

        private final Door door = new Door(2, 10);

        @Operation
        public boolean enter() {
            return door.enter();
        }

        @Operation
        public boolean hold() {
            return door.hold(BYTES);
        }

        @Operation
        public void letGo() {
            door.letGo(BYTES);
        }

        @Operation
        public void leave() {
            door.leave();
        }

        @Operation
        public boolean hasRoom() {
            return door.hasRoom();
        }

        @Operation
        public void shut() {
            door.shut();
        }

        @Operation
        public boolean isShut() {
            return door.isShut();
        }

        @Operation
        public int inside() {
            return door.inside();
        }
    }
}
