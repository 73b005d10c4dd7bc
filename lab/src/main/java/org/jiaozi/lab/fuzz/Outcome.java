package org.jiaozi.lab.fuzz;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a run of Jazzer came to.
 *
 * @param name the target's or family's
 * @param executions inputs that were tried
 * @param seconds how long it tried
 * @param edges edges of the instrumented code that some input reached
 * @param features edges with how often, and comparisons: what guides the search
 * @param fresh inputs that reached something no earlier one had
 * @param findings faults, none if all is well
 * @param failure why it did not run to its end, apart from a finding
 */
public record Outcome(
        String name,
        long executions,
        long seconds,
        long edges,
        long features,
        long fresh,
        List<Found> findings,
        Optional<String> failure) {
    /**
     * A fault.
     *
     * @param target whose reader has it
     * @param input the reproducer
     * @param what the exception, in one line
     */
    public record Found(String target, Path input, String what) {
        /** The command that runs the reproducer once more. */
        public String replay() {
            return "./jiaozi lab fuzz --target " + target + " --replay " + input.toAbsolutePath();
        }
    }

    public boolean sound() {
        return findings.isEmpty() && failure.isEmpty();
    }

    public long perSecond() {
        return executions / Math.max(1, seconds);
    }

    /** One line for a person. */
    public String line() {
        return String.format(
                java.util.Locale.ROOT,
                "%-16s %,11d inputs, %,8d a second, %,6d edges, %,7d features, %,6d new inputs",
                name,
                executions,
                perSecond(),
                edges,
                features,
                fresh);
    }

    /** The same for a program. */
    public Map<String, Object> figures() {
        Map<String, Object> figures = new LinkedHashMap<>();
        figures.put("name", name);
        figures.put("executions", executions);
        figures.put("perSecond", perSecond());
        figures.put("edges", edges);
        figures.put("features", features);
        figures.put("newInputs", fresh);
        figures.put(
                "findings",
                findings.stream()
                        .map(f -> Map.of(
                                "target",
                                f.target(),
                                "input",
                                f.input().toString(),
                                "what",
                                f.what(),
                                "replay",
                                f.replay()))
                        .toList());
        failure.ifPresent(why -> figures.put("failure", why));
        return figures;
    }
}
