package org.jiaozi.wallet;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Set;
import org.jiaozi.core.lineage.Slice;
import org.jiaozi.core.refusal.RefusalCode;
import org.jiaozi.core.statement.Signed;
import org.jiaozi.core.statement.SliceRef;
import org.jiaozi.core.statement.Transfer;
import org.jiaozi.core.statement.TransferInput;
import org.jiaozi.core.tap.PayerTap.SentPayment;
import org.jiaozi.core.tap.TapMessage;
import org.jiaozi.core.tap.TapMessage.RequestMessage;
import org.jiaozi.core.value.Amount;
import org.jiaozi.core.value.Hash;
import org.jiaozi.core.value.Range;
import org.jiaozi.core.value.Thumbprint;
import org.jiaozi.wallet.World.Device;
import org.jiaozi.wallet.host.Paying;
import org.jiaozi.wallet.purse.PurseAnswer;
import org.jiaozi.wallet.purse.PurseCommand;
import org.jiaozi.wallet.purse.PurseState;
import org.jiaozi.wallet.purse.PurseStep;
import org.jiaozi.wallet.purse.SoftwarePurse;
import org.junit.jupiter.api.Test;

/** The purse by itself, told things by a host that it need not believe (spec 06, clauses 10 and 11). */
final class PurseTest {
    private final World world = new World(7);
    private final Device a = world.device("a", 2);
    private final Device b = world.device("b", 1);

    private PurseStep step(Device device, PurseCommand command) {
        return SoftwarePurse.step(
                device.state.purse(), command, device.context().purse(device.state));
    }

    private static RefusalCode refused(PurseStep step) {
        return switch (step) {
            case PurseStep.Refused r -> r.refusal().code();
            case PurseStep.Done d -> throw new AssertionError("done: " + d.answer());
        };
    }

    private static PurseStep.Done done(PurseStep step) {
        return switch (step) {
            case PurseStep.Done d -> d;
            case PurseStep.Refused r -> throw new AssertionError(r.refusal().toString());
        };
    }

    private RequestMessage request(Device payee, long amount) {
        return (RequestMessage) TapMessage.decode(payee.ask(amount));
    }

    private static TransferInput input(Slice slice, long lo, long hi) {
        return new TransferInput(slice.source(), new Range(lo, hi));
    }

    /** A used key that nobody remembers would be taken for a new one, and sign under its first numbers again. */
    @Test
    void theNewestKeyIsNeverForgotten() {
        World own = new World(9);
        World.Device device = own.device("k", 2);
        Thumbprint older = device.key(0);
        Thumbprint newest = device.key(1);
        device.command(new PurseCommand.RetireKeys(Set.of(older, newest)));
        assertThat(device.state.purse().pseudonym(older)).isEmpty();
        assertThat(device.state.purse().pseudonym(newest)).isPresent();
        device.command(new PurseCommand.AddKeys(List.of(device.newKey("k-2"))));
        device.command(new PurseCommand.RetireKeys(Set.of(newest)));
        assertThat(device.state.purse().pseudonym(newest)).isEmpty();
    }

    @Test
    void aHostThatAsksTwiceGetsTheSameTransferAndTheSameBytes() {
        a.load(500);
        RequestMessage request = request(b, 100);
        Slice slice = a.state.purse().slices().values().iterator().next();
        PurseCommand pay = new PurseCommand.Pay(request, a.key(0), List.of(input(slice, 0, 100)));
        PurseStep.Done first = done(step(a, pay));
        a.state = a.state.with(first.state());
        PurseStep.Done second = done(step(a, pay));
        assertThat(second.state()).isEqualTo(first.state());
        assertThat(((PurseAnswer.Moved) second.answer()).transfer().signature())
                .isEqualTo(((PurseAnswer.Moved) first.answer()).transfer().signature());
        b.load(500);
        RequestMessage other = request(a, 50);
        SentPayment sent = b.done(Paying.pay(b.state, other, b.context()));
        assertThat(b.done(Paying.pay(b.state, other, b.context())).message()).isEqualTo(sent.message());
        assertThat(b.balance()).isEqualTo(450);
    }

    @Test
    void pointersOnlyMoveUp() {
        a.load(500);
        a.load(1, 500);
        Slice slice = a.state.purse().slices().values().stream()
                .filter(s -> s.holder().equals(a.key(0)))
                .findFirst()
                .orElseThrow();
        RequestMessage request = request(b, 100);
        record Case(List<TransferInput> inputs, RefusalCode expected) {}
        SliceRef strange = new SliceRef(Hash.of(new byte[Hash.SIZE]), 0);
        List<Case> cases = List.of(
                new Case(List.of(input(slice, 50, 150)), RefusalCode.RANGE_OUTSIDE_PARENT),
                new Case(List.of(input(slice, 0, 501)), RefusalCode.RANGE_OUTSIDE_PARENT),
                new Case(List.of(input(slice, 0, 99)), RefusalCode.AMOUNT_MISMATCH),
                new Case(List.of(input(slice, 0, 50), input(slice, 0, 50)), RefusalCode.INPUTS_OVERLAP),
                new Case(List.of(new TransferInput(strange, new Range(0, 100))), RefusalCode.UNKNOWN_PARENT));
        for (Case c : cases) {
            assertThat(refused(step(a, new PurseCommand.Pay(request, a.key(0), c.inputs()))))
                    .isEqualTo(c.expected());
        }
        assertThat(refused(step(a, new PurseCommand.Pay(request, a.key(1), List.of(input(slice, 0, 100))))))
                .isEqualTo(RefusalCode.WRONG_HOLDER);
    }

    @Test
    void aNonceIsCreditedOnceAndWhatItWasToldIsToldAgain() {
        a.load(500);
        RequestMessage request = request(b, 100);
        Slice slice = a.state.purse().slices().values().iterator().next();
        PurseAnswer.Moved moved = (PurseAnswer.Moved) done(step(
                        a, new PurseCommand.Pay(request, a.key(0), List.of(input(slice, 0, 100)))))
                .answer();
        PurseCommand credit = new PurseCommand.Credit(moved.transfer(), List.of(slice));
        PurseStep.Done first = done(step(b, credit));
        b.state = b.state.with(first.state());
        assertThat(b.balance()).isEqualTo(100);
        PurseStep.Done again = done(step(b, credit));
        assertThat(again.state()).isEqualTo(first.state());
        assertThat(again.answer()).isEqualTo(first.answer());
        PurseAnswer.Closed closed = (PurseAnswer.Closed) done(step(
                        b, new PurseCommand.Close(request.request().statement().nonce())))
                .answer();
        assertThat(closed.nonReceipt().statement().denies(moved.transfer().hash()))
                .isFalse();
        Slice credited = b.state.purse().slices().values().iterator().next();
        assertThat(credited.source()).isEqualTo(new SliceRef(moved.transfer().hash(), 0));
        assertThat(credited.holder()).isEqualTo(b.key(0));
    }

    @Test
    void aClosedNonceIsNeverCredited() {
        a.load(500);
        RequestMessage request = request(b, 100);
        Slice slice = a.state.purse().slices().values().iterator().next();
        PurseAnswer.Moved moved = (PurseAnswer.Moved) done(step(
                        a, new PurseCommand.Pay(request, a.key(0), List.of(input(slice, 0, 100)))))
                .answer();
        b.command(new PurseCommand.Close(request.request().statement().nonce()));
        assertThat(refused(step(b, new PurseCommand.Credit(moved.transfer(), List.of(slice)))))
                .isEqualTo(RefusalCode.NONCE_CONSUMED);
        assertThat(refused(step(a, new PurseCommand.Credit(moved.transfer(), List.of(slice)))))
                .isEqualTo(RefusalCode.WRONG_REQUEST);
    }

    @Test
    void aNoteAnswersOneLoadOnce() {
        var nonce = a.openLoad(0);
        var note = world.note(a.key(0), 70, nonce);
        assertThat(refused(step(a, new PurseCommand.CreditNote(world.note(a.key(1), 70, nonce)))))
                .isEqualTo(RefusalCode.NOT_FOR_THIS_PURSE);
        a.command(new PurseCommand.CreditNote(note));
        assertThat(refused(step(a, new PurseCommand.CreditNote(note)))).isEqualTo(RefusalCode.NONCE_CONSUMED);
    }

    @Test
    void aDepositIsFreeOfLimitsAndPinAndIsSignedOnce() {
        a.load(900_000);
        Slice slice = a.state.purse().slices().values().iterator().next();
        PurseCommand deposit = new PurseCommand.Deposit(
                a.key(0), world.bank.publicKey().thumbprint(), List.of(input(slice, 0, 900_000)), world.nonce());
        PurseStep.Done first = done(
                SoftwarePurse.step(a.state.purse(), deposit, a.context(false).purse(a.state)));
        PurseState after = first.state();
        assertThat(after.slices()).isEmpty();
        assertThat(after.pseudonyms().getFirst().seq()).isEqualTo(1);
        assertThat(after.pseudonyms().getFirst().spentTotal()).isZero();
        a.state = a.state.with(after);
        assertThat(refused(step(a, deposit))).isEqualTo(RefusalCode.UNKNOWN_PARENT);
        // what was signed is repeated from the log
        Signed<Transfer> signed = ((PurseAnswer.Moved) first.answer()).transfer();
        assertThat(after.log().get(signed.statement().nonce()).transfer()).isEqualTo(signed);
        PurseCommand elsewhere =
                new PurseCommand.Deposit(a.key(0), b.key(0), List.of(input(slice, 0, 1)), world.nonce());
        assertThat(refused(step(a, elsewhere))).isEqualTo(RefusalCode.UNKNOWN_ISSUER_KEY);
    }

    @Test
    void certificatesAheadOfTheCountersAndOfStrangersAreRefused() {
        var own = a.state.purse().pseudonyms().getFirst().key();
        assertThat(refused(step(a, new PurseCommand.InstallCertificates(List.of(world.certificate(own, 1, 0))))))
                .isEqualTo(RefusalCode.OUT_OF_RANGE);
        var strange = world.crypto.signer("strange").publicKey();
        assertThat(refused(step(a, new PurseCommand.InstallCertificates(List.of(world.certificate(strange, 0, 0))))))
                .isEqualTo(RefusalCode.NOT_FOR_THIS_PURSE);
    }

    @Test
    void aRetiredKeyDepositsAndAnswersButPaysNothing() {
        a.load(500);
        Slice slice = a.state.purse().slices().values().iterator().next();
        a.command(new PurseCommand.RetireKeys(Set.of(a.key(0))));
        assertThat(refused(step(a, new PurseCommand.Pay(request(b, 10), a.key(0), List.of(input(slice, 0, 10))))))
                .isEqualTo(RefusalCode.KEYS_RETIRED);
        done(step(
                a,
                new PurseCommand.Deposit(
                        a.key(0),
                        world.bank.publicKey().thumbprint(),
                        List.of(slice.input(new Amount(500))),
                        world.nonce())));
    }

    @Test
    void everyChangeRaisesTheMark() {
        long before = a.state.purse().mark();
        a.load(500);
        Tap.pay(a, b, 1);
        assertThat(a.state.purse().mark()).isGreaterThan(before + 2);
    }
}
