package org.jiaozi.lab.fuzz;

import java.util.function.Consumer;
import java.util.function.Function;

/** What runs a target. */
public final class CountedTargets implements Function<String, Consumer<byte[]>> {
    @Override
    public Consumer<byte[]> apply(String name) {
        return Targets.named(name)::run;
    }
}
