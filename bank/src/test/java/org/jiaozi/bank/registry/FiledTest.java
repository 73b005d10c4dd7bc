package org.jiaozi.bank.registry;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.jiaozi.core.lineage.Lineage;
import org.jiaozi.core.message.BankRequest;
import org.jiaozi.core.statement.SliceRef;
import org.jiaozi.core.statement.TransferInput;
import org.jiaozi.core.value.Range;
import org.junit.jupiter.api.Test;

/** What earlier steps of a decision, or earlier decisions, have put on record is found by later ones, all of it and once. */
final class FiledTest {
    private static TransferInput all(Lineage of) {
        return new TransferInput(new SliceRef(of.notes().getFirst().hash(), 0), new Range(0, 1000));
    }

    @Test
    void whoTakesWhatAnyEarlierTransferOfTheOutputTookIsConvicted() {
        Town town = new Town();
        town.note(Town.ONE, "m", 1000, "n");
        town.pay("one", "n", "m", "a", 0, 100);
        town.pay("two", "n", "m", "a", 100, 300);
        town.pay("three", "n", "m", "a", 300, 400);
        town.pay("rival", "n", "m", "xe", 250, 350);
        for (String paid : List.of("one", "two", "three")) {
            town.deposit(Town.ONE, deposited(town, paid, "a", "b1"));
        }
        assertThat(town.record.conviction(town.key("m"))).isEmpty();
        town.deposit(Town.TWO, deposited(town, "rival", "xe", "b2"));
        assertThat(town.record.conviction(town.key("m"))).isPresent();
        assertThat(town.record.spending(all(town.lineage("n")))).hasSize(4);
    }

    @Test
    void aTransferOfTwoRangesOfOneOutputIsFoundOnce() {
        Town town = new Town();
        town.note(Town.ONE, "m", 1000, "n");
        town.pay("both", "m", "a", new String[] {"n", "n"}, new Range(0, 10), new Range(20, 30));
        Lineage paid = town.lineage("both");
        town.deposit(Town.ONE, deposited(town, "both", "a", "b1"));
        assertThat(town.record.spending(all(paid))).hasSize(1);
        // whoever is asked about again is found as often as before
        for (int time = 0; time < 2; time++) {
            assertThat(town.record.paidTo(town.key("a"))).hasSize(1);
            assertThat(town.record.answering(town.key("a"), town.nonce("both"))).hasSize(1);
        }
    }

    @Test
    void whomTransfersPayIsFoundAlsoWhereMoreCameSinceItWasAsked() {
        Town town = new Town();
        town.note(Town.ONE, "m", 1000, "n");
        for (int paid = 1; paid <= 3; paid++) {
            String name = "p" + paid;
            town.pay(name, "n", "m", "a", 100L * paid, 100L * paid + 10);
            Draft above = Draft.over(town.record);
            above.putAll(Registry.decide(
                            Registry.prepare(
                                    Town.ONE, new BankRequest.PutOnRecord(List.of(town.packed(name))), town.context()),
                            above,
                            town.context())
                    .effects());
            assertThat(above.paidTo(town.key("a"))).hasSize(paid);
            town.record.putAll(above.effects());
            assertThat(town.record.paidTo(town.key("a"))).hasSize(paid);
        }
    }

    /** The name of a deposit of the first range of what was paid. */
    private static String deposited(Town town, String paid, String payee, String institution) {
        Range range = town.lineage(paid)
                .head()
                .transfer()
                .statement()
                .inputs()
                .getFirst()
                .range();
        town.pay("d" + paid, paid, payee, institution, range.lo(), range.hi());
        return "d" + paid;
    }
}
