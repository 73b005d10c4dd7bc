package org.jiaozi.wallet;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import org.jiaozi.core.crypto.PublicKey;
import org.jiaozi.core.crypto.Signer;
import org.jiaozi.core.message.WalletMessage;
import org.jiaozi.core.message.WalletRequest;
import org.jiaozi.core.refusal.Refusal;
import org.jiaozi.core.refusal.RefusalCode;
import org.jiaozi.core.statement.Signed;
import org.jiaozi.core.value.Amount;
import org.jiaozi.wallet.World.Device;
import org.jiaozi.wallet.host.Wallet;
import org.jiaozi.wallet.host.WalletState;
import org.jiaozi.wallet.purse.Pseudonym;
import org.jiaozi.wallet.purse.PurseCommand;
import org.jiaozi.wallet.sync.Errands;
import org.jiaozi.wallet.sync.Sync;
import org.jiaozi.wallet.sync.SyncRun;
import org.junit.jupiter.api.Test;

/** Old copies of a wallet report their keys lost, whatever they were about to do (spec 06, clause 11). */
final class OldCopyTest {
    private final World world = new World(3);
    private final Device a = world.device("a", 2);
    private final Device b = world.device("b", 2);
    private final FakeBank bankOfA = new FakeBank(world, a, 0);

    private SyncRun sync(SyncRun.Options options) {
        return SyncTest.sync(world, a, bankOfA, options, 0);
    }

    /** A's account key, which reports an old copy's keys, and which the bank knows. */
    private Signer accountKey() {
        Signer account = world.crypto.signer("account");
        bankOfA.trust(account.publicKey());
        return account;
    }

    private void syncWith(Signer account) {
        sync(new SyncRun.Options(Optional.empty(), false, List.of(), Optional.of(account.publicKey())));
    }

    @Test
    void anOldCopySignsNothingUntilItsKeysAreDead() {
        a.load(500);
        a.done(Wallet.rolledBack(a.state, a.context()));
        assertThat(Tap.refusal(Tap.payment(a, b.ask(10)))).isEqualTo(RefusalCode.ROLLED_BACK);
        SyncRun helpless = sync(SyncRun.Options.DEFAULT);
        assertThat(helpless.refusals()).contains(Refusal.of(RefusalCode.ROLLED_BACK));
        syncWith(accountKey());
        assertThat(a.state.purse().rolledBack()).isFalse();
        assertThat(a.state.purse().slices()).isEmpty();
        PublicKey renewed = a.newKey("a-again");
        a.command(new PurseCommand.AddKeys(List.of(renewed)));
        a.command(new PurseCommand.InstallCertificates(List.of(world.certificate(renewed, 0, 0))));
        b.load(100);
        Tap.pay(b, a, 30);
        assertThat(a.balance()).isEqualTo(30);
        assertThat(a.state.purse().pseudonyms())
                .allMatch(p -> p.status() == Pseudonym.Status.ACTIVE || p.status() == Pseudonym.Status.DEAD);
    }

    @Test
    void anOldCopyReportsItsKeysEvenIfItReportedOthersBefore() {
        Signer account = accountKey();
        Signed<WalletMessage> before = Signed.by(
                account,
                new WalletMessage(
                        World.BANK,
                        account.publicKey().thumbprint(),
                        world.nonce(),
                        world.now,
                        new WalletRequest.ReportLost("the device before")));
        WalletState old = Sync.accountSigned(a.state, SyncRun.start(SyncRun.Options.DEFAULT), before)
                .state();
        bankOfA.answer(before);
        assertThat(bankOfA.reports).isEqualTo(1);
        // answered, enrolled since, and now the image of back then
        a.state = old;
        a.done(Wallet.rolledBack(a.state, a.context()));
        syncWith(account);
        assertThat(bankOfA.reports).isEqualTo(2);
        assertThat(a.state.purse().rolledBack()).isFalse();
    }

    @Test
    void anOldCopyOfWhichAllKeysWereDeadReportsAllTheSame() {
        Signer account = accountKey();
        a.done(Wallet.rolledBack(a.state, a.context()));
        syncWith(account);
        assertThat(a.state.purse().pseudonyms()).allMatch(p -> p.status() == Pseudonym.Status.DEAD);
        // enrolled since, and now the image of just now
        a.done(Wallet.rolledBack(a.state, a.context()));
        assertThat(a.state.purse().rolledBack()).isTrue();
        syncWith(account);
        assertThat(bankOfA.reports).isEqualTo(2);
        assertThat(a.state.purse().rolledBack()).isFalse();
    }

    @Test
    void anOldCopyWithoutRoomForANoteReportsAllTheSame() {
        Signer account = accountKey();
        bankOfA.balance = 10;
        // the note is under way, and the purse is full by the time that it comes
        a.done(Errands.load(a.state, new Amount(1), a.context(), SyncTest.fresh(world)));
        for (int i = world.bulletin.statement().policy().maxPurseSlices(); i > 0; i--) {
            a.load(1);
        }
        SyncRun full = sync(SyncRun.Options.DEFAULT);
        assertThat(full.refusals()).extracting(Refusal::code).contains(RefusalCode.PURSE_FULL);
        a.done(Wallet.rolledBack(a.state, a.context()));
        syncWith(account);
        assertThat(bankOfA.reports).isEqualTo(1);
        assertThat(a.state.purse().rolledBack()).isFalse();
    }
}
