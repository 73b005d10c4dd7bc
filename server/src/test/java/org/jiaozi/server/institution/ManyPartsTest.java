package org.jiaozi.server.institution;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.stream.IntStream;
import org.jiaozi.core.lineage.Lineage;
import org.jiaozi.core.lineage.LineageCodec;
import org.jiaozi.core.message.Outcome;
import org.jiaozi.core.message.RegistryAnswer;
import org.jiaozi.core.message.WalletAnswer;
import org.jiaozi.core.message.WalletRequest;
import org.jiaozi.core.refusal.RefusalCode;
import org.jiaozi.core.value.Amount;
import org.jiaozi.core.value.Limit;
import org.jiaozi.core.value.Range;
import org.jiaozi.server.http.MediaType;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Money of which others had the units paid here and there: its holder is paid all of it, and can read that (spec 07, clause 8). */
final class ManyPartsTest {
    private World world;
    private Relay wire;

    @BeforeEach
    void start(@TempDir Path folder) {
        world = new World(folder);
        wire = new Relay(world.central.address());
        world.start("bank-a", world.central.address());
        world.start("bank-b", wire.address());
        world.fund();
    }

    @AfterEach
    void stop() {
        for (String code : world.banks.keySet()) {
            assertThat(world.operator(code, "/books").required("sum").longValue())
                    .isZero();
        }
        world.close();
        wire.close();
    }

    /** The first {@code units} units with an odd number, as many at a time as a deposit takes. */
    private static void takeOdd(TestWallet rogue, Lineage note, int units) {
        for (int from = 0; from < units; from += Limit.DEPOSIT_INPUTS) {
            Range[] odd = IntStream.range(from, Math.min(units, from + Limit.DEPOSIT_INPUTS))
                    .mapToObj(i -> new Range(2L * i + 1, 2L * i + 2))
                    .toArray(Range[]::new);
            assertThat(rogue.deposit(rogue.depositing(note, TestWallet.noteOutput(note), odd))
                            .credited())
                    .isEqualTo(new Amount(odd.length));
        }
    }

    private static Lineage victims(TestWallet rogue, Lineage note, TestWallet victim, Range all) {
        Lineage paid = rogue.pay(note, TestWallet.noteOutput(note), all, victim.thumbprint(), TestWallet.nonce());
        return victim.depositing(paid, TestWallet.headOutput(paid), all);
    }

    @Test
    void whoHasMorePartsThanAWalletReadsIsCreditedAllOfThem() {
        TestWallet rogue = TestWallet.enrolled(world, "bank-a", 5_000);
        TestWallet bob = TestWallet.enrolled(world, "bank-b", 0);
        Lineage note = rogue.load(4_200);
        takeOdd(rogue, note, 2_049);
        Lineage deposit = victims(rogue, note, bob, new Range(0, 4_200));

        WalletAnswer.Deposited answer = bob.deposit(deposit);

        assertThat(answer.credited()).isEqualTo(new Amount(4_200));
        assertThat(answer.outcomes())
                .containsExactly(
                        new Outcome(0, new Range(0, 2_151), Outcome.Kind.REDEEMED, 0),
                        new Outcome(0, new Range(2_151, 4_200), Outcome.Kind.MADE_WHOLE, 0));
        assertThat(bob.deposit(deposit)).isEqualTo(answer);
        assertThat(bob.balance()).isEqualTo(4_200);
    }

    /** They wait until the central bank is there again, and are then asked about in one request. */
    @Test
    void whatOneAnswerHasNoRoomForIsAskedAboutByItself() {
        TestWallet rogue = TestWallet.enrolled(world, "bank-a", 5_000);
        TestWallet bob = TestWallet.enrolled(world, "bank-b", 0);
        Lineage note = rogue.load(4_200);
        takeOdd(rogue, note, 2_024);
        Range all = new Range(0, 4_048);
        int victims = RegistryAnswer.MOST_OUTCOMES / Outcome.MOST + 2;
        wire.cut();
        for (int i = 0; i < victims; i++) {
            WalletRequest deposit = new WalletRequest.Deposit(LineageCodec.encode(victims(rogue, note, bob, all)));
            assertThat(TestWallet.refused(bob.ask(deposit))).isEqualTo(RefusalCode.UNREACHABLE);
        }
        world.stop("bank-b");
        wire.mend();
        world.start("bank-b", wire.address());

        World.await(
                "all are credited",
                () -> bob.balance() == victims * all.amount().minor());
        assertThat(new String(
                        world.get(World.CENTRAL, "/metrics", MediaType.JSON).body(), StandardCharsets.UTF_8))
                .contains("jiaozi_refusals_total{number=\"" + RefusalCode.ANSWER_FULL.number() + "\"} 2.0");
    }
}
