package org.jiaozi.lab.world;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * How a world went.
 *
 * @param options which world
 * @param profile its policy
 * @param devices how many devices there were
 * @param lived how many steps it lived
 * @param tally what happened in it
 * @param convicted how many keys were convicted
 * @param breaches what does not hold; empty for a sound world
 * @param story what happened in words, if it was kept
 */
public record WorldReport(
        WorldOptions options,
        String profile,
        int devices,
        int lived,
        Tally tally,
        int convicted,
        List<String> breaches,
        Story story) {
    public WorldReport {
        breaches = List.copyOf(breaches);
    }

    /** Whether everything held. */
    public boolean sound() {
        return breaches.isEmpty();
    }

    /** Purse operations so far. */
    public long operations() {
        return tally.of(Tally.Event.PURSE_OPERATION);
    }

    /** The figures, by name. */
    public Map<String, Object> figures() {
        Map<String, Object> figures = new LinkedHashMap<>();
        figures.put("seed", options.seed());
        figures.put("steps", lived);
        figures.put("profile", profile);
        figures.put("devices", devices);
        figures.putAll(tally.figures());
        figures.put("convicted", convicted);
        return figures;
    }
}
