package org.jiaozi.lab.world;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.BooleanSupplier;

/** Leaves steps out of a broken world for as long as it still breaks in the same way: what remains is the story. */
final class Minimiser {
    private final BooleanSupplier goesOn;
    private int tried;

    /**
     * A minimiser.
     *
     * @param goesOn asked before every try; what is found by then is the answer
     */
    Minimiser(BooleanSupplier goesOn) {
        this.goesOn = goesOn;
    }

    /** How many worlds it lived. */
    int tried() {
        return tried;
    }

    /** The shortest of the world's like that it finds; itself if none. */
    WorldOptions minimise(WorldReport broken) {
        String why = kind(broken.breaches().getFirst());
        // one that broke at its founding lived no step, and no world is asked for less than one
        WorldOptions shortest = broken.options()
                .shortened(Math.max(1, broken.lived()), broken.options().leftOut());
        if (!breaks(shortest, why)) {
            return broken.options();
        }
        for (int chunk = Math.max(1, shortest.steps() / 2); chunk >= 1; chunk /= 2) {
            boolean less = true;
            while (less && goesOn.getAsBoolean()) {
                less = false;
                List<Integer> left = steps(shortest);
                for (int at = 0; at < left.size() && goesOn.getAsBoolean(); at += chunk) {
                    Set<Integer> without = new HashSet<>(shortest.leftOut());
                    without.addAll(left.subList(at, Math.min(left.size(), at + chunk)));
                    WorldOptions shorter = shortest.shortened(shortest.steps(), without);
                    if (breaks(shorter, why)) {
                        shortest = shorter;
                        less = true;
                    }
                }
                // a pass over single steps is enough once
                less &= chunk > 1;
            }
        }
        return shortest;
    }

    private boolean breaks(WorldOptions options, String why) {
        tried++;
        List<String> breaches = new World(options, false).run().breaches();
        return !breaches.isEmpty() && kind(breaches.getFirst()).equals(why);
    }

    /** A breach without the names and numbers in it. */
    static String kind(String breach) {
        return breach.replaceAll("[0-9a-f]{8,}", "#").replaceAll("[0-9]+", "#");
    }

    /** The steps that happen, in order. */
    static List<Integer> steps(WorldOptions options) {
        List<Integer> steps = new ArrayList<>();
        for (int step = 1; step <= options.steps(); step++) {
            if (!options.leftOut().contains(step)) {
                steps.add(step);
            }
        }
        return steps;
    }
}
