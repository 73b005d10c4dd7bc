package org.jiaozi.bank.registry;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jiaozi.core.message.Outcome;
import org.jiaozi.core.message.RegistryAnswer.Settlement;
import org.jiaozi.core.value.Range;
import org.junit.jupiter.api.Test;

/** A fork of many ways through two culprits, its branches deposited in every order. */
final class ForkOrderTest {
    private static final List<String> DEPOSITS = List.of("d1", "d2", "d3", "d4");

    private record End(Set<String> convicted, List<Range> redeemed, long paid, long owedInAll) {}

    private static End run(List<String> order) {
        Town town = Town.forked();
        long paid = 0;
        for (String deposit : order) {
            Settlement s = town.deposit(deposit.equals("d1") || deposit.equals("d3") ? Town.ONE : Town.TWO, deposit);
            paid += s.outcomes().stream()
                    .filter(o -> o.kind().paid())
                    .mapToLong(o -> o.amount().minor())
                    .sum();
            assertThat(s.outcomes()).as("%s in %s", deposit, order).noneMatch(o -> o.kind() == Outcome.Kind.REFUSED);
        }
        Set<String> convicted = new TreeSet<>();
        long owed = 0;
        for (String purse : List.of("m", "a", "c", "f", "xe", "xg")) {
            var conviction = town.record.conviction(town.key(purse));
            if (conviction.isPresent()) {
                convicted.add(purse);
                owed += conviction.get().owed().minor();
            }
        }
        assertThat(-town.balance("recovery:1") - town.balance("recovery:2")).isEqualTo(owed);
        return new End(convicted, redeemed(town), paid, owed);
    }

    /** Joined where they touch: which deposit got a unit depends on the order, that it is redeemed does not. */
    private static List<Range> redeemed(Town town) {
        List<Range> joined = new ArrayList<>();
        for (var row : town.record.settled(town.lineage("n").notes().getFirst().hash(), new Range(0, 1000))) {
            Range range = row.range();
            if (!joined.isEmpty() && joined.getLast().hi() == range.lo()) {
                range = new Range(joined.removeLast().lo(), range.hi());
            }
            joined.add(range);
        }
        return joined;
    }

    private static List<List<String>> orders(List<String> items) {
        if (items.isEmpty()) {
            return List.of(List.of());
        }
        List<List<String>> all = new ArrayList<>();
        for (String first : items) {
            List<String> rest = new ArrayList<>(items);
            rest.remove(first);
            for (List<String> order : orders(rest)) {
                List<String> longer = new ArrayList<>(List.of(first));
                longer.addAll(order);
                all.add(longer);
            }
        }
        return all;
    }

    @Test
    void convictionsAndRedeemedRangesDoNotDependOnTheOrder() {
        Set<End> ends = orders(DEPOSITS).stream().map(ForkOrderTest::run).collect(Collectors.toSet());
        // everybody honest is paid in full: 300 + 150 + 300 + 200, of which 600 were ever redeemed
        assertThat(ends).containsExactly(new End(Set.of("c", "m"), List.of(new Range(0, 600)), 950, 350));
    }
}
