package org.jiaozi.server.institution;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** The moments that each errand was seen to pass and that it was killed at, and whether these are all that they should be. */
final class KilledMoments {
    /** So many there must be at the very least: fewer, and the test kills beside the point. */
    record Least(int moments, int kills) {}

    private final Map<String, Set<String>> counted = new TreeMap<>();
    /** For each errand the moments that were killed at together, one kill after the other. */
    private final Map<String, List<List<String>>> lives = new TreeMap<>();

    private final Map<String, Throwable> failures = new TreeMap<>();
    private int kills;

    synchronized void counted(String errand, Set<String> moments) {
        counted.put(errand, moments);
        System.out.println(errand + ": " + moments.size() + " moments counted");
    }

    /** How many of one errand were counted. */
    synchronized int counted(String errand) {
        return counted.getOrDefault(errand, Set.of()).size();
    }

    synchronized void died(String errand, List<String> at) {
        lives.computeIfAbsent(errand, n -> new ArrayList<>()).add(at);
    }

    synchronized void failed(String errand, Throwable why) {
        failures.put(errand + ", killed at " + lives.getOrDefault(errand, List.of()), why);
    }

    synchronized void killed() {
        kills++;
    }

    synchronized boolean failing() {
        return !failures.isEmpty();
    }

    /** Fails where an errand failed, or one of {@code errands} did not come to its end, or too little was killed. */
    synchronized void judge(
            Collection<String> errands, Least least, List<KilledCoverage> coverage, Collection<String> faults) {
        Map<String, Set<String>> died = new TreeMap<>();
        lives.forEach((name, each) ->
                died.put(name, each.stream().flatMap(List::stream).collect(Collectors.toCollection(TreeSet::new))));
        int moments = died.values().stream().mapToInt(Set::size).sum();
        Set<String> everywhere = died.values().stream().flatMap(Set::stream).collect(Collectors.toSet());
        Map<String, Set<String>> missed = missed(died, everywhere);
        System.out.println(counted.size() + " errands, killed at " + moments + " moments, " + everywhere.size()
                + " different ones, by " + kills + " kills");
        List<String> gaps =
                coverage.stream().flatMap(c -> c.gaps(everywhere).stream()).toList();
        gaps.forEach(gap -> System.out.println("gap: " + gap));
        faults.forEach(fault -> System.out.println("fault: " + fault));
        failures.forEach((errand, why) -> {
            throw new AssertionError(errand, why);
        });
        assertThat(counted.keySet()).as("errands that were counted").containsExactlyInAnyOrderElementsOf(errands);
        assertThat(missed).as("moments that nothing was killed at").isEmpty();
        assertThat(gaps).as("steps that nothing was killed at").isEmpty();
        assertThat(faults).as("what went wrong and was nobody's death").isEmpty();
        assertThat(moments).as("moments").isGreaterThanOrEqualTo(least.moments());
        assertThat(kills).as("kills").isGreaterThanOrEqualTo(least.kills());
    }

    private Map<String, Set<String>> missed(Map<String, Set<String>> died, Set<String> everywhere) {
        Map<String, Set<String>> missed = new TreeMap<>();
        counted.forEach((name, moments) -> {
            Set<String> at = died.getOrDefault(name, Set.of());
            System.out.println(name + ": killed at " + at.size() + " moments, counted " + moments.size());
            for (String moment : moments) {
                if (!at.contains(moment)) {
                    System.out.println("  not met again: " + moment);
                    if (!everywhere.contains(moment)
                            && at.stream().noneMatch(k -> anyway(k).equals(anyway(moment)))) {
                        missed.computeIfAbsent(name, k -> new TreeSet<>()).add(moment);
                    }
                }
            }
        });
        return missed;
    }

    /** A debt is collected by whoever comes to it first, and after a kill that is the round in the background. */
    private static String anyway(String moment) {
        return moment.replaceFirst("[^ ]+>(DebtCollector[.]collect:)", "$1");
    }
}
