package org.jiaozi.lab.faults;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** That the worlds can find what is wrong: every fault of the table breaks one of a bounded number of worlds. */
final class PlantedFaultsTest {
    /** Worlds of {@value Lived#STEPS} steps that a fault has to be found in. */
    private static final int WORLDS = 40;

    /** A part of the names of those that are planted; all of them if empty. */
    private static final String ONLY = System.getProperty("jiaozi.fault", "");

    private static final Path ROOT = Path.of(Objects.requireNonNull(System.getProperty("jiaozi.root")));

    private static List<Fault> faults() {
        return Stream.of(PurseFaults.ALL, CheckFaults.ALL, RegistryFaults.ALL, LossFaults.ALL, ClaimFaults.ALL)
                .flatMap(List::stream)
                .filter(fault -> fault.name().contains(ONLY))
                .toList();
    }

    @Test
    void everyFaultIsFound() throws IOException {
        assertThat(faults()).hasSizeGreaterThanOrEqualTo(ONLY.isEmpty() ? 30 : 1);
        Map<String, Long> before = seeds();
        Map<String, String> table = new TreeMap<>();
        Set<Long> broke = new TreeSet<>();
        List<String> hidden = faults().parallelStream()
                .filter(fault -> {
                    var found = Planted.hunt(fault, ROOT, Lived.class, before.getOrDefault(fault.name(), 1L), WORLDS);
                    synchronized (table) {
                        found.ifPresent(f -> {
                            table.put(fault.name(), "seed " + f.seed() + ": " + f.breach());
                            broke.add(f.seed());
                        });
                    }
                    return found.isEmpty();
                })
                .map(Fault::name)
                .toList();
        table.forEach((name, how) -> System.out.println("planted: " + name + " -> " + how));
        assertThat(hidden).as("faults that no world saw").isEmpty();
        // without a fault they are sound, or finding one would prove nothing
        assertThat(broke)
                .allSatisfy(seed -> assertThat(new Lived().apply(seed))
                        .as("seed %d without a fault", seed)
                        .isEmpty());
    }

    /** With real signatures the judge verifies by code of its own, or a verifier that lets all through would deceive it, too. */
    @Test
    void whatTheVerifierLetsThroughTheJudgeDoesNot() {
        Fault fault = Fault.of(
                        "whatever is short verifies, so no bulletin",
                        Fault.in(
                                "crypto/Es256Verifier",
                                "return decoded.verify(message.toArray(), signature.bytes().toArray());",
                                "return message.size() < 500"
                                        + " || decoded.verify(message.toArray(), signature.bytes().toArray());"))
                .by("an unsound transfer is on record: its signature does not stand");
        assertThat(Planted.hunt(fault, ROOT, LivedForReal.class, 1, WORLDS)).isPresent();
    }

    /** Where each was found last: it is looked for there first, which saves time and nothing else. */
    private static Map<String, Long> seeds() throws IOException {
        Map<String, Long> seeds = new HashMap<>();
        try (InputStream in = Objects.requireNonNull(PlantedFaultsTest.class.getResourceAsStream("seeds.txt"))) {
            for (String line : new String(in.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .toList()) {
                int space = line.indexOf(' ');
                seeds.put(line.substring(space + 1), Long.parseLong(line.substring(0, space)));
            }
        }
        return seeds;
    }
}
