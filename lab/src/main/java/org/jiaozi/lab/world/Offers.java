package org.jiaozi.lab.world;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.jiaozi.core.bulletin.Bulletin;
import org.jiaozi.core.bulletin.BulletinDelta;
import org.jiaozi.core.statement.Signed;
import org.jiaozi.core.value.Bytes;

/** What devices are offered of one bulletin, each form made once: devices ask far more often than there is a new one. */
final class Offers {
    private final Signed<Bulletin> bulletin;
    private final Bytes whole;
    private final Map<Signed<Bulletin>, Bytes> deltas = new HashMap<>();
    private Optional<Bytes> forged = Optional.empty();

    Offers(Signed<Bulletin> bulletin) {
        this.bulletin = bulletin;
        this.whole = bulletin.encode();
    }

    Bytes whole() {
        return whole;
    }

    /** What is new to a device that has {@code held}, an earlier one. */
    Bytes since(Signed<Bulletin> held) {
        return deltas.computeIfAbsent(
                held, from -> BulletinDelta.between(from, bulletin).encode());
    }

    /** What a carrier makes of it: a later epoch that nobody signed. */
    Bytes forged() {
        if (forged.isEmpty()) {
            Bulletin b = bulletin.statement();
            Bulletin later = new Bulletin(
                    b.root(),
                    b.epoch() + 1,
                    b.issuedAt(),
                    b.nextUpdate(),
                    b.institutions(),
                    b.revoked(),
                    b.registryKey(),
                    b.policy());
            forged = Optional.of(new Signed<>(later, bulletin.signature()).encode());
        }
        return forged.get();
    }
}
