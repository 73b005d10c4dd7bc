package org.jiaozi.lab.faults;

import java.util.List;
import java.util.function.LongFunction;
import org.jiaozi.lab.world.World;
import org.jiaozi.lab.world.WorldOptions;

/** One world, as seen from outside its class loader: its seed in, what did not hold out. */
public final class Lived implements LongFunction<List<String>> {
    static final int STEPS = 1_500;

    /** For whoever loads the class by name. */
    public Lived() {}

    @Override
    public List<String> apply(long seed) {
        return new World(WorldOptions.of(seed, STEPS).of(8 + (int) (seed % 8)), false)
                .run()
                .breaches();
    }
}
