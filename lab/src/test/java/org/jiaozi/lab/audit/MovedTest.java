package org.jiaozi.lab.audit;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.jiaozi.core.value.Bytes;
import org.junit.jupiter.api.Test;

/** Whoever moves something twice is found as by comparing all with all, and nobody else is. */
final class MovedTest {
    private static final int TRIES = 20_000;

    private static RawTransfer transfer(int number, List<RawTransfer.Input> inputs) {
        return new RawTransfer(
                "hash " + number,
                "signer",
                "payee",
                "nonce",
                number,
                inputs,
                new RawStatement("transfer", Bytes.EMPTY, Bytes.EMPTY, Bytes.EMPTY));
    }

    private static List<RawTransfer> transfers(Random random) {
        List<RawTransfer> all = new ArrayList<>();
        for (int t = random.nextInt(5); t >= 0; t--) {
            List<RawTransfer.Input> inputs = new ArrayList<>();
            for (int i = random.nextInt(3); i >= 0; i--) {
                long lo = random.nextInt(40);
                inputs.add(new RawTransfer.Input("parent", 0, lo, lo + 1 + random.nextInt(12)));
            }
            all.add(transfer(t, inputs));
        }
        return all;
    }

    @Test
    void overlapsAreFoundAsByComparingAll() {
        int overlapping = 0;
        for (int seed = 0; seed < TRIES; seed++) {
            List<RawTransfer> all = transfers(new Random(seed));
            List<Moved> moved = new ArrayList<>();
            all.forEach(t -> t.inputs().forEach(i -> moved.add(new Moved(i.lo(), i.hi(), t))));
            Set<String> told = new HashSet<>();
            Moved.overlapping(moved, (one, other) -> {
                assertThat(one.contradicts(other)).as("%s and %s", one, other).isPresent();
                told.add(one.hash());
                told.add(other.hash());
            });
            boolean due = all.stream()
                    .anyMatch(one ->
                            all.stream().anyMatch(other -> one.overlap(other).isPresent()));
            assertThat(!told.isEmpty()).as("seed %s: %s", seed, all).isEqualTo(due);
            overlapping += due ? 1 : 0;
        }
        assertThat(overlapping).isBetween(TRIES / 10, TRIES * 9 / 10);
    }
}
