package org.jiaozi.lab.world;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jiaozi.core.value.Bytes;
import org.junit.jupiter.api.Test;

/** The auditor sees what is wrong: each fact of a sound world, altered, is a breach. */
final class WorldAuditorTest {
    private static final WorldFacts SOUND = soundWithConviction();

    private static WorldFacts soundWithConviction() {
        for (long seed = 1; seed < 50; seed++) {
            WorldReport report = new World(seed, 200, false).run();
            if (report.breaches().isEmpty() && !report.facts().convictions().isEmpty()) {
                return report.facts();
            }
        }
        throw new IllegalStateException("no world of these convicts anybody");
    }

    @Test
    void aSoundWorldHasNoBreach() {
        assertThat(WorldAuditor.breaches(SOUND)).isEmpty();
    }

    @Test
    void aUnitSettledTwiceIsSeen() {
        List<WorldFacts.Settled> rows = new ArrayList<>(SOUND.settled());
        WorldFacts.Settled first = rows.getFirst();
        rows.add(new WorldFacts.Settled(first.note(), first.lo(), first.lo() + 1, first.kind()));
        assertThat(breaches(rows, SOUND.convictions(), SOUND.postings(), SOUND.honestKeys()))
                .anyMatch(b -> b.contains("settled twice"))
                .anyMatch(b -> b.contains("are outstanding"));
    }

    @Test
    void aUnitThatWasHandedInAndNotSettledIsSeen() {
        List<WorldFacts.Settled> rows = new ArrayList<>(SOUND.settled());
        rows.removeLast();
        assertThat(breaches(rows, SOUND.convictions(), SOUND.postings(), SOUND.honestKeys()))
                .anyMatch(b -> b.contains("was handed in"));
    }

    @Test
    void moneyFromNowhereIsSeen() {
        List<WorldFacts.Moved> postings = new ArrayList<>(SOUND.postings());
        postings.add(new WorldFacts.Moved("reserve:1", "float:1", "CNY", 1, "issue"));
        assertThat(breaches(SOUND.settled(), SOUND.convictions(), postings, SOUND.honestKeys()))
                .anyMatch(b -> b.startsWith("float:1 stands at"));
    }

    @Test
    void aCulpritWhoGetsAwayIsSeen() {
        List<WorldFacts.Convicted> fewer = new ArrayList<>(SOUND.convictions());
        fewer.removeLast();
        assertThat(breaches(SOUND.settled(), fewer, SOUND.postings(), SOUND.honestKeys()))
                .anyMatch(b -> b.startsWith("convicted are"));
    }

    @Test
    void evidenceWhoseBytesDoNotConvictIsSeen() {
        WorldFacts.Convicted c = SOUND.convictions().getFirst();
        byte[] file = c.file().toArray();
        file[file.length / 4] ^= 1;
        List<WorldFacts.Convicted> bent = new ArrayList<>(SOUND.convictions());
        bent.set(0, new WorldFacts.Convicted(c.culprit(), Bytes.of(file), c.owed(), 0, 0, 0));
        assertThat(breaches(SOUND.settled(), bent, SOUND.postings(), SOUND.honestKeys()))
                .anyMatch(b -> b.contains("convicts nobody") || b.contains("names") || b.contains("cannot be read"));
    }

    @Test
    void anHonestConvictIsSeen() {
        Set<String> honest = Set.of(SOUND.convictions().getFirst().culprit());
        assertThat(breaches(SOUND.settled(), SOUND.convictions(), SOUND.postings(), honest))
                .anyMatch(b -> b.startsWith("an honest purse is convicted"));
    }

    private static List<String> breaches(
            List<WorldFacts.Settled> settled,
            List<WorldFacts.Convicted> convictions,
            List<WorldFacts.Moved> postings,
            Set<String> honestKeys) {
        return WorldAuditor.breaches(new WorldFacts(
                SOUND.check(),
                SOUND.rootKey(),
                SOUND.registryKey(),
                SOUND.bulletin(),
                SOUND.notes(),
                SOUND.filings(),
                settled,
                convictions,
                postings,
                honestKeys,
                SOUND.honestSigned(),
                SOUND.honestHolding(),
                SOUND.honestUnanswered()));
    }
}
