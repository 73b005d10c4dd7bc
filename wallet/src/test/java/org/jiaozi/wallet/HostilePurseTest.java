package org.jiaozi.wallet;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.jiaozi.core.refusal.RefusalCode;
import org.jiaozi.core.statement.Note;
import org.jiaozi.core.statement.PurseCertificate.Limits;
import org.jiaozi.core.statement.Signed;
import org.jiaozi.core.statement.SliceRef;
import org.jiaozi.core.statement.TransferInput;
import org.jiaozi.core.value.Amount;
import org.jiaozi.core.value.Limit;
import org.jiaozi.core.value.Nonce;
import org.jiaozi.core.value.Range;
import org.jiaozi.wallet.host.Wallet;
import org.jiaozi.wallet.host.WalletStep;
import org.jiaozi.wallet.purse.PurseCommand;
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
    void aLoadIsCreditedOnceHoweverOftenItIsOpened() {
        World.Device a = world.device("a", 1);
        Nonce load = world.nonce();
        PurseCommand open = new PurseCommand.OpenLoad(a.key(0), load);
        Signed<Note> note = world.note(a.key(0), 500, load);
        a.command(open);
        a.command(open);
        a.done(Wallet.load(a.state, note, a.context()));
        assertThat(a.balance()).isEqualTo(500);
        refused(RefusalCode.NONCE_CONSUMED, Wallet.purse(a.state, open, a.context()));
        refused(RefusalCode.NONCE_CONSUMED, Wallet.load(a.state, note, a.context()));
        refused(RefusalCode.WRONG_REQUEST, Wallet.purse(a.state, new PurseCommand.Close(load), a.context()));
        assertThat(a.balance()).isEqualTo(500);
    }

    /** A deposit opens a load for the note it may come back as: under a used nonce that would open the first one again. */
    @Test
    void aDepositOpensNoNonceThatThePurseKnows() {
        World.Device a = world.device("a", 1);
        Nonce load = world.nonce();
        Signed<Note> note = world.note(a.key(0), 500, load);
        a.command(new PurseCommand.OpenLoad(a.key(0), load));
        a.done(Wallet.load(a.state, note, a.context()));
        refused(RefusalCode.NONCE_CONSUMED, Wallet.purse(a.state, deposit(a, note, load), a.context()));
        Nonce open = world.nonce();
        a.command(new PurseCommand.OpenLoad(a.key(0), open));
        refused(RefusalCode.NONCE_CONSUMED, Wallet.purse(a.state, deposit(a, note, open), a.context()));
        a.command(deposit(a, note, world.nonce()));
        assertThat(a.balance()).isZero();
        // the same note again would have it sign the same range twice
        refused(RefusalCode.NONCE_CONSUMED, Wallet.load(a.state, note, a.context()));
    }

    private PurseCommand deposit(World.Device device, Signed<Note> note, Nonce nonce) {
        return new PurseCommand.Deposit(
                device.key(0),
                world.bank.publicKey().thumbprint(),
                List.of(new TransferInput(new SliceRef(note.hash(), 0), new Range(0, 500))),
                nonce);
    }

    /** Two notes that no number of the protocol can hold together: the second one waits, the purse lives on. */
    @Test
    void whatAPurseHoldsStaysANumber() {
        world.limits = new Limits(Limit.UINT48, Limit.UINT48, 1000, Limit.UINT48);
        World.Device a = world.device("a", 1);
        a.load(Limit.UINT48);
        Nonce load = world.nonce();
        a.command(new PurseCommand.OpenLoad(a.key(0), load));
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
