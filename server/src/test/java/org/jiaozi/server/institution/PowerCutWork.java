package org.jiaozi.server.institution;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.IntPredicate;
import java.util.function.IntSupplier;
import java.util.function.Supplier;

/**
 * What customers and operators ask until the power goes, several of them at once, and what they ask again after that: where one
 * saw an answer he gets the same, where he saw none it is done once.
 */
final class PowerCutWork {
    private static final int ROUNDS = 2;
    private static final int AT_ONCE = 5;

    /** Something that was asked for, between two signs; the later one where the answer was seen. */
    private static final class Question {
        private final Asked asked;
        private final int begun;
        private volatile int told = Integer.MAX_VALUE;
        private volatile Object answer = "none";

        Question(Asked asked, int begun) {
            this.asked = asked;
            this.begun = begun;
        }
    }

    private final DurableWork work;
    private final IntSupplier sign;
    private final List<Question> all = new CopyOnWriteArrayList<>();

    /** Enrols who will ask. */
    PowerCutWork(World world, IntSupplier sign) {
        this.work = new DurableWork(world, ROUNDS, ROUNDS, ROUNDS);
        this.sign = sign;
    }

    /** Has all of them ask; halfway {@code between} is done. */
    void run(Runnable between) {
        List<Supplier<Asked>> kinds = List.copyOf(work.kinds().values());
        List<Killed.Errand> lanes = new ArrayList<>();
        for (int lane = 0; lane < AT_ONCE; lane++) {
            int first = lane;
            lanes.add(() -> {
                for (int round = 0; round < ROUNDS; round++) {
                    if (first == 0 && round == ROUNDS / 2) {
                        between.run();
                    }
                    for (int kind = first; kind < kinds.size(); kind += AT_ONCE) {
                        ask(kinds.get(kind).get());
                    }
                }
            });
        }
        Killed.together(lanes);
    }

    private void ask(Asked asked) {
        Question one = new Question(asked, sign.getAsInt());
        all.add(one);
        one.answer = asked.insist();
        one.told = sign.getAsInt();
    }

    /**
     * What was asked again.
     *
     * @param told so many had seen an answer before
     * @param open so many had seen none
     * @param due what must be the case once all is settled
     */
    record Again(int told, int open, Asked.Due due) {}

    /**
     * Everybody who had asked before the power went asks again.
     *
     * @param before whether a sign was given before it went
     * @param books what must be in them then
     */
    Again again(IntPredicate before, KilledBooks books) {
        Asked.Due due = work.due(books);
        List<Question> asked = all.stream().filter(a -> before.test(a.begun)).toList();
        int told = 0;
        // whoever is still waiting asks before those who came earlier
        for (Question each : asked.reversed()) {
            boolean seen = before.test(each.told);
            told += seen ? 1 : 0;
            try {
                assertThat(!seen || each.asked.there().getAsBoolean()).isTrue();
                Object answer = each.asked.insist();
                if (seen) {
                    assertThat(answer).isEqualTo(each.answer);
                }
                assertThat(each.asked.insist()).as("once more").isEqualTo(answer);
            } catch (AssertionError | RuntimeException e) {
                throw new AssertionError(each.asked.what() + (seen ? ", whose answer was seen" : ", under way"), e);
            }
            each.asked.leaves().accept(due);
        }
        return new Again(told, asked.size() - told, due);
    }
}
