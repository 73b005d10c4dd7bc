package org.jiaozi.wallet;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Collection;
import java.util.List;
import org.jiaozi.core.lineage.Slice;
import org.jiaozi.core.refusal.RefusalCode;
import org.jiaozi.core.statement.Note;
import org.jiaozi.core.statement.PurseCertificate.Limits;
import org.jiaozi.core.statement.Request;
import org.jiaozi.core.statement.Signed;
import org.jiaozi.core.tap.TapMessage.RequestMessage;
import org.jiaozi.core.value.Amount;
import org.jiaozi.core.value.Limit;
import org.jiaozi.core.value.Nonce;
import org.jiaozi.wallet.host.Wallet;
import org.jiaozi.wallet.host.WalletState;
import org.jiaozi.wallet.host.WalletStep;
import org.jiaozi.wallet.purse.PurseAnswer;
import org.jiaozi.wallet.purse.PurseCommand;
import org.jiaozi.wallet.purse.PurseState;
import org.jiaozi.wallet.sync.Errands;
import org.jiaozi.wallet.sync.Sync;
import org.junit.jupiter.api.Test;

/** A host or an institution that asks a purse for what would convict, enrich or break it. */
final class HostilePurseTest {
    private final World world = new World(11);

    private static void refused(RefusalCode code, WalletStep<?> step) {
        assertThat(step)
                .isInstanceOfSatisfying(
                        WalletStep.Refused.class,
                        no -> assertThat(no.refusal().code()).isEqualTo(code));
    }

    /** The same note credited again after it was spent would have the purse sign the same range twice. */
    @Test
    void aLoadIsCreditedOnceHoweverOftenItIsAskedFor() {
        World.Device a = world.device("a", 1);
        PurseCommand open = new PurseCommand.OpenLoad(a.key(0), world.nonce());
        Nonce first = opened(a.command(open));
        Nonce second = opened(a.command(open));
        Signed<Note> note = world.note(a.key(0), 500, first);
        a.done(Wallet.load(a.state, note, a.context()));
        a.command(open);
        refused(RefusalCode.NONCE_CONSUMED, Wallet.load(a.state, note, a.context()));
        refused(RefusalCode.WRONG_REQUEST, Wallet.purse(a.state, new PurseCommand.Close(first), a.context()));
        assertThat(a.balance()).isEqualTo(500);
        assertThat(second).isNotEqualTo(first);
        assertThat(a.state.purse().loads()).hasSize(2).doesNotContainKey(first);
    }

    /** What a purse has forgotten it must not be made to open again: neither a note's nonce nor a payment's. */
    @Test
    void nothingIsOpenedAgainHoweverMuchIsForgotten() {
        World.Device a = world.device("a", 1);
        World.Device payer = world.device("payer", 1);
        payer.load(300);
        Nonce forLoad = world.nonce();
        Nonce forRequest = world.nonce();
        Nonce load = opened(a.command(new PurseCommand.OpenLoad(a.key(0), forLoad)));
        Signed<Note> note = world.note(a.key(0), 500, load);
        a.done(Wallet.load(a.state, note, a.context()));
        Slice paid = payer.state.purse().slices().values().iterator().next();
        RequestMessage request = asked(a, forRequest);
        Nonce nonce = request.request().statement().nonce();
        var moved = (PurseAnswer.Moved)
                payer.command(new PurseCommand.Pay(request, payer.key(0), List.of(paid.input(new Amount(300)))));
        PurseCommand credit = new PurseCommand.Credit(moved.transfer(), List.of(paid));
        a.command(credit);
        a.command(deposit(a, a.state.purse().slices().values(), world.nonce()));
        assertThat(a.balance()).isZero();

        for (int i = 0; i < PurseState.MAX_ANSWERED; i++) {
            a.command(new PurseCommand.Close(
                    asked(a, world.nonce()).request().statement().nonce()));
        }
        assertThat(a.state.purse().answer(load)).isEmpty();
        assertThat(a.state.purse().answer(nonce)).isEmpty();
        for (Nonce wanted : List.of(forLoad, load)) {
            a.command(new PurseCommand.OpenLoad(a.key(0), wanted));
        }
        for (Nonce wanted : List.of(forRequest, nonce)) {
            asked(a, wanted);
        }
        refused(RefusalCode.NONCE_CONSUMED, Wallet.load(a.state, note, a.context()));
        refused(RefusalCode.WRONG_REQUEST, Wallet.purse(a.state, credit, a.context()));
        assertThat(a.balance()).isZero();
    }

    /** A deposit opens a load for the note it may come back as: under a used nonce that would open the first one again. */
    @Test
    void aDepositOpensNoNonceThatWasOpenedBefore() {
        World.Device a = world.device("a", 1);
        Nonce load = a.openLoad(0);
        Signed<Note> note = world.note(a.key(0), 500, load);
        a.done(Wallet.load(a.state, note, a.context()));
        a.command(deposit(a, a.state.purse().slices().values(), load));
        assertThat(a.balance()).isZero();
        assertThat(a.state.purse().loads()).hasSize(1).doesNotContainKey(load);
        // the same note again would have it sign the same range twice
        refused(RefusalCode.NONCE_CONSUMED, Wallet.load(a.state, note, a.context()));
    }

    /** A host that works out the next nonce may have it paid first: the deposit would take the payment's log entry. */
    @Test
    void aDepositTakesNoLogEntry() {
        World.Device a = world.device("a", 1);
        World.Device payee = world.device("payee", 1);
        a.load(500);
        Nonce random = world.nonce();
        WalletState now = a.state;
        // paying raises the mark by one, as taking up no key does
        a.command(new PurseCommand.AddKeys(List.of()));
        var foreseen = (PurseAnswer.Moved)
                a.command(deposit(a, a.state.purse().slices().values(), random));
        a.state = now;
        Nonce next = foreseen.transfer().statement().nonce();
        Slice slice = a.state.purse().slices().values().iterator().next();
        a.command(new PurseCommand.Pay(
                renamed(payee, asked(payee, random), next), a.key(0), List.of(slice.input(new Amount(300)))));
        refused(
                RefusalCode.NONCE_CONSUMED,
                Wallet.purse(a.state, deposit(a, a.state.purse().slices().values(), random), a.context()));
        assertThat(a.state.purse().log().get(next).isDeposit()).isFalse();
    }

    /** A terminal opens load after load; what its owner does afterwards still goes through. */
    @Test
    void loadsThatNobodyAsksForHoldNothingUp() {
        World.Device a = world.device("a", 1);
        a.load(500);
        a.done(Errands.load(a.state, new Amount(1), a.context(), new Sync.Fresh(world.nonce(), world.nonce())));
        Nonce wanted = a.state.purse().loads().firstKey();
        for (int i = 1; i < PurseState.MAX_LOADS; i++) {
            a.command(new PurseCommand.OpenLoad(a.key(0), world.nonce()));
        }
        PurseCommand oneMore = new PurseCommand.OpenLoad(a.key(0), world.nonce());
        refused(RefusalCode.PURSE_FULL, Wallet.purse(a.state, oneMore, a.context()));
        // value can always be deposited, and comes back under the deposit's own nonce
        var moved = (PurseAnswer.Moved)
                a.command(deposit(a, a.state.purse().slices().values(), world.nonce()));
        Nonce deposited = moved.transfer().statement().nonce();
        assertThat(a.state.purse().loads()).hasSize(PurseState.MAX_LOADS + 1).containsKey(deposited);
        refused(RefusalCode.PURSE_FULL, Wallet.purse(a.state, oneMore, a.context()));
        // the wallet makes room among those that nothing waits for
        for (int i = 0; i < PurseState.MAX_LOADS + 1; i++) {
            Nonce opened = a.openLoad(0);
            assertThat(a.state.purse().loads()).containsKey(opened);
        }
        assertThat(a.state.purse().loads())
                .hasSize(PurseState.MAX_LOADS + 1)
                .containsKey(deposited)
                .containsKey(wanted);
    }

    /** The same request under a nonce that its maker likes better: not every purse makes its nonces by the rule. */
    private RequestMessage renamed(World.Device maker, RequestMessage message, Nonce nonce) {
        Request r = message.request().statement();
        Request renamed =
                new Request(r.amount(), r.currency(), nonce, r.at(), r.epoch(), r.reference(), r.sealingKey());
        return new RequestMessage(
                message.certificate(),
                Signed.by(maker.signer(message.certificate().statement().key()), renamed));
    }

    private RequestMessage asked(World.Device device, Nonce random) {
        PurseCommand ask = new PurseCommand.OpenRequest(
                device.key(0),
                new Amount(300),
                random,
                "",
                world.sealer.newKeyPair().publicKey());
        return ((PurseAnswer.Opened) device.command(ask)).request();
    }

    private static Nonce opened(PurseAnswer answer) {
        return ((PurseAnswer.LoadOpened) answer).nonce();
    }

    private PurseCommand deposit(World.Device device, Collection<Slice> slices, Nonce random) {
        return new PurseCommand.Deposit(
                device.key(0),
                world.bank.publicKey().thumbprint(),
                slices.stream().map(s -> s.input(s.amount())).toList(),
                random);
    }

    /** Two notes that no number of the protocol can hold together: the second one waits, the purse lives on. */
    @Test
    void whatAPurseHoldsStaysANumber() {
        world.limits = new Limits(Limit.UINT48, Limit.UINT48, 1000, Limit.UINT48);
        World.Device a = world.device("a", 1);
        a.load(Limit.UINT48);
        Nonce load = a.openLoad(0);
        refused(RefusalCode.OVER_HOLDING_LIMIT, Wallet.load(a.state, world.note(a.key(0), 1, load), a.context()));
        refused(
                RefusalCode.OVER_HOLDING_LIMIT,
                Wallet.ask(a.state, new Amount(1), "", world.nonce(), world.sealer.newKeyPair(), a.context()));
        assertThat(a.balance()).isEqualTo(Limit.UINT48);
    }

    @Test
    void aReferenceThatCouldRewriteATerminalIsNotAskedWith() {
        World.Device a = world.device("a", 1);
        refused(
                RefusalCode.MALFORMED,
                Wallet.ask(
                        a.state,
                        new Amount(1),
                        "\u001b[2Jpaid",
                        world.nonce(),
                        world.sealer.newKeyPair(),
                        a.context()));
    }
}
