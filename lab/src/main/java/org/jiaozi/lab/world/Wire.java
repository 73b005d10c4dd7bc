package org.jiaozi.lab.world;

import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import org.jiaozi.core.message.BankAnswer;
import org.jiaozi.core.message.BankRequest;

/**
 * What lies between institutions and the central bank: it is cut, loses requests and answers, and brings some late, twice, and
 * after others that were sent later. Whoever hears nothing asks again, so a request that comes late comes beside its own
 * repetition. Not thread-safe.
 */
final class Wire {
    private final World world;
    private final Set<House> cut = new HashSet<>();
    private final Late<Sent> late = new Late<>();

    /** A request that nobody waits for any more. */
    private record Sent(House caller, BankRequest request) {}

    Wire(World world) {
        this.world = world;
    }

    void cut(House house) {
        cut.add(house);
    }

    void mend(House house) {
        cut.remove(house);
    }

    /** What the central bank says, if its word comes back; otherwise whoever asked dies over it. */
    BankAnswer ask(House caller, BankRequest request) {
        if (world.calm()) {
            return world.central().ask(caller, request);
        }
        boolean changes = !(request instanceof BankRequest.ReadInbox);
        if (cut.contains(caller)) {
            throw lost(caller, "is cut off from the central bank");
        }
        Dice dice = world.dice();
        if (dice.oneIn(12)) {
            arrive();
        }
        int fate = dice.below(1000);
        if (fate < 15) {
            throw lost(caller, "asks the central bank in vain");
        }
        if (fate < 40 && changes) {
            world.tally().count(Tally.Event.LATE_REQUEST);
            late.add(new Sent(caller, request));
            if (fate < 25) {
                throw lost(caller, "asks the central bank, which will hear of it late");
            } // else it comes once more
        }
        BankAnswer answer = world.central().ask(caller, request);
        if (fate >= 40 && fate < 60) {
            throw lost(caller, "does not hear what the central bank answers");
        }
        return answer;
    }

    private Died lost(House caller, String how) {
        world.tally().count(Tally.Event.LOST_REQUEST);
        return new Died(caller + " " + how);
    }

    /** Something comes late, if anything is on its way; whether anything was. */
    boolean arrive() {
        Optional<Sent> sent = late.any(world.dice());
        sent.ifPresent(s -> {
            world.story().tell(() -> "late comes of " + s.caller() + ":");
            try {
                world.central().ask(s.caller(), s.request());
            } catch (Died died) {
                world.story().tell(() -> died.getMessage() + ", dies over what came late");
            }
        });
        return sent.isPresent();
    }
}
