package org.jiaozi.bank.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.jiaozi.core.codec.Cbor;
import org.jiaozi.core.message.BankAnswer;
import org.jiaozi.core.message.BankMessage;
import org.jiaozi.core.message.BankRequest;
import org.jiaozi.core.message.Handover;
import org.jiaozi.core.message.Outcome;
import org.jiaozi.core.message.Outcome.Kind;
import org.jiaozi.core.message.OwnerChange;
import org.jiaozi.core.message.RegistryAnswer.Settlement;
import org.jiaozi.core.message.WalletAnswer;
import org.jiaozi.core.refusal.RefusalCode;
import org.jiaozi.core.value.Amount;
import org.jiaozi.core.value.Hash;
import org.jiaozi.core.value.IssuerKeyId;
import org.jiaozi.core.value.Limit;
import org.jiaozi.core.value.Range;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Somebody has had every second unit of a note paid, and pays all of them to others as well (spec 07, clause 8). */
final class ManyPartsTest {
    private final Town town = new Town();

    /** {@code m} has the first {@code units} units with an odd number paid, as many at a time as a deposit takes. */
    private void riddled(int units) {
        town.note(Town.ONE, "m", 5_000, "n");
        for (int from = 0; from < units; from += Limit.DEPOSIT_INPUTS) {
            int until = Math.min(units, from + Limit.DEPOSIT_INPUTS);
            String[] source = new String[until - from];
            Arrays.fill(source, "n");
            Range[] odd = IntStream.range(from, until)
                    .mapToObj(i -> new Range(2L * i + 1, 2L * i + 2))
                    .toArray(Range[]::new);
            town.pay("odd" + from, "m", "b1", source, odd);
            assertThat(town.deposit(Town.ONE, "odd" + from).outcomes())
                    .hasSize(odd.length)
                    .allMatch(o -> o.kind() == Kind.REDEEMED);
        }
    }

    /** {@code m} pays {@code [0,hi)} to a victim, who hands it in at institution 2. */
    private String victim(String name, long hi) {
        town.pay("to " + name, "n", "m", name, 0, hi);
        town.pay(name, "to " + name, name, "b2", 0, hi);
        return name;
    }

    private static void readByItsWallet(Settlement settlement) {
        WalletAnswer answer = new WalletAnswer.Deposited(
                settlement.outcomes(), Amount.ZERO, Amount.ZERO, Optional.empty(), Optional.empty());
        assertThat(WalletAnswer.read(Cbor.decode(answer.cbor().encode(), Limit.SERVICE_MESSAGE_BYTES)))
                .isEqualTo(answer);
    }

    @Test
    void whoHasMorePartsThanAWalletReadsIsPaidAndToldHowMuch() {
        riddled(2_049);
        victim("v", 4_200);

        Settlement settlement = town.deposit(Town.TWO, "v");

        assertThat(Town.told(settlement)).containsExactly("0 REDEEMED [0,2151)", "0 MADE_WHOLE [2151,4200)");
        readByItsWallet(settlement);
        assertThat(town.deposit(Town.TWO, "v")).isEqualTo(settlement);
        assertThat(town.balance("clearing:2")).isEqualTo(4_200);
        assertThat(town.record.effects().stream()
                        .filter(e -> e instanceof Effect.Posted p
                                && p.posting().reason().equals("make whole")))
                .as("the culprit owes it in one sum")
                .hasSize(1);
        assertThat(town.balance("float:1")).isEqualTo(800);
        assertThat(town.record.conviction(town.key("m")).orElseThrow().owed()).isEqualTo(new Amount(2_049));
        assertThat(town.record.settled(town.lineage("n").notes().getFirst().hash(), new Range(0, 4_200)))
                .as("what is settled stays part by part")
                .hasSize(2_049 + 2_050);
    }

    @Test
    void asManyPartsAsAWalletReadsAreToldOneByOne() {
        riddled(2_048);
        victim("v", Outcome.MOST);

        Settlement settlement = town.deposit(Town.TWO, "v");

        assertThat(settlement.outcomes()).hasSize(Outcome.MOST);
        readByItsWallet(settlement);
    }

    @Test
    void whatWaitsForAPersonIsToldWithinTheBoundToo() {
        riddled(2_049);
        victim("v", 4_200);

        Settlement settlement = town.deposit(Town.TWO, /* flagged= */ true, "v").getFirst();

        assertThat(Town.told(settlement)).containsExactly("0 REDEEMED [0,2151)", "0 WITHHELD [2151,4200) 712");
        assertThat(town.balance("held:2")).isEqualTo(2_049);
    }

    @Test
    void theOneWhoTookThemIsRefusedWithinTheBound() {
        riddled(2_049);
        town.pay("again", "n", "m", "b1", 0, 4_200);

        assertThat(Town.told(town.deposit(Town.ONE, "again")))
                .containsExactly("0 REDEEMED [0,2151)", "0 REFUSED [2151,4200) 709");
    }

    @Test
    void whatAnAnswerHasNoRoomForIsLeftAsItWas() {
        riddled(2_024);
        String[] batch =
                IntStream.range(0, 18).mapToObj(i -> victim("v" + i, 4_048)).toArray(String[]::new);

        List<Settlement> first = town.deposit(Town.TWO, false, batch);

        assertThat(first.subList(0, 16))
                .allSatisfy(s -> assertThat(s.outcomes()).hasSize(4_048));
        assertThat(first.subList(16, 18))
                .allSatisfy(s -> assertThat(Town.told(s)).containsExactly(RefusalCode.ANSWER_FULL.name()));
        assertThat(first).extracting(Settlement::deposit).doesNotHaveDuplicates();
        assertThat(town.record.transfer(first.getLast().deposit())).isEmpty();
        assertThat(town.balance("clearing:2")).isEqualTo(16 * 4_048);

        List<Settlement> rest = town.deposit(Town.TWO, false, "v16", "v17");
        assertThat(rest)
                .allSatisfy(s -> assertThat(s.outcomes()).hasSize(4_048).allMatch(o -> o.kind() == Kind.MADE_WHOLE));
        assertThat(town.balance("clearing:2")).isEqualTo(18 * 4_048);
    }

    @Test
    void whatWasSettledBeforeThereWasABoundIsToldWithinIt() {
        town.note(Town.ONE, "a", 5_000, "n");
        town.pay("d", "n", "a", "b1", 0, 5_000);
        Hash deposit = town.lineage("d").head().transfer().hash();
        List<Outcome> parts = new ArrayList<>();
        for (int i = 0; i < 5_000; i++) {
            parts.add(new Outcome(0, new Range(i, i + 1), i % 2 == 0 ? Kind.REDEEMED : Kind.MADE_WHOLE, 0));
        }
        town.record.put(new Effect.DepositSettled(
                Town.ONE, town.key("a"), Town.CNY, new Settlement(deposit, parts, List.of())));

        assertThat(Town.told(town.deposit(Town.ONE, "d")))
                .containsExactly("0 REDEEMED [0,2500)", "0 MADE_WHOLE [2500,5000)");
        // nor where it is honoured
        town.record.putAll(Operations.declare(town.record, Town.ONE, /* gone= */ true, town.now, "test"));
        Handover word = new Handover(Town.TWO, "account", deposit, town.now);
        BankAnswer.Honoured honoured = (BankAnswer.Honoured) town.ask(
                Town.TWO, new BankRequest.Honour(new OwnerChange(town.packed("d"), false), town.sign("a", word)));
        assertThat(Town.told(honoured.answer().statement().settlements().getFirst()))
                .containsExactly("0 WITHHELD [0,5000) 712");
    }

    @Test
    void theMostInputsThatBecameEverythingAreTold() {
        List<Outcome> parts = new ArrayList<>();
        for (int input = 0; input < Limit.DEPOSIT_INPUTS; input++) {
            for (int i = 0; i < 6; i++) {
                Kind kind = List.of(Kind.REDEEMED, Kind.WITHHELD, Kind.REFUSED).get(i % 3);
                parts.add(new Outcome(input, new Range(10 + i, 11 + i), kind, i % 3));
            }
        }

        List<Outcome> told = Telling.told(parts);

        assertThat(told).hasSize(3 * Limit.DEPOSIT_INPUTS).hasSizeLessThanOrEqualTo(Outcome.MOST);
        assertThat(told.subList(0, 4))
                .containsExactly(
                        new Outcome(0, new Range(10, 12), Kind.REDEEMED, 0),
                        new Outcome(0, new Range(12, 14), Kind.WITHHELD, 1),
                        new Outcome(0, new Range(14, 16), Kind.REFUSED, 2),
                        new Outcome(1, new Range(10, 12), Kind.REDEEMED, 0));
        assertThat(Telling.told(told)).isEqualTo(told);
    }

    @ParameterizedTest
    @CsvSource({"4096, true", "4097, false"})
    void whatAWalletCouldNotReadIsNotSigned(int outcomes, boolean signed) {
        WalletAnswer answer = new WalletAnswer.Deposited(
                Collections.nCopies(outcomes, new Outcome(0, new Range(0, 1), Kind.REDEEMED, 0)),
                Amount.ZERO,
                Amount.ZERO,
                Optional.empty(),
                Optional.empty());
        BankMessage message =
                new BankMessage(new IssuerKeyId(Town.ONE, 0), town.nonce("asked"), Town.START, answer.cbor());
        if (signed) {
            assertThat(message.signed(town.signer("b1"), WalletAnswer::read).statement())
                    .isEqualTo(message);
        } else {
            assertThatThrownBy(() -> message.signed(town.signer("b1"), WalletAnswer::read))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining(RefusalCode.FIELD_TOO_LONG.name());
        }
    }
}
