package org.jiaozi.lab.faults;

import java.util.List;
import java.util.function.LongFunction;
import org.jiaozi.lab.world.World;
import org.jiaozi.lab.world.WorldOptions;

/** As {@link Lived}, a shorter one with real signatures. */
public final class LivedForReal implements LongFunction<List<String>> {
    /** For whoever loads the class by name. */
    public LivedForReal() {}

    @Override
    public List<String> apply(long seed) {
        return new World(WorldOptions.of(seed, 400).of(6).real(), false).live().breaches();
    }
}
