package org.jiaozi.lab.fuzz;

import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jiaozi.core.codec.DecodeException;
import org.jiaozi.lab.fuzz.Target.Family;

/** Every target, and the one that proves that a fault is found. */
public final class Targets {
    /** The name of the target with a fault in it. */
    public static final String PLANTED = "planted";

    private static final List<Supplier<List<Target>>> GROUPS =
            List.of(CoreTargets::all, SealedTargets::all, StoredTargets::all, CarrierTargets::all, FileTargets::all);

    private Targets() {}

    /** Every reader's, in the order of the modules. */
    public static List<Target> all() {
        return stream().toList();
    }

    /** Those that share a run in CI. */
    public static List<Target> of(Family family) {
        return stream().filter(t -> t.family() == family).toList();
    }

    /** Group by group: to find one target does not load the readers of all, which takes seconds under Jazzer. */
    private static Stream<Target> stream() {
        return GROUPS.stream().flatMap(group -> group.get().stream());
    }

    /**
     * The target with that name, {@value #PLANTED} included.
     *
     * @throws IllegalArgumentException with the names that there are
     */
    public static Target named(String name) {
        if (name.equals(PLANTED)) {
            return planted();
        }
        return stream()
                .filter(t -> t.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("there is no target " + name + "; there are "
                        + String.join(", ", stream().map(Target::name).toList())));
    }

    /** Throws at four certain bytes, compared one after the other: chance alone needs 2^32 tries. */
    private static Target planted() {
        return new Target(
                PLANTED,
                Family.STATEMENTS,
                64,
                Readers.CODEC,
                input -> {
                    if (Planted.matches(input)) {
                        throw new IllegalStateException("the planted fault, at " + Arrays.toString(input));
                    }
                    return Readers.readIsAll();
                },
                Set.of(DecodeException.class));
    }
}
