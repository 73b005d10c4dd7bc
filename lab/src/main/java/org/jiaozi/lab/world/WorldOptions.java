package org.jiaozi.lab.world;

import java.util.Optional;
import java.util.Set;

/**
 * Which world, and how much of it.
 *
 * @param seed decides everything else
 * @param steps how many things happen, 1 or more
 * @param purses how many, or 0 to let the seed say
 * @param profile which policy; the seed says if empty
 * @param realCrypto real ES256 and HPKE instead of signatures that cost a hash
 * @param leftOut steps that do not happen
 */
public record WorldOptions(
        long seed, int steps, int purses, Optional<String> profile, boolean realCrypto, Set<Integer> leftOut) {
    public WorldOptions {
        leftOut = Set.copyOf(leftOut);
        if (steps < 1) {
            throw new IllegalArgumentException("a world of " + steps + " steps");
        }
    }

    /** The seed's own world. */
    public static WorldOptions of(long seed, int steps) {
        return new WorldOptions(seed, steps, 0, Optional.empty(), false, Set.of());
    }

    /** The same with real signatures. */
    public WorldOptions real() {
        return new WorldOptions(seed, steps, purses, profile, true, leftOut);
    }

    /** The same with so many purses. */
    public WorldOptions of(int howMany) {
        return new WorldOptions(seed, steps, howMany, profile, realCrypto, leftOut);
    }

    /** The same under a policy. */
    public WorldOptions under(String name) {
        return new WorldOptions(seed, steps, purses, Optional.of(name), realCrypto, leftOut);
    }

    /** The same, ended earlier and with steps left out. */
    WorldOptions shortened(int last, Set<Integer> without) {
        return new WorldOptions(seed, last, purses, profile, realCrypto, without);
    }
}
