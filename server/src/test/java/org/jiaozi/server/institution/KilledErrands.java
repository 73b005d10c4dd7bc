package org.jiaozi.server.institution;

import static org.assertj.core.api.Assertions.assertThat;
import static org.jiaozi.server.institution.Killed.answer;
import static org.jiaozi.server.institution.Killed.insist;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.jiaozi.core.lineage.Lineage;
import org.jiaozi.core.lineage.LineageCodec;
import org.jiaozi.core.message.Claim;
import org.jiaozi.core.message.Counters;
import org.jiaozi.core.message.WalletAnswer;
import org.jiaozi.core.message.WalletRequest;
import org.jiaozi.core.statement.NonReceipt;
import org.jiaozi.core.statement.Signed;
import org.jiaozi.core.statement.SliceRef;
import org.jiaozi.core.value.Amount;
import org.jiaozi.core.value.Nonce;
import org.jiaozi.core.value.Range;
import org.jiaozi.server.central.Ledger;
import org.jiaozi.server.http.HttpCaller;
import org.jiaozi.server.http.MediaType;
import org.jiaozi.server.http.Unreachable;
import org.jiaozi.server.tls.TlsIdentity;

/** What goes on at two institutions and the central bank while they are killed, and what must be true afterwards. */
final class KilledErrands {
    /** One world for each group: what a server does by itself, it does one after the other. */
    static final int GROUPS = 3;

    private final World world;
    private final Map<String, Killed.Errand> errands = new TreeMap<>();
    private Optional<TestWallet> cheat = Optional.empty();
    private long left;

    /** Prepares what the errands of one group begin with, before anything is killed. */
    KilledErrands(World world, int group) {
        this.world = world;
        switch (group) {
            case 0 -> {
                errands.put("enrol and load", this::enrol);
                errands.put("deposit", deposit());
                errands.put("renew", renew());
                errands.put("return", giveBack());
                errands.put("lost", lost());
                errands.put("upload", upload());
                errands.put("operator", operator());
                errands.put("central operator", this::centralOperator);
            }
            case 1 -> errands.put("fork", fork());
            case 2 -> {
                errands.put("remit", remit());
                errands.put("remit to nobody", remitToNobody());
            }
            default -> throw new IllegalArgumentException("group " + group);
        }
    }

    Map<String, Killed.Errand> errands() {
        return errands;
    }

    private static WalletAnswer.Deposited deposit(TestWallet wallet, Lineage held, SliceRef source, Range range) {
        Lineage deposit = insist(() -> wallet.depositing(held, source, range));
        return (WalletAnswer.Deposited) answer(wallet, new WalletRequest.Deposit(LineageCodec.encode(deposit)));
    }

    private static Lineage paid(TestWallet payer, Lineage note, TestWallet payee, Range range, Nonce request) {
        return payer.pay(note, TestWallet.noteOutput(note), range, payee.thumbprint(), request);
    }

    private static void balance(TestWallet wallet, long expected) {
        assertThat(insist(wallet::balance)).isEqualTo(expected);
    }

    private TestWallet wallet(String bank, long balance) {
        return TestWallet.enrolled(world, bank, balance);
    }

    private void enrol() {
        TestWallet alice = Killed.enrolled(world, "bank-a", 1000);
        WalletRequest load = new WalletRequest.Load(new Amount(300), World.CNY, alice.thumbprint(), TestWallet.nonce());
        Lineage note = Lineage.of(TestWallet.loaded(answer(alice, load)));
        balance(alice, 700);
        assertThat(deposit(alice, note, TestWallet.noteOutput(note), new Range(0, 300))
                        .credited())
                .isEqualTo(new Amount(300));
        balance(alice, 1000);
    }

    private Killed.Errand deposit() {
        TestWallet alice = wallet("bank-a", 1000);
        Lineage note = alice.load(400);
        left += 100;
        return () -> {
            assertThat(deposit(alice, note, TestWallet.noteOutput(note), new Range(0, 300))
                            .credited())
                    .isEqualTo(new Amount(300));
            balance(alice, 900);
        };
    }

    private Killed.Errand renew() {
        TestWallet alice = wallet("bank-a", 0);
        WalletRequest renew =
                new WalletRequest.Renew(List.of(new Counters(alice.thumbprint(), 7, 500, 0)), List.of(), List.of());
        return () -> assertThat(((WalletAnswer.Renewed) answer(alice, renew))
                        .certificates()
                        .getFirst()
                        .statement()
                        .seqBase())
                .isEqualTo(7);
    }

    private Killed.Errand giveBack() {
        TestWallet alice = wallet("bank-a", 1000);
        TestWallet bob = wallet("bank-b", 0);
        Nonce request = TestWallet.nonce();
        Lineage paid = paid(alice, alice.load(700), bob, new Range(0, 700), request);
        WalletRequest back = new WalletRequest.ReturnUnreceived(
                LineageCodec.encode(paid),
                Signed.by(bob.key, new NonReceipt(request, Optional.empty())),
                bob.certificates.getFirst(),
                alice.thumbprint(),
                TestWallet.nonce());
        left += 700;
        return () -> {
            assertThat(TestWallet.loaded(answer(alice, back)).statement().value())
                    .isEqualTo(new Amount(700));
            balance(alice, 300);
        };
    }

    /** Two get the same money: both are paid, one is convicted. */
    private Killed.Errand fork() {
        TestWallet mallory = wallet("bank-a", 1000);
        TestWallet bob = wallet("bank-b", 0);
        TestWallet carol = wallet("bank-a", 0);
        Lineage note = mallory.load(600);
        cheat = Optional.of(mallory);
        Range all = new Range(0, 600);
        Lineage one = paid(mallory, note, bob, all, TestWallet.nonce());
        Lineage other = paid(mallory, note, carol, all, TestWallet.nonce());
        return () -> {
            assertThat(deposit(bob, one, TestWallet.headOutput(one), all).credited())
                    .isEqualTo(new Amount(600));
            assertThat(deposit(carol, other, TestWallet.headOutput(other), all).credited())
                    .isEqualTo(new Amount(600));
            balance(bob, 600);
            balance(carol, 600);
            eventually(() -> mallory.balance() == 0);
        };
    }

    private Killed.Errand remit() {
        TestWallet alice = wallet("bank-a", 1000);
        TestWallet carol = wallet("bank-a", 0);
        TestWallet bob = wallet("bank-b", 50);
        return () -> {
            remits(alice, carol, carol.account, 100);
            remits(bob, alice, alice.account, 50);
            remits(alice, bob, bob.account, 200);
            eventually(() -> bob.balance() == 200 && alice.balance() == 750 && carol.balance() == 100);
        };
    }

    private Killed.Errand remitToNobody() {
        TestWallet alice = wallet("bank-a", 1000);
        TestWallet bob = wallet("bank-b", 1000);
        return () -> {
            remits(alice, bob, "nobody", 300);
            remits(bob, alice, "nobody", 400);
            eventually(() -> bob.balance() == 1000 && alice.balance() == 1000);
        };
    }

    private static void remits(TestWallet from, TestWallet to, String account, long amount) {
        WalletRequest remit = insist(() ->
                new WalletRequest.Remit(to.institution(), account, new Amount(amount), "rent", TestWallet.nonce()));
        assertThat(answer(from, remit)).isInstanceOf(WalletAnswer.Remitted.class);
    }

    private static void eventually(BooleanSupplier happened) {
        while (!insist(happened::getAsBoolean)) {
            LockSupport.parkNanos(100_000_000);
        }
    }

    private Killed.Errand lost() {
        TestWallet alice = wallet("bank-a", 1000);
        alice.load(200);
        left += 200;
        return () -> {
            assertThat(answer(alice, alice.accountKey, TestWallet.nonce(), new WalletRequest.ReportLost("stolen")))
                    .isInstanceOf(WalletAnswer.LostReported.class);
            Signed<Claim> claim = insist(() -> Signed.by(
                    alice.accountKey, new Claim(alice.institution(), alice.account, TestWallet.nonce(), alice.now())));
            WalletAnswer.Claimed claimed = (WalletAnswer.Claimed)
                    answer(alice, alice.accountKey, TestWallet.nonce(), new WalletRequest.ClaimLost(claim));
            assertThat(claimed.pending()).isEqualTo(new Amount(200));
        };
    }

    private Killed.Errand upload() {
        TestWallet alice = wallet("bank-a", 1000);
        TestWallet carol = wallet("bank-a", 0);
        Range all = new Range(0, 100);
        left += 100;
        Lineage paid = paid(alice, alice.load(100), carol, all, TestWallet.nonce());
        return () -> assertThat(answer(alice, new WalletRequest.Upload(List.of(LineageCodec.encode(paid)))))
                .isInstanceOf(WalletAnswer.Uploaded.class);
    }

    private Killed.Errand operator() {
        TestWallet alice = wallet("bank-a", 0);
        String path = "/accounts/" + alice.account;
        return () -> {
            for (String act : List.of("/block", "/unblock", "/flag", "/unflag")) {
                insist(() -> world.operator("bank-a", path + act, Map.of()));
            }
            insist(() -> world.operator("bank-a", path + "/credit", Map.of("amount", 70, "reference", "salary")));
            insist(() -> world.operator("bank-a", path + "/debit", Map.of("amount", 20, "reference", "cash")));
            insist(() -> world.operator("bank-a", path + "/code", Map.of()));
            balance(alice, 50);
        };
    }

    private void centralOperator() {
        central("/quota", Map.of("institution", "bank-a", "number", 1, "currency", "CNY", "limit", 20_000_000));
        central("/reserve", Map.of("institution", "bank-a", "currency", "CNY", "amount", 500, "reference", "more"));
        central("/guarantee", Map.of("institution", "bank-a", "currency", "CNY", "amount", 300, "reference", "fund"));
        central("/netting", Map.of());
        central("/bulletin", Map.of());
    }

    private void central(String path, Map<String, ?> body) {
        Killed.operate(() -> {
            try (HttpCaller operator = HttpCaller.create(
                    Optional.of(TlsIdentity.load(world.folder.resolve("central").resolve("operator"))
                            .context()),
                    Duration.ofSeconds(60))) {
                return operator.post(
                        URI.create(world.centralAddress + "/v1/operator" + path),
                        MediaType.JSON,
                        World.JSON.writeValueAsBytes(body));
            } catch (Unreachable e) {
                throw new UncheckedIOException(e);
            } catch (IOException e) {
                throw new AssertionError(e);
            }
        });
    }

    /** The last errand, once the others are done: the central bank nets, and both institutions book it. */
    void net() {
        central("/netting", Map.of());
        for (String bank : List.of("bank-a", "bank-b")) {
            eventually(() -> world.book(bank, "clearing") == 0);
        }
    }

    /** Once nobody dies any more. */
    void audit() {
        for (String bank : List.of("bank-a", "bank-b")) {
            assertThat(world.book(bank, "clearing")).isZero();
            assertThat(world.book(bank, "suspense")).isZero();
            assertThat(world.operator(bank, "/books").required("sum").longValue())
                    .isZero();
        }
        assertThat(new Ledger(world.centralDatabase).breaches()).isEmpty();
        assertThat(world.book("bank-a", "float")).isEqualTo(left);
        cheat.ifPresent(culprit -> {
            World.await(
                    "the culprit's account is blocked",
                    () -> account(culprit).required("block").asText().equals("CONVICTED"));
            assertThat(account(culprit).required("owed").longValue()).isEqualTo(200);
        });
    }

    private JsonNode account(TestWallet wallet) {
        return world.operator("bank-a", "/accounts/" + wallet.account);
    }
}
