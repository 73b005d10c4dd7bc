package org.jiaozi.lab.judge;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jiaozi.lab.audit.RawTransfer;

/** A set of transfers in which a newcomer that contradicts one of them is found without comparing all. Not thread-safe. */
final class Conflicts {
    private final Map<String, List<RawTransfer>> near = new HashMap<>();
    private final Set<String> known = new HashSet<>();

    /** Adds a transfer; why one key never signs it and another that is here, if so. */
    Optional<String> add(RawTransfer transfer) {
        Optional<String> found = Optional.empty();
        if (!known.add(transfer.hash())) {
            return found;
        }
        for (String place : places(transfer)) {
            List<RawTransfer> here = near.computeIfAbsent(place, p -> new ArrayList<>(1));
            for (RawTransfer other : here) {
                found = found.or(() -> transfer.contradicts(other));
            }
            here.add(transfer);
        }
        return found;
    }

    boolean has(String hash) {
        return known.contains(hash);
    }

    /** Transfers that take something from this output. */
    List<RawTransfer> taking(String parent, long index) {
        return near.getOrDefault(parent + "#" + index, List.of());
    }

    private static Set<String> places(RawTransfer transfer) {
        Set<String> places = new HashSet<>();
        places.add(transfer.signer() + "@" + transfer.seq());
        transfer.inputs().forEach(i -> places.add(i.parent() + "#" + i.index()));
        return places;
    }
}
