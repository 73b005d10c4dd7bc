package org.jiaozi.server.institution;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.jiaozi.bank.institution.CoreBanking;
import org.jiaozi.core.lineage.Lineage;
import org.jiaozi.core.lineage.LineageCodec;
import org.jiaozi.core.message.BankMessage;
import org.jiaozi.core.message.Claim;
import org.jiaozi.core.message.WalletAnswer;
import org.jiaozi.core.message.WalletMessage;
import org.jiaozi.core.message.WalletRequest;
import org.jiaozi.core.refusal.RefusalCode;
import org.jiaozi.core.statement.NonReceipt;
import org.jiaozi.core.statement.Note;
import org.jiaozi.core.statement.Signed;
import org.jiaozi.core.value.Amount;
import org.jiaozi.core.value.Nonce;
import org.jiaozi.core.value.Range;
import org.jiaozi.server.db.Database;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Spec 07, clause 1: a refusal is the last word on its message and its nonce, so that whoever was refused may ask anew; a
 * fault decides nothing, so that the same message finds what became of it. Never two notes for one load, never two
 * remittances for one command.
 */
final class RefusedAndRepeatedTest {
    private static final long RESERVE = 1_000;

    private World world;
    private Relay wire;

    @BeforeEach
    void start(@TempDir Path folder) {
        world = new World(folder);
        wire = new Relay(world.central.address());
        world.start("bank-a", wire.address());
        world.start("bank-b", world.central.address());
        for (String code : List.of("bank-a", "bank-b")) {
            var id = world.central.admin().institution(code).orElseThrow();
            world.central.admin().setQuota(id, 1, World.CNY, new Amount(1_000_000));
            world.central.admin().fundReserve(id, World.CNY, new Amount(RESERVE), "first-" + code);
        }
    }

    @AfterEach
    void stop() {
        wire.mend();
        for (String code : List.of("bank-a", "bank-b")) {
            assertThat(world.operator(code, "/books").required("sum").longValue())
                    .isZero();
        }
        world.close();
        wire.close();
    }

    private void topUpReserve() {
        world.central
                .admin()
                .fundReserve(
                        world.central.admin().institution("bank-a").orElseThrow(),
                        World.CNY,
                        new Amount(1_000_000),
                        "more");
    }

    private long outstanding() {
        return world.central.admin().quotas().stream()
                .mapToLong(q -> ((Number) q.get("outstanding")).longValue())
                .sum();
    }

    private static WalletRequest.Load load(TestWallet wallet, long amount) {
        return new WalletRequest.Load(new Amount(amount), World.CNY, wallet.thumbprint(), TestWallet.nonce());
    }

    @Test
    void aCopyGetsTheAnswerThatIsStoredHoweverLateTheClockWasThen() {
        world.stop("bank-b");
        AtomicLong readings = new AtomicLong();
        InstitutionConfig config = world.config("bank-b", world.central.address(), Optional.empty());
        world.banks.put(
                "bank-b",
                InstitutionServer.start(new InstitutionConfig(
                        config.code(),
                        config.name(),
                        config.dataDir(),
                        config.quota(),
                        config.port(),
                        config.centralUrl(),
                        config.jdbcUrl(),
                        // no two readings in one second
                        () -> Instant.now().plusSeconds(readings.incrementAndGet() % 60),
                        config.inboxEvery(),
                        config.webhook())));
        TestWallet bob = TestWallet.enrolled(world, "bank-b", 500);
        Signed<WalletMessage> message = bob.message(bob.key, TestWallet.nonce(), load(bob, 400));
        BankMessage first = bob.send(message);
        assertThat(WalletAnswer.read(first.body())).isInstanceOf(WalletAnswer.Loaded.class);
        assertThat(bob.send(message)).isEqualTo(first);
    }

    @Test
    void aLoadBeyondTheReserveStaysRefusedAndAnotherOneSucceeds() {
        TestWallet alice = TestWallet.enrolled(world, "bank-a", 2_000);
        WalletRequest.Load load = load(alice, 1_500);
        Signed<WalletMessage> message = alice.message(alice.key, TestWallet.nonce(), load);
        BankMessage no = alice.send(message);
        assertThat(TestWallet.refused(WalletAnswer.read(no.body()))).isEqualTo(RefusalCode.INSUFFICIENT_RESERVE);
        assertThat(alice.balance()).isEqualTo(2_000);
        assertThat(world.book("bank-a", "held:" + alice.account)).isZero();

        topUpReserve();
        world.offset.addAndGet(60);
        // a copy of the refused message that comes late makes no note, nor does its nonce
        assertThat(alice.send(message)).isEqualTo(no);
        assertThat(TestWallet.refused(alice.ask(load))).isEqualTo(RefusalCode.INSUFFICIENT_RESERVE);
        assertThat(alice.balance()).isEqualTo(2_000);
        alice.load(1_500);
        assertThat(alice.send(message)).isEqualTo(no);
        assertThat(alice.balance()).isEqualTo(500);
        assertThat(outstanding()).isEqualTo(1_500);
    }

    @Test
    void aLoadBeyondTheBalanceStaysRefusedAndAnotherOneSucceeds() {
        TestWallet alice = TestWallet.enrolled(world, "bank-a", 100);
        Signed<WalletMessage> message = alice.message(alice.key, TestWallet.nonce(), load(alice, 400));
        BankMessage no = alice.send(message);
        assertThat(TestWallet.refused(WalletAnswer.read(no.body()))).isEqualTo(RefusalCode.INSUFFICIENT_BALANCE);
        world.operator(
                "bank-a", "/accounts/" + alice.account + "/credit", Map.of("amount", 1_000, "reference", "salary"));
        world.offset.addAndGet(60);
        assertThat(alice.send(message)).isEqualTo(no);
        alice.load(400);
        assertThat(alice.send(message)).isEqualTo(no);
        assertThat(alice.balance()).isEqualTo(700);
        assertThat(outstanding()).isEqualTo(400);
    }

    @Test
    void aRemittanceBeyondTheReserveStaysRefusedAndAnotherOneSucceeds() {
        TestWallet alice = TestWallet.enrolled(world, "bank-a", 3_000);
        TestWallet bob = TestWallet.enrolled(world, "bank-b", 0);
        WalletRequest.Remit remit =
                new WalletRequest.Remit(bob.institution(), bob.account, new Amount(1_500), "", TestWallet.nonce());
        Signed<WalletMessage> message = alice.message(alice.key, TestWallet.nonce(), remit);
        BankMessage no = alice.send(message);
        assertThat(TestWallet.refused(WalletAnswer.read(no.body()))).isEqualTo(RefusalCode.INSUFFICIENT_RESERVE);
        assertThat(alice.balance()).isEqualTo(3_000);

        topUpReserve();
        world.offset.addAndGet(60);
        assertThat(alice.send(message)).isEqualTo(no);
        assertThat(TestWallet.refused(alice.ask(remit))).isEqualTo(RefusalCode.INSUFFICIENT_RESERVE);
        assertThat(alice.ask(new WalletRequest.Remit(
                        bob.institution(), bob.account, new Amount(1_500), "", TestWallet.nonce())))
                .isEqualTo(new WalletAnswer.Remitted(new Amount(1_500)));
        assertThat(alice.send(message)).isEqualTo(no);
        World.await("the remittance arrives", () -> bob.balance() == 1_500);
        assertThat(alice.balance()).isEqualTo(1_500);
    }

    @Test
    void aLoadThatACentralBankOutOfReachLeftOpenIsFinishedAlsoForABlockedAccount() {
        TestWallet alice = TestWallet.enrolled(world, "bank-a", 1_000);
        Signed<WalletMessage> message = alice.message(alice.key, TestWallet.nonce(), load(alice, 400));
        wire.cut();
        assertThat(TestWallet.refused(WalletAnswer.read(alice.send(message).body())))
                .isEqualTo(RefusalCode.UNREACHABLE);
        assertThat(world.book("bank-a", "held:" + alice.account)).isEqualTo(400);
        world.operator("bank-a", "/accounts/" + alice.account + "/block", Map.of());
        wire.mend();
        World.await("the load is finished", () -> world.book("bank-a", "float") == 400);
        // the account is debited, so the note is due
        Signed<Note> note =
                TestWallet.loaded(WalletAnswer.read(alice.send(message).body()));
        assertThat(note.statement().value()).isEqualTo(new Amount(400));
        assertThat(alice.balance()).isEqualTo(600);
        assertThat(outstanding()).isEqualTo(400);
        assertThat(TestWallet.refused(alice.ask(load(alice, 1)))).isEqualTo(RefusalCode.ACCOUNT_BLOCKED);
    }

    /** Its answer may be the one that is lost, and what a claimant owes comes by the claim's name. */
    @Test
    void aClaimIsKnownHereBeforeTheCentralBankHearsOfIt() throws SQLException {
        TestWallet alice = TestWallet.enrolled(world, "bank-a", 1_000);
        alice.ask(alice.accountKey, TestWallet.nonce(), new WalletRequest.ReportLost("stolen"));
        wire.cut();
        Claim claim = Claim.of(alice.accountKey.publicKey(), alice.institution(), alice.account, alice.now());
        WalletRequest.ClaimLost asked = new WalletRequest.ClaimLost(Signed.by(alice.accountKey, claim));
        assertThat(TestWallet.refused(alice.ask(alice.accountKey, TestWallet.nonce(), asked)))
                .isEqualTo(RefusalCode.UNREACHABLE);
        try (Connection database = DriverManager.getConnection(world.database("bank-a"));
                ResultSet row =
                        database.createStatement().executeQuery("SELECT account, returned, pending FROM claim")) {
            assertThat(row.next()).isTrue();
            assertThat(row.getString("account")).isEqualTo(alice.account);
            assertThat(row.getLong("returned") + row.getLong("pending")).isZero();
        }
    }

    @Test
    void aRemittanceThatACentralBankOutOfReachLeftOpenIsSentOnce() {
        TestWallet alice = TestWallet.enrolled(world, "bank-a", 1_000);
        TestWallet bob = TestWallet.enrolled(world, "bank-b", 0);
        Signed<WalletMessage> message = alice.message(
                alice.key,
                TestWallet.nonce(),
                new WalletRequest.Remit(bob.institution(), bob.account, new Amount(400), "", TestWallet.nonce()));
        wire.cut();
        assertThat(TestWallet.refused(WalletAnswer.read(alice.send(message).body())))
                .isEqualTo(RefusalCode.UNREACHABLE);
        wire.mend();
        assertThat(WalletAnswer.read(alice.send(message).body())).isEqualTo(new WalletAnswer.Remitted(new Amount(600)));
        World.await("the remittance arrives", () -> bob.balance() == 400);
        assertThat(alice.balance()).isEqualTo(600);
    }

    /** What was begun may have been done by the registry: that the institution is gone since must not undo it here. */
    @Test
    void whatWasBegunIsNotUndoneBecauseTheInstitutionIsDeclaredGone() {
        TestWallet alice = TestWallet.enrolled(world, "bank-a", 1_000);
        TestWallet bob = TestWallet.enrolled(world, "bank-b", 0);
        var id = world.central.admin().institution("bank-a").orElseThrow();
        Signed<WalletMessage> message = alice.message(
                alice.key,
                TestWallet.nonce(),
                new WalletRequest.Remit(bob.institution(), bob.account, new Amount(400), "", TestWallet.nonce()));
        wire.cut();
        alice.send(message);
        world.central.admin().declare(id, true, "no word from it");
        wire.mend();
        assertThat(TestWallet.refused(WalletAnswer.read(alice.send(message).body()))
                        .isFault())
                .isTrue();
        assertThat(world.book("bank-a", "held:" + alice.account)).isEqualTo(400);
        world.central.admin().declare(id, false, "back");
        assertThat(WalletAnswer.read(alice.send(message).body())).isEqualTo(new WalletAnswer.Remitted(new Amount(600)));
        World.await("the remittance arrives", () -> bob.balance() == 400);
    }

    @Test
    void whatAHoldGaveBackIsNotHeldUnderTheSameReference() {
        TestWallet alice = TestWallet.enrolled(world, "bank-a", 1_000);
        try (Database db = Database.open(
                world.config("bank-a", wire.address(), Optional.empty()).jdbcUrl(), "classpath:db/institution", 2)) {
            CoreBanking banking = new BuiltInAccounts(db, world.clock);
            assertThat(banking.hold("once", alice.account, new Amount(400), "rent"))
                    .isInstanceOf(CoreBanking.Answer.Booked.class);
            banking.release("once");
            assertThat(banking.hold("once", alice.account, new Amount(400), "rent"))
                    .isInstanceOf(CoreBanking.Answer.Refused.class);
        }
        assertThat(alice.balance()).isEqualTo(1_000);
    }

    @Test
    void aDepositCutOffHalfWayIsCreditedOnceHoweverItIsAskedAgain() {
        topUpReserve();
        TestWallet alice = TestWallet.enrolled(world, "bank-a", 1_000);
        Lineage note = alice.load(600);
        Lineage deposit = alice.depositing(note, TestWallet.noteOutput(note), new Range(0, 450));
        Signed<WalletMessage> message =
                alice.message(alice.key, TestWallet.nonce(), new WalletRequest.Deposit(LineageCodec.encode(deposit)));
        wire.cut();
        assertThat(TestWallet.refused(WalletAnswer.read(alice.send(message).body())))
                .isEqualTo(RefusalCode.UNREACHABLE);
        assertThat(alice.balance()).isEqualTo(400);
        wire.mend();
        BankMessage first = alice.send(message);
        assertThat(((WalletAnswer.Deposited) WalletAnswer.read(first.body())).credited())
                .isEqualTo(new Amount(450));
        assertThat(alice.send(message)).isEqualTo(first);
        assertThat(alice.deposit(deposit).credited()).isEqualTo(new Amount(450));
        assertThat(alice.balance()).isEqualTo(850);
    }

    @Test
    void aDeniedPaymentComesBackOnceUnderWhateverNonce() {
        topUpReserve();
        TestWallet alice = TestWallet.enrolled(world, "bank-a", 2_000);
        TestWallet bob = TestWallet.enrolled(world, "bank-b", 0);
        Lineage note = alice.load(1_200);
        Nonce request = TestWallet.nonce();
        Lineage paid = alice.pay(note, TestWallet.noteOutput(note), new Range(0, 700), bob.thumbprint(), request);
        Signed<NonReceipt> denial = Signed.by(bob.key, new NonReceipt(request, Optional.empty()));
        Signed<Note> first = TestWallet.loaded(alice.ask(giveBack(alice, bob, paid, denial)));
        assertThat(first.statement().value()).isEqualTo(new Amount(700));
        // another load nonce is another question about the same money
        assertThat(TestWallet.loaded(alice.ask(giveBack(alice, bob, paid, denial))))
                .isEqualTo(first);
        assertThat(outstanding()).isEqualTo(1_200);
    }

    private static WalletRequest.ReturnUnreceived giveBack(
            TestWallet payer, TestWallet payee, Lineage paid, Signed<NonReceipt> denial) {
        return giveBack(payer, payee, paid, denial, TestWallet.nonce());
    }

    private static WalletRequest.ReturnUnreceived giveBack(
            TestWallet payer, TestWallet payee, Lineage paid, Signed<NonReceipt> denial, Nonce load) {
        return new WalletRequest.ReturnUnreceived(
                LineageCodec.encode(paid), denial, payee.certificates.getFirst(), payer.thumbprint(), load);
    }

    /** The note for what was denied was signed, then could not be registered, and then the policy was changed. */
    @Test
    void aNoteThatTheRegistryWillNeverTakeIsSignedAnew() {
        TestWallet alice = TestWallet.enrolled(world, "bank-a", 2_000);
        TestWallet bob = TestWallet.enrolled(world, "bank-b", 0);
        Lineage note = alice.load(700);
        Nonce request = TestWallet.nonce();
        Lineage paid = alice.pay(note, TestWallet.noteOutput(note), new Range(0, 700), bob.thumbprint(), request);
        Signed<NonReceipt> denial = Signed.by(bob.key, new NonReceipt(request, Optional.empty()));
        WalletRequest.ReturnUnreceived back = giveBack(alice, bob, paid, denial);
        // above what is left of the reserve, which may grow: the note that was signed waits for it
        assertThat(TestWallet.refused(alice.ask(back))).isEqualTo(RefusalCode.BUSY);
        world.central.admin().setPolicy(World.profile(Map.of("maxHops", 2)));
        topUpReserve();
        Signed<Note> fresh = TestWallet.loaded(alice.ask(back));
        assertThat(fresh.statement().maxHops()).isEqualTo(2);
        assertThat(fresh.statement().value()).isEqualTo(new Amount(700));
        assertThat(fresh.statement().loadNonce()).isEqualTo(back.loadNonce());
        assertThat(TestWallet.loaded(alice.ask(back))).isEqualTo(fresh);
        assertThat(outstanding()).isEqualTo(700);
        assertThat(world.book("bank-a", "float")).isEqualTo(1_400);
    }

    /** Nonces of two purses may be alike; the one that comes second asks under another, and has its refund once. */
    @Test
    void aNonceThatMadeAnotherNoteStopsNobodyFromAskingUnderAFreshOne() {
        topUpReserve();
        TestWallet alice = TestWallet.enrolled(world, "bank-a", 2_000);
        TestWallet carol = TestWallet.enrolled(world, "bank-a", 2_000);
        TestWallet bob = TestWallet.enrolled(world, "bank-b", 0);
        Lineage note = alice.load(700);
        Nonce request = TestWallet.nonce();
        Lineage paid = alice.pay(note, TestWallet.noteOutput(note), new Range(0, 700), bob.thumbprint(), request);
        Signed<NonReceipt> denial = Signed.by(bob.key, new NonReceipt(request, Optional.empty()));
        WalletRequest.Load load = load(carol, 100);
        TestWallet.loaded(carol.ask(load));
        assertThat(TestWallet.refused(alice.ask(giveBack(alice, bob, paid, denial, load.loadNonce()))))
                .isEqualTo(RefusalCode.NOTE_CONFLICT);
        assertThat(outstanding()).isEqualTo(100);
        Signed<Note> back = TestWallet.loaded(alice.ask(giveBack(alice, bob, paid, denial)));
        assertThat(back.statement().value()).isEqualTo(new Amount(700));
        assertThat(outstanding()).isEqualTo(800);
    }

    @Test
    void aDepositThatIsNotTakenComesBackUnderTheNonceThatItsPurseKnows() {
        topUpReserve();
        TestWallet alice = TestWallet.enrolled(world, "bank-a", 1_000);
        Lineage note = alice.load(600);
        world.operator("bank-a", "/accounts/" + alice.account + "/block", Map.of());
        Lineage deposit = alice.depositing(note, TestWallet.noteOutput(note), new Range(0, 600));
        Signed<Note> back = alice.deposit(deposit).returned().orElseThrow();
        assertThat(back.statement().loadNonce())
                .isEqualTo(deposit.head().transfer().statement().nonce());
    }
}
