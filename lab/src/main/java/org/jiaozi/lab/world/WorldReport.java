package org.jiaozi.lab.world;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * How a world went.
 *
 * @param seed which world
 * @param steps how long it was
 * @param tally what happened in it
 * @param facts what it left
 * @param breaches what does not hold; empty for a sound world
 */
public record WorldReport(long seed, int steps, Tally tally, WorldFacts facts, List<String> breaches) {
    public WorldReport {
        breaches = List.copyOf(breaches);
    }

    /** The figures, by name. */
    public Map<String, Object> figures() {
        Map<String, Object> figures = new LinkedHashMap<>();
        figures.put("seed", seed);
        figures.put("steps", steps);
        figures.put("payments", tally.payments);
        figures.put("deposits", tally.deposits);
        figures.put("filings", facts.filings().size());
        figures.put("tears", tally.tears);
        figures.put("duplicates", tally.duplicates);
        figures.put("refunds", tally.denials);
        figures.put("hostileReplays", tally.hostile);
        figures.put("copies", tally.clones);
        figures.put("convicted", facts.convictions().size());
        figures.put("mostHops", facts.mostHops());
        return figures;
    }
}
