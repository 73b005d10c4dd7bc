package org.jiaozi.server.institution;

import static org.assertj.core.api.Assertions.assertThat;
import static org.jiaozi.server.institution.Killed.answer;
import static org.jiaozi.server.institution.Killed.insist;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.IntFunction;
import java.util.function.LongConsumer;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.jiaozi.core.lineage.Lineage;
import org.jiaozi.core.lineage.LineageCodec;
import org.jiaozi.core.message.Claim;
import org.jiaozi.core.message.Counters;
import org.jiaozi.core.message.WalletAnswer;
import org.jiaozi.core.message.WalletRequest;
import org.jiaozi.core.statement.NonReceipt;
import org.jiaozi.core.statement.PurseCertificate;
import org.jiaozi.core.statement.Signed;
import org.jiaozi.core.statement.SliceRef;
import org.jiaozi.core.value.Amount;
import org.jiaozi.core.value.Hash;
import org.jiaozi.core.value.Nonce;
import org.jiaozi.core.value.Range;
import org.jiaozi.server.central.Ledger;

/** What goes on at two institutions and the central bank while they are killed, and what must be true afterwards. */
final class KilledErrands {
    final World world;
    final KilledBooks books;
    private final KilledOperators operators;
    private final Map<String, IntFunction<Killed.Errand>> kinds = new LinkedHashMap<>();
    /** Told by how much all clocks go ahead, where somebody else has to set one. */
    private LongConsumer clocks = seconds -> {};

    KilledErrands(World world) {
        this.world = world;
        this.books = new KilledBooks(world);
        add("enrol, load, deposit", () -> this::enrol);
        add("deposit", this::deposit);
        add("renew", this::renew);
        add("return", this::giveBack);
        add("lost", this::lost);
        add("upload", this::upload);
        operators = new KilledOperators(this);
        operators.addTo();
        add("fork", this::fork);
        add("remit", this::remit);
        add("remit to nobody", this::remitToNobody);
    }

    /** With what comes of deposits later; each needs its world for itself. */
    static KilledErrands withAftermath(World world, LongConsumer clocks) {
        KilledErrands all = new KilledErrands(world);
        all.clocks = clocks;
        new KilledAftermath(all).addTo(all.kinds);
        all.operators.addTo(all.kinds);
        new KilledDisputes(all).addTo(all.kinds);
        return all;
    }

    /** Whatever somebody comes with alone may be brought by many at once. */
    void add(String name, Supplier<Killed.Errand> one) {
        kinds.put(name, many -> {
            List<Killed.Errand> all =
                    IntStream.range(0, many).mapToObj(i -> one.get()).toList();
            return () -> Killed.together(all);
        });
    }

    /** For so many customers at once; what they begin with is prepared when it is asked for. */
    Map<String, IntFunction<Killed.Errand>> kinds() {
        return kinds;
    }

    /** What stays outstanding of the first institution's notes once an errand is done. */
    void leaves(long amount) {
        books.outstanding("bank-a", amount);
    }

    /** Time goes by, until both institutions have a bulletin that is in force then. */
    void later(long seconds) {
        world.offset.addAndGet(seconds);
        clocks.accept(world.offset.get());
        long now = world.clock.instant().getEpochSecond();
        eventually(() -> world.bulletin("bank-a").nextUpdate().seconds() > now
                && world.bulletin("bank-b").nextUpdate().seconds() > now);
    }

    static WalletAnswer.Deposited deposit(TestWallet wallet, Lineage held, SliceRef source, Range range) {
        Lineage deposit = insist(() -> wallet.depositing(held, source, range));
        return (WalletAnswer.Deposited) answer(wallet, new WalletRequest.Deposit(LineageCodec.encode(deposit)));
    }

    static Lineage paid(TestWallet payer, Lineage note, TestWallet payee, Range range, Nonce request) {
        return payer.pay(note, TestWallet.noteOutput(note), range, payee.thumbprint(), request);
    }

    void balance(TestWallet wallet, long expected) {
        books.balance(wallet, expected);
    }

    TestWallet wallet(String bank, long balance) {
        books.opened(bank, balance);
        return TestWallet.enrolled(world, bank, balance);
    }

    private void enrol() {
        books.opened("bank-a", 1000);
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
        leaves(100);
        return () -> {
            assertThat(deposit(alice, note, TestWallet.noteOutput(note), new Range(0, 300))
                            .credited())
                    .isEqualTo(new Amount(300));
            assertThat(((WalletAnswer.Account) answer(alice, new WalletRequest.ReadAccount(1))).balance())
                    .isEqualTo(new Amount(900));
            balance(alice, 900);
        };
    }

    private Killed.Errand renew() {
        TestWallet alice = wallet("bank-a", 0);
        WalletRequest renew =
                new WalletRequest.Renew(List.of(new Counters(alice.thumbprint(), 7, 500, 0)), List.of(), List.of());
        return () -> {
            PurseCertificate certificate = ((WalletAnswer.Renewed) answer(alice, renew))
                    .certificates()
                    .getFirst()
                    .statement();
            assertThat(List.of(certificate.seqBase(), certificate.spentBase())).containsExactly(7L, 500L);
            JsonNode kept = insist(() -> account(alice)).required("keys").required(0);
            assertThat(kept.required("key").asText())
                    .isEqualTo(alice.thumbprint().hex());
            assertThat(kept.required("status").asText()).isEqualTo("ACTIVE");
            assertThat(kept.required("seq").longValue()).isEqualTo(7);
            assertThat(kept.required("spent").longValue()).isEqualTo(500);
            balance(alice, 0);
        };
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
        leaves(700);
        return () -> {
            assertThat(TestWallet.loaded(answer(alice, back)).statement().value())
                    .isEqualTo(new Amount(700));
            balance(alice, 300);
            balance(bob, 0);
        };
    }

    /** Two get the same money: both are paid, one is convicted. */
    private Killed.Errand fork() {
        TestWallet mallory = wallet("bank-a", 1000);
        TestWallet bob = wallet("bank-b", 0);
        TestWallet carol = wallet("bank-a", 0);
        Lineage note = mallory.load(600);
        Range all = new Range(0, 600);
        Lineage one = paid(mallory, note, bob, all, TestWallet.nonce());
        Lineage other = paid(mallory, note, carol, all, TestWallet.nonce());
        // what was not on the account
        long unpaid = 200;
        books.unpaid("bank-a", unpaid);
        return () -> {
            assertThat(deposit(bob, one, TestWallet.headOutput(one), all).credited())
                    .isEqualTo(new Amount(600));
            assertThat(deposit(carol, other, TestWallet.headOutput(other), all).credited())
                    .isEqualTo(new Amount(600));
            balance(bob, 600);
            balance(carol, 600);
            eventually(() -> mallory.balance() == 0);
            eventually(() -> account(mallory).required("owed").longValue() == unpaid);
            balance(mallory, 0);
            assertThat(insist(() -> account(mallory)).required("block").asText())
                    .isEqualTo("CONVICTED");
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
            balance(bob, 200);
            balance(alice, 750);
            balance(carol, 100);
        };
    }

    private Killed.Errand remitToNobody() {
        TestWallet alice = wallet("bank-a", 1000);
        TestWallet bob = wallet("bank-b", 1000);
        return () -> {
            remits(alice, bob, "nobody", 300);
            remits(bob, alice, "nobody", 400);
            eventually(() -> bob.balance() == 1000 && alice.balance() == 1000);
            balance(bob, 1000);
            balance(alice, 1000);
        };
    }

    private static void remits(TestWallet from, TestWallet to, String account, long amount) {
        WalletRequest remit = insist(() ->
                new WalletRequest.Remit(to.institution(), account, new Amount(amount), "rent", TestWallet.nonce()));
        assertThat(answer(from, remit)).isInstanceOf(WalletAnswer.Remitted.class);
    }

    static void eventually(BooleanSupplier happened) {
        while (!insist(happened::getAsBoolean)) {
            LockSupport.parkNanos(150_000_000);
        }
    }

    private Killed.Errand lost() {
        TestWallet alice = wallet("bank-a", 1000);
        alice.load(200);
        leaves(200);
        return () -> {
            assertThat(answer(alice, alice.accountKey, TestWallet.nonce(), new WalletRequest.ReportLost("stolen")))
                    .isInstanceOf(WalletAnswer.LostReported.class);
            Signed<Claim> claim = insist(() -> Signed.by(
                    alice.accountKey, new Claim(alice.institution(), alice.account, TestWallet.nonce(), alice.now())));
            WalletAnswer.Claimed claimed = (WalletAnswer.Claimed)
                    answer(alice, alice.accountKey, TestWallet.nonce(), new WalletRequest.ClaimLost(claim));
            assertThat(claimed.pending()).isEqualTo(new Amount(200));
            operators.refused(alice);
            balance(alice, 800);
        };
    }

    private Killed.Errand upload() {
        TestWallet alice = wallet("bank-a", 1000);
        TestWallet carol = wallet("bank-a", 0);
        Range all = new Range(0, 100);
        leaves(100);
        Lineage paid = paid(alice, alice.load(100), carol, all, TestWallet.nonce());
        Hash transfer = paid.head().transfer().hash();
        return () -> {
            assertThat(answer(alice, new WalletRequest.Upload(List.of(LineageCodec.encode(paid)))))
                    .isEqualTo(new WalletAnswer.Uploaded(List.of(transfer)));
            assertThat(new Ledger(world.centralDatabase).knows(transfer)).isTrue();
            balance(alice, 900);
            balance(carol, 0);
        };
    }

    static String fresh() {
        return TestWallet.nonce().bytes().hex();
    }

    JsonNode central(String path, Map<String, ?> body) {
        return insist(() -> world.operator(World.CENTRAL, path, body));
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
        books.audit();
    }

    JsonNode account(TestWallet wallet) {
        return world.operator("bank-a", "/accounts/" + wallet.account);
    }
}
