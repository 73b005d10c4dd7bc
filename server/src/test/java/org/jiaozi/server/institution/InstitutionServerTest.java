package org.jiaozi.server.institution;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jiaozi.core.codec.Cbor;
import org.jiaozi.core.crypto.Signer;
import org.jiaozi.core.lineage.Lineage;
import org.jiaozi.core.lineage.LineageCodec;
import org.jiaozi.core.message.Claim;
import org.jiaozi.core.message.Counters;
import org.jiaozi.core.message.KeyProof;
import org.jiaozi.core.message.Outcome;
import org.jiaozi.core.message.WalletAnswer;
import org.jiaozi.core.message.WalletMessage;
import org.jiaozi.core.message.WalletRequest;
import org.jiaozi.core.refusal.RefusalCode;
import org.jiaozi.core.statement.NonReceipt;
import org.jiaozi.core.statement.Note;
import org.jiaozi.core.statement.PurseCertificate;
import org.jiaozi.core.statement.Signed;
import org.jiaozi.core.value.Amount;
import org.jiaozi.core.value.Nonce;
import org.jiaozi.core.value.Range;
import org.jiaozi.server.http.HttpReply;
import org.jiaozi.server.http.MediaType;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What wallets and operators are answered, and what the books say afterwards. */
final class InstitutionServerTest {
    private static World world;

    @BeforeAll
    static void start(@TempDir Path folder) {
        world = World.running(folder);
    }

    @AfterAll
    static void stop() {
        for (String code : List.of("bank-a", "bank-b")) {
            assertThat(world.operator(code, "/books").required("sum").longValue())
                    .isZero();
        }
        world.close();
    }

    private static long reserve(int institution) {
        return world.central.admin().accounts().stream()
                .filter(a -> a.get("account").equals("reserve:" + institution))
                .mapToLong(a -> ((Number) a.get("balance")).longValue())
                .sum();
    }

    @Test
    void aCodeEnrolsOnceAndGivesCertificatesWithinTheTier() {
        JsonNode opened = world.open("bank-a", "Alice", 1, 0);
        String code = opened.required("code").asText();
        TestWallet alice =
                TestWallet.opened(world, "bank-a", opened.required("account").asText());

        assertThat(TestWallet.refused(alice.enrol("AAAA-BBBB-CCCC", TestWallet.nonce())))
                .isEqualTo(RefusalCode.BAD_ENROLMENT_CODE);
        Nonce id = TestWallet.nonce();
        Signed<WalletMessage> message = alice.message(alice.accountKey, id, alice.enrolment(code, id));
        Cbor first = alice.send(message).body();
        WalletAnswer.Enrolled enrolled = (WalletAnswer.Enrolled) WalletAnswer.read(first);
        PurseCertificate certificate = enrolled.certificates().getFirst().statement();
        assertThat(certificate.key()).isEqualTo(alice.key.publicKey());
        assertThat(certificate.limits())
                .isEqualTo(World.profile()
                        .limitsFor(World.profile().tier(1).orElseThrow(), PurseCertificate.ElementClass.CARD, 0, 1));
        // asked again, it answers the same; the code is spent for everybody else
        assertThat(alice.send(message).body()).isEqualTo(first);
        TestWallet mallory = TestWallet.opened(world, "bank-a", alice.account);
        assertThat(TestWallet.refused(mallory.enrol(code, TestWallet.nonce())))
                .isEqualTo(RefusalCode.BAD_ENROLMENT_CODE);
    }

    @Test
    void aMessageIdIsGoodForOneBodyAndOneSender() {
        TestWallet alice = TestWallet.enrolled(world, "bank-a", 1000);
        Nonce id = TestWallet.nonce();
        WalletRequest.Load load =
                new WalletRequest.Load(new Amount(100), World.CNY, alice.thumbprint(), TestWallet.nonce());
        Signed<Note> note = TestWallet.loaded(alice.ask(alice.key, id, load));
        assertThat(TestWallet.loaded(alice.ask(alice.key, TestWallet.nonce(), load)))
                .isEqualTo(note);
        assertThat(alice.balance()).isEqualTo(900);
        assertThat(TestWallet.refused(alice.ask(alice.key, id, new WalletRequest.ReadAccount(1))))
                .isEqualTo(RefusalCode.REPLAYED);
        // another load under the same nonce
        assertThat(TestWallet.refused(alice.ask(
                        new WalletRequest.Load(new Amount(101), World.CNY, alice.thumbprint(), load.loadNonce()))))
                .isEqualTo(RefusalCode.REPLAYED);
        Signer stranger = TestWallet.signer();
        assertThat(TestWallet.refused(alice.ask(stranger, TestWallet.nonce(), load)))
                .isEqualTo(RefusalCode.UNKNOWN_PURSE);
    }

    @Test
    void moneyLoadedAtOneInstitutionIsDepositedAtAnotherAndNetted() {
        TestWallet alice = TestWallet.enrolled(world, "bank-a", 10_000);
        TestWallet bob = TestWallet.enrolled(world, "bank-b", 0);
        world.central.admin().net();
        World.await("earlier cycles", () -> world.book("bank-a", "clearing") == 0);
        long reserveA = reserve(1);
        long reserveB = reserve(2);
        long floatA = world.book("bank-a", "float");

        Lineage note = alice.load(6000);
        assertThat(alice.balance()).isEqualTo(4000);
        Lineage paid =
                alice.pay(note, TestWallet.noteOutput(note), new Range(0, 2500), bob.thumbprint(), TestWallet.nonce());
        Lineage deposit = bob.depositing(paid, TestWallet.headOutput(paid), new Range(0, 2500));
        WalletAnswer.Deposited first = bob.deposit(deposit);
        assertThat(first.credited()).isEqualTo(new Amount(2500));
        assertThat(first.balance()).isEqualTo(new Amount(2500));
        // the same deposit in a fresh message is the same deposit
        assertThat(bob.deposit(deposit)).isEqualTo(first);
        assertThat(bob.balance()).isEqualTo(2500);

        world.central.admin().net();
        World.await("the netting cycle at bank-b", () -> world.book("bank-b", "clearing") == 0);
        World.await("the netting cycle at bank-a", () -> world.book("bank-a", "float") == floatA + 3500);
        assertThat(reserve(1)).isEqualTo(reserveA - 6000);
        assertThat(reserve(2)).isEqualTo(reserveB + 2500);
    }

    @Test
    void aSecondSpendingIsMadeWholeAndTheCulpritPaysAndIsBlocked() {
        TestWallet mallory = TestWallet.enrolled(world, "bank-a", 5000);
        TestWallet bob = TestWallet.enrolled(world, "bank-b", 0);
        TestWallet carol = TestWallet.enrolled(world, "bank-a", 0);
        Lineage note = mallory.load(3000);
        Range all = new Range(0, 3000);
        Lineage one = mallory.pay(note, TestWallet.noteOutput(note), all, bob.thumbprint(), TestWallet.nonce());
        Lineage other = mallory.pay(note, TestWallet.noteOutput(note), all, carol.thumbprint(), TestWallet.nonce());

        assertThat(bob.deposit(bob.depositing(one, TestWallet.headOutput(one), all))
                        .credited())
                .isEqualTo(new Amount(3000));
        WalletAnswer.Deposited late = carol.deposit(carol.depositing(other, TestWallet.headOutput(other), all));
        assertThat(late.outcomes()).extracting(Outcome::kind).containsExactly(Outcome.Kind.MADE_WHOLE);
        assertThat(late.credited()).isEqualTo(new Amount(3000));

        World.await(
                "the conviction reaches bank-a",
                () -> world.operator("bank-a", "/accounts/" + mallory.account)
                        .required("block")
                        .asText()
                        .equals("CONVICTED"));
        World.await("the debt is taken", () -> mallory.balance() == 0);
        JsonNode account = world.operator("bank-a", "/accounts/" + mallory.account);
        assertThat(account.required("owed").longValue()).isEqualTo(1000);
        World.await(
                "the conviction is reported",
                () -> world.central.admin().convictions().stream()
                        .anyMatch(c ->
                                c.get("culprit").equals(mallory.thumbprint().hex())
                                        && ((Number) c.get("recovered")).longValue() == 2000));
        World.await(
                "the new bulletin reaches bank-a",
                () -> world.bulletin("bank-a").isRevoked(mallory.thumbprint()));
        assertThat(TestWallet.refused(mallory.ask(
                        new WalletRequest.Load(new Amount(1), World.CNY, mallory.thumbprint(), TestWallet.nonce()))))
                .isEqualTo(RefusalCode.PURSE_REVOKED);
        // what comes in later goes towards the rest
        world.operator(
                "bank-a", "/accounts/" + mallory.account + "/credit", Map.of("amount", 1500, "reference", "salary"));
        World.await("the rest is taken", () -> mallory.balance() == 500);
    }

    @Test
    void aBlockedAccountSpendsNothingAndItsDepositsComeBackAsNotes() {
        TestWallet alice = TestWallet.enrolled(world, "bank-a", 2000);
        Lineage note = alice.load(1500);
        world.operator("bank-a", "/accounts/" + alice.account + "/block", Map.of());
        assertThat(TestWallet.refused(alice.ask(
                        new WalletRequest.Load(new Amount(1), World.CNY, alice.thumbprint(), TestWallet.nonce()))))
                .isEqualTo(RefusalCode.ACCOUNT_BLOCKED);
        assertThat(TestWallet.refused(alice.ask(new WalletRequest.Remit(
                        alice.institution(), "bank-a-0", new Amount(1), "", TestWallet.nonce()))))
                .isEqualTo(RefusalCode.ACCOUNT_BLOCKED);
        Lineage deposit = alice.depositing(note, TestWallet.noteOutput(note), new Range(0, 1500));
        WalletAnswer.Deposited answer = alice.deposit(deposit);
        assertThat(answer.credited()).isEqualTo(Amount.ZERO);
        assertThat(answer.refusal().orElseThrow().statement().code()).isEqualTo(RefusalCode.ACCOUNT_BLOCKED.number());
        Signed<Note> back = answer.returned().orElseThrow();
        assertThat(back.statement().value()).isEqualTo(new Amount(1500));
        assertThat(alice.balance()).isEqualTo(500);
        world.operator("bank-a", "/accounts/" + alice.account + "/unblock", Map.of());
        Lineage again = Lineage.of(back);
        assertThat(alice.deposit(alice.depositing(again, TestWallet.noteOutput(again), new Range(0, 1500)))
                        .credited())
                .isEqualTo(new Amount(1500));
    }

    @Test
    void whatAPayeeDeniesComesBackAsANote() {
        TestWallet alice = TestWallet.enrolled(world, "bank-a", 2000);
        TestWallet bob = TestWallet.enrolled(world, "bank-b", 0);
        Lineage note = alice.load(1200);
        Nonce request = TestWallet.nonce();
        Lineage paid = alice.pay(note, TestWallet.noteOutput(note), new Range(0, 700), bob.thumbprint(), request);
        WalletRequest.ReturnUnreceived back = new WalletRequest.ReturnUnreceived(
                LineageCodec.encode(paid),
                Signed.by(bob.key, new NonReceipt(request, Optional.empty())),
                bob.certificates.getFirst(),
                alice.thumbprint(),
                TestWallet.nonce());
        Signed<Note> returned = TestWallet.loaded(alice.ask(back));
        assertThat(returned.statement().value()).isEqualTo(new Amount(700));
        assertThat(TestWallet.loaded(alice.ask(back))).isEqualTo(returned);
    }

    @Test
    void remittancesMoveOnceHereAndAcross() {
        TestWallet alice = TestWallet.enrolled(world, "bank-a", 3000);
        TestWallet carol = TestWallet.enrolled(world, "bank-a", 0);
        TestWallet bob = TestWallet.enrolled(world, "bank-b", 0);
        WalletRequest.Remit here = new WalletRequest.Remit(
                alice.institution(), carol.account, new Amount(1000), "rent", TestWallet.nonce());
        assertThat(alice.ask(here)).isEqualTo(new WalletAnswer.Remitted(new Amount(2000)));
        assertThat(alice.ask(here)).isEqualTo(new WalletAnswer.Remitted(new Amount(2000)));
        WalletRequest.Remit across =
                new WalletRequest.Remit(bob.institution(), bob.account, new Amount(700), "books", TestWallet.nonce());
        assertThat(alice.ask(across)).isEqualTo(new WalletAnswer.Remitted(new Amount(1300)));
        assertThat(alice.ask(across)).isEqualTo(new WalletAnswer.Remitted(new Amount(1300)));
        World.await("the remittance arrives", () -> bob.balance() == 700);
        assertThat(carol.balance()).isEqualTo(1000);
        assertThat(TestWallet.refused(alice.ask(
                        new WalletRequest.Remit(alice.institution(), "nobody", new Amount(1), "", TestWallet.nonce()))))
                .isEqualTo(RefusalCode.UNKNOWN_ACCOUNT);
        assertThat(TestWallet.refused(alice.ask(new WalletRequest.Remit(
                        bob.institution(), bob.account, new Amount(99_999), "", TestWallet.nonce()))))
                .isEqualTo(RefusalCode.INSUFFICIENT_BALANCE);
        WalletAnswer.Account account = (WalletAnswer.Account) alice.ask(new WalletRequest.ReadAccount(10));
        assertThat(account.balance()).isEqualTo(new Amount(1300));
        assertThat(account.entries()).anyMatch(e -> e.text().equals("remittance: rent") && !e.credit());
    }

    @Test
    void renewalTakesCountersThatNeverFallAndRotatesKeys() {
        TestWallet alice = TestWallet.enrolled(world, "bank-a", 3000);
        WalletAnswer.Renewed renewed = (WalletAnswer.Renewed) alice.ask(
                new WalletRequest.Renew(List.of(new Counters(alice.thumbprint(), 7, 500, 0)), List.of(), List.of()));
        PurseCertificate certificate = renewed.certificates().getFirst().statement();
        assertThat(certificate.seqBase()).isEqualTo(7);
        assertThat(certificate.spentBase()).isEqualTo(500);
        assertThat(TestWallet.refused(alice.ask(new WalletRequest.Renew(
                        List.of(new Counters(alice.thumbprint(), 6, 500, 0)), List.of(), List.of()))))
                .isEqualTo(RefusalCode.ROLLED_BACK);
        Nonce id = TestWallet.nonce();
        Signer fresh = TestWallet.signer();
        WalletAnswer.Renewed rotated = (WalletAnswer.Renewed) alice.ask(
                alice.key,
                id,
                new WalletRequest.Renew(
                        List.of(new Counters(alice.thumbprint(), 6, 0, 0)),
                        List.of(alice.thumbprint()),
                        List.of(KeyProof.by(fresh, alice.institution(), id))));
        assertThat(rotated.certificates()).hasSize(1);
        assertThat(rotated.certificates().getFirst().statement().key()).isEqualTo(fresh.publicKey());
        assertThat(TestWallet.refused(alice.ask(
                        new WalletRequest.Load(new Amount(1), World.CNY, alice.thumbprint(), TestWallet.nonce()))))
                .isEqualTo(RefusalCode.KEYS_RETIRED);
    }

    @Test
    void aLostDeviceIsBlockedRevokedAndItsMoneyReturnsAfterExpiryAndGrace(@TempDir Path folder) {
        try (World own = World.running(folder)) {
            TestWallet alice = TestWallet.enrolled(own, "bank-a", 5000);
            alice.load(2000);
            assertThat(TestWallet.refused(alice.ask(new WalletRequest.ReportLost("stolen"))))
                    .isEqualTo(RefusalCode.NOT_AUTHORISED);
            WalletAnswer lost = alice.ask(alice.accountKey, TestWallet.nonce(), new WalletRequest.ReportLost("stolen"));
            assertThat(lost).isInstanceOf(WalletAnswer.LostReported.class);
            assertThat(own.bulletin("bank-a").isRevoked(alice.thumbprint())).isTrue();
            Signed<Claim> claim = Signed.by(
                    alice.accountKey, new Claim(alice.institution(), alice.account, TestWallet.nonce(), alice.now()));
            WalletAnswer.Claimed early = (WalletAnswer.Claimed)
                    alice.ask(alice.accountKey, TestWallet.nonce(), new WalletRequest.ClaimLost(claim));
            assertThat(early.returned()).isEqualTo(Amount.ZERO);
            assertThat(early.pending()).isEqualTo(new Amount(2000));
            own.offset.addAndGet(World.profile().noteValidity().seconds()
                    + World.profile().grace().seconds()
                    + 3600);
            for (int i = 0; i < 2; i++) {
                WalletAnswer.Claimed due = (WalletAnswer.Claimed)
                        alice.ask(alice.accountKey, TestWallet.nonce(), new WalletRequest.ClaimLost(claim));
                assertThat(due.returned()).isEqualTo(new Amount(2000));
                assertThat(alice.balance()).isEqualTo(5000);
            }
        }
    }

    /** Keys that were bound before institutions kept their proofs: the central bank hears no word about them. */
    @Test
    void thatNoBulletinCanListALostKeyIsSaid() throws SQLException {
        TestWallet alice = TestWallet.enrolled(world, "bank-a", 5000);
        try (Connection connection = DriverManager.getConnection(world.database("bank-a"));
                Statement statement = connection.createStatement()) {
            statement.executeUpdate("UPDATE purse_key SET proof = NULL WHERE account = '" + alice.account + "'");
        }
        assertThat(alice.ask(alice.accountKey, TestWallet.nonce(), new WalletRequest.ReportLost("stolen")))
                .isEqualTo(new WalletAnswer.LostReported(0));
        assertThat(world.operator("bank-a", "/accounts/" + alice.account)
                        .required("block")
                        .asText())
                .isEqualTo("LOST");
        assertThat(world.bulletin("bank-a").isRevoked(alice.thumbprint())).isFalse();
        Signed<Claim> claim = Signed.by(
                alice.accountKey, new Claim(alice.institution(), alice.account, TestWallet.nonce(), alice.now()));
        assertThat(alice.ask(alice.accountKey, TestWallet.nonce(), new WalletRequest.ClaimLost(claim)))
                .isInstanceOfSatisfying(WalletAnswer.Refused.class, no -> {
                    assertThat(no.refusal().code()).isEqualTo(RefusalCode.UNKNOWN_PURSE);
                    assertThat(no.refusal().detail()).contains("before their proofs were kept");
                });
    }

    @Test
    void whatIsNotAnEnvelopeIsRefusedInTheOpenAndStrangersDoNotOperate() {
        HttpReply bad = world.post("bank-a", "/v1/wallet", MediaType.CBOR, World.utf8("nonsense"));
        assertThat(bad.ok()).isFalse();
        assertThat(bad.refusal().orElseThrow().code().number()).isLessThan(200);
        // the other institution's operator is a member of the network, and nobody here
        TestWallet bob = TestWallet.enrolled(world, "bank-b", 0);
        assertThat(world.stranger("bank-b", "bank-a", "/v1/operator/accounts")
                        .refusal()
                        .orElseThrow()
                        .code())
                .isEqualTo(RefusalCode.NOT_AUTHORISED);
        assertThat(bob.balance()).isZero();
    }
}
