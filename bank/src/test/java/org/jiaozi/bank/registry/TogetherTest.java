package org.jiaozi.bank.registry;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.jiaozi.core.lineage.LineageCodec;
import org.jiaozi.core.message.BankAnswer;
import org.jiaozi.core.message.BankRequest;
import org.jiaozi.core.message.OwnerChange;
import org.jiaozi.core.value.InstitutionId;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is decided together comes to what it comes to one after the other, answer by answer and row by row. */
final class TogetherTest {
    private record Asked(InstitutionId caller, BankRequest request) {}

    private static Asked deposit(Town town, InstitutionId at, String... names) {
        List<OwnerChange> changes = new ArrayList<>();
        for (String name : names) {
            changes.add(new OwnerChange(LineageCodec.encode(town.lineage(name)), false));
        }
        return new Asked(at, new BankRequest.ChangeOwners(changes));
    }

    private static Asked load(Town town, long value, String load) {
        return new Asked(Town.ONE, new BankRequest.RegisterNote(town.unregistered(Town.ONE, "a", value, load)));
    }

    /** The branches of a fork, some of them twice; a note that comes late; notes of which not all have room. */
    private static List<Asked> story(Town town) {
        // of a note that is on record nowhere yet
        town.hold("late", town.unregistered(Town.TWO, "xh", 700, "late"));
        town.pay("d5", "late", "xh", "b2", 0, 600);
        return List.of(
                deposit(town, Town.ONE, "d1"),
                deposit(town, Town.TWO, "d2"),
                deposit(town, Town.ONE, "d3"),
                deposit(town, Town.TWO, "d4", "d2"),
                deposit(town, Town.ONE, "d1", "d3"),
                deposit(town, Town.TWO, "d5"),
                deposit(town, Town.TWO, "d5"),
                load(town, 2500, "one"),
                load(town, 2500, "two"),
                load(town, 2500, "one"));
    }

    private static List<Asked> shuffled(List<Asked> story, int seed) {
        List<Asked> shuffled = new ArrayList<>(story);
        Collections.shuffle(shuffled, new Random(seed));
        return shuffled;
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16})
    void togetherIsOneAfterTheOther(int seed) {
        Town one = Town.forked();
        List<BankAnswer> answers = new ArrayList<>();
        for (Asked asked : shuffled(story(one), seed)) {
            answers.add(one.ask(asked.caller(), asked.request()));
        }
        Town other = Town.forked();
        List<Registry.Prepared> prepared = shuffled(story(other), seed).stream()
                .map(a -> Registry.prepare(a.caller(), a.request(), other.context()))
                .toList();
        List<Registry.Decision> decisions = Registry.decide(prepared, other.record, other.context());
        assertThat(decisions.stream().map(Registry.Decision::answer).toList())
                .as("seed %d", seed)
                .isEqualTo(answers);
        decisions.forEach(d -> other.record.putAll(d.effects()));
        assertThat(other.record.effects()).as("seed %d", seed).isEqualTo(one.record.effects());
        // and something of all that was at stake has happened
        assertThat(one.record.conviction(one.key("m"))).isPresent();
        assertThat(one.record.conviction(one.key("c"))).isPresent();
        assertThat(answers).anyMatch(BankAnswer.Refused.class::isInstance);
    }
}
