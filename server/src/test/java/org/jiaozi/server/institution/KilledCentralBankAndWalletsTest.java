package org.jiaozi.server.institution;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.logging.Level;
import org.jiaozi.core.lineage.Lineage;
import org.jiaozi.core.lineage.LineageCodec;
import org.jiaozi.core.message.Claim;
import org.jiaozi.core.message.WalletAnswer;
import org.jiaozi.core.message.WalletRequest;
import org.jiaozi.core.refusal.RefusalCode;
import org.jiaozi.core.statement.NonReceipt;
import org.jiaozi.core.statement.Note;
import org.jiaozi.core.statement.Signed;
import org.jiaozi.core.value.Amount;
import org.jiaozi.core.value.Nonce;
import org.jiaozi.core.value.Range;
import org.jiaozi.server.Logging;
import org.jiaozi.server.central.CentralProcess;
import org.jiaozi.server.central.Ledger;
import org.jiaozi.server.http.Unreachable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A central bank that dies with the money moved and the answer unsaid, as the customers of an institution see it. */
final class KilledCentralBankAndWalletsTest {
    private World world;
    private CentralProcess central;

    @BeforeEach
    void start(@TempDir Path folder) throws Unreachable {
        world = new World(folder);
        // the institution says every time that there is no central bank
        Logging.configure(Level.SEVERE);
        // its folder and database go on in a process of their own
        world.central.close();
        central = CentralProcess.start(folder.resolve("central"), world.centralDatabase, "CHANGE_OWNERS_AFTER_COMMIT");
        world.start("bank-a", central.address());
        operate("/quota", "{\"institution\": \"bank-a\", \"number\": 1, \"currency\": \"CNY\", \"limit\": 1000000}");
        operate(
                "/reserve",
                "{\"institution\": \"bank-a\", \"currency\": \"CNY\", \"amount\": 1000000, \"reference\": \"first\"}");
    }

    @AfterEach
    void stop() {
        world.close();
        central.close();
        Logging.configure(Level.WARNING);
    }

    private void operate(String path, String body) throws Unreachable {
        assertThat(central.operate(path, body).refusal()).isEmpty();
    }

    @Test
    void whatWasUnderWayReachesTheAccountOnce() throws Unreachable {
        TestWallet alice = TestWallet.enrolled(world, "bank-a", 5000);
        TestWallet bob = TestWallet.enrolled(world, "bank-a", 0);
        Lineage note = alice.load(2000);

        Lineage deposit = alice.depositing(note, TestWallet.noteOutput(note), new Range(0, 300));
        unanswered(alice.ask(new WalletRequest.Deposit(LineageCodec.encode(deposit))));
        central.dyingAt("REFUND_AFTER_COMMIT");
        assertThat(alice.deposit(deposit).credited()).isEqualTo(new Amount(300));
        assertThat(alice.deposit(deposit).credited()).isEqualTo(new Amount(300));
        assertThat(alice.balance()).isEqualTo(3300);

        Nonce request = TestWallet.nonce();
        Lineage paid = alice.pay(note, TestWallet.noteOutput(note), new Range(300, 1000), bob.thumbprint(), request);
        WalletRequest.ReturnUnreceived back = new WalletRequest.ReturnUnreceived(
                LineageCodec.encode(paid),
                Signed.by(bob.key, new NonReceipt(request, Optional.empty())),
                bob.certificates.getFirst(),
                alice.thumbprint(),
                TestWallet.nonce());
        unanswered(alice.ask(back));
        central.dyingAt("");
        Signed<Note> returned = TestWallet.loaded(alice.ask(back));
        assertThat(returned.statement().value()).isEqualTo(new Amount(700));
        assertThat(TestWallet.loaded(alice.ask(back))).isEqualTo(returned);

        assertThat(alice.ask(alice.accountKey, TestWallet.nonce(), new WalletRequest.ReportLost("stolen")))
                .isInstanceOf(WalletAnswer.LostReported.class);
        long later = World.profile().noteValidity().seconds()
                + World.profile().grace().seconds()
                + 3600;
        world.offset.set(later);
        central.later(later);
        central.dyingAt("REGISTER_CLAIM_AFTER_COMMIT");
        unanswered(claim(alice));
        central.dyingAt("");
        // the registry has paid the institution; only the same claim can bring it to the account
        for (int i = 0; i < 2; i++) {
            assertThat(((WalletAnswer.Claimed) claim(alice)).returned()).isEqualTo(new Amount(1700));
            assertThat(alice.balance()).isEqualTo(5000);
        }
        operate("/netting", "{}");
        World.await("the netting cycle", () -> world.book("bank-a", "float") == 0);
        assertThat(world.book("bank-a", "clearing")).isZero();
        assertThat(new Ledger(world.centralDatabase).breaches()).isEqualTo(List.of());
    }

    /** Drawn up anew each time, as a wallet does that keeps nothing but the account's key. */
    private static WalletAnswer claim(TestWallet wallet) {
        Signed<Claim> claim = Signed.by(
                wallet.accountKey,
                Claim.of(wallet.accountKey.publicKey(), wallet.institution(), wallet.account, wallet.now()));
        return wallet.ask(wallet.accountKey, TestWallet.nonce(), new WalletRequest.ClaimLost(claim));
    }

    private void unanswered(WalletAnswer answer) {
        assertThat(TestWallet.refused(answer)).isEqualTo(RefusalCode.UNREACHABLE);
        central.dies();
    }
}
