package org.jiaozi.server.institution;

import static org.assertj.core.api.Assertions.assertThat;
import static org.jiaozi.server.institution.Killed.answer;
import static org.jiaozi.server.institution.Killed.insist;
import static org.jiaozi.server.institution.KilledErrands.deposit;
import static org.jiaozi.server.institution.KilledErrands.eventually;
import static org.jiaozi.server.institution.KilledErrands.paid;

import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.IntFunction;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.jiaozi.core.lineage.Lineage;
import org.jiaozi.core.lineage.LineageCodec;
import org.jiaozi.core.message.Claim;
import org.jiaozi.core.message.Handover;
import org.jiaozi.core.message.WalletAnswer;
import org.jiaozi.core.message.WalletRequest;
import org.jiaozi.core.statement.Signed;
import org.jiaozi.core.value.Amount;
import org.jiaozi.core.value.Hash;
import org.jiaozi.core.value.Range;

/** What becomes of payments and deposits later, while servers are killed. Each of these changes more than one customer's world. */
final class KilledAftermath {
    private static final Range ALL = new Range(0, 300);
    private static final Amount WHOLE = new Amount(300);

    private final KilledErrands errands;
    private final World world;

    KilledAftermath(KilledErrands errands) {
        this.errands = errands;
        this.world = errands.world;
    }

    void addTo(Map<String, IntFunction<Killed.Errand>> kinds) {
        errands.add("pay across", this::payAcross);
        errands.add("given back", this::givenBack);
        kinds.put("net", this::net);
        errands.add("release", this::release);
        kinds.put("honour", this::honour);
        kinds.put("honoured elsewhere", this::honouredElsewhere);
        kinds.put("claim", this::claim);
        kinds.put("claim of two", this::claimOfTwo);
    }

    private void balance(TestWallet wallet, long expected) {
        errands.balance(wallet, expected);
    }

    private TestWallet wallet(String bank, long balance) {
        return errands.wallet(bank, balance);
    }

    /** Money of the second institution, deposited at the first. */
    private Killed.Errand payAcross() {
        TestWallet bob = wallet("bank-b", 1000);
        TestWallet carol = wallet("bank-a", 0);
        Lineage paid = paid(bob, bob.load(300), carol, ALL, TestWallet.nonce());
        return () -> {
            assertThat(deposit(carol, paid, TestWallet.headOutput(paid), ALL).credited())
                    .isEqualTo(WHOLE);
            balance(carol, 300);
            balance(bob, 700);
        };
    }

    /** The account takes nothing: the deposit comes back as a note. */
    private Killed.Errand givenBack() {
        TestWallet alice = wallet("bank-a", 1000);
        Lineage note = alice.load(300);
        world.operator("bank-a", "/accounts/" + alice.account + "/block", Map.of());
        errands.leaves(300);
        return () -> {
            WalletAnswer.Deposited back = deposit(alice, note, TestWallet.noteOutput(note), ALL);
            assertThat(back.credited()).isEqualTo(Amount.ZERO);
            assertThat(back.returned().orElseThrow().statement().value()).isEqualTo(WHOLE);
            balance(alice, 700);
        };
    }

    private Killed.Errand net(int many) {
        TestWallet alice = wallet("bank-a", 1000);
        TestWallet bob = wallet("bank-b", 0);
        Lineage paid = paid(alice, alice.load(300), bob, ALL, TestWallet.nonce());
        deposit(bob, paid, TestWallet.headOutput(paid), ALL);
        return () -> {
            // nets once, whatever many there are: the central bank nets all at once
            errands.net();
            balance(alice, 700);
            balance(bob, 300);
        };
    }

    /** A flagged account's part of a fork, more than anybody gets unseen, waits for a person. */
    private Killed.Errand release() {
        long much = 2 * World.profile().reviewAbove().minor();
        Range all = new Range(0, much);
        TestWallet mallory = wallet("bank-a", 2 * much);
        TestWallet bob = wallet("bank-a", 0);
        TestWallet carol = wallet("bank-a", 0);
        Lineage note = mallory.load(much);
        Lineage one = paid(mallory, note, bob, all, TestWallet.nonce());
        Lineage other = paid(mallory, note, carol, all, TestWallet.nonce());
        world.operator("bank-a", "/accounts/" + carol.account + "/flag", Map.of());
        deposit(bob, one, TestWallet.headOutput(one), all);
        Lineage deposit = carol.depositing(other, TestWallet.headOutput(other), all);
        assertThat(carol.deposit(deposit).credited()).isEqualTo(Amount.ZERO);
        return () -> {
            errands.central("/withheld/release", Map.of("deposit", hash(deposit).hex()));
            eventually(() -> carol.balance() == much);
            balance(carol, much);
            balance(bob, much);
            balance(mallory, 0);
        };
    }

    private static Hash hash(Lineage deposit) {
        return deposit.head().transfer().hash();
    }

    /** The next bulletin says so, and both know it. */
    private void declare(String code, boolean gone) {
        long epoch = errands.central(gone ? "/gone" : "/back", Map.of("institution", code, "reason", "test"))
                .required("epoch")
                .longValue();
        eventually(() -> world.bulletin("bank-a").epoch() >= epoch
                && world.bulletin("bank-b").epoch() >= epoch);
    }

    private static Amount takeOver(TestWallet wallet, Lineage deposit) {
        WalletRequest.TakeOver asked = insist(() -> new WalletRequest.TakeOver(
                LineageCodec.encode(deposit),
                Signed.by(
                        wallet.key, new Handover(wallet.institution(), wallet.account, hash(deposit), wallet.now()))));
        return ((WalletAnswer.Deposited) answer(wallet, asked)).credited();
    }

    /** Somebody with a deposit at one institution and an account at the other. */
    private record Mover(TestWallet here, TestWallet there, Lineage deposit) {}

    private Lineage signed(TestWallet wallet) {
        Lineage note = wallet.load(300);
        return wallet.depositing(note, TestWallet.noteOutput(note), ALL);
    }

    private static <T> List<T> each(int many, Supplier<T> one) {
        return IntStream.range(0, many).mapToObj(i -> one.get()).toList();
    }

    /** The second institution is gone, and the first takes its deposits. */
    private Killed.Errand honour(int many) {
        List<Mover> movers = each(many, () -> wallet("bank-b", 1000)).stream()
                .map(bob -> new Mover(bob, bob.movedTo("bank-a"), signed(bob)))
                .toList();
        declare("bank-b", true);
        return () -> {
            together(movers, m -> assertThat(takeOver(m.there(), m.deposit())).isEqualTo(WHOLE));
            declare("bank-b", false);
            for (Mover m : movers) {
                balance(m.there(), 300);
                balance(m.here(), 700);
            }
        };
    }

    /** The first institution was gone, and what it had credited was honoured at the second. */
    private Killed.Errand honouredElsewhere(int many) {
        List<Mover> movers = each(many, () -> wallet("bank-a", 1000)).stream()
                .map(alice -> new Mover(alice, alice.movedTo("bank-b"), signed(alice)))
                .toList();
        movers.forEach(m -> assertThat(m.here().deposit(m.deposit()).credited()).isEqualTo(WHOLE));
        return () -> {
            declare("bank-a", true);
            together(movers, m -> {
                assertThat(takeOver(m.there(), m.deposit())).isEqualTo(Amount.ZERO);
                errands.central(
                        "/withheld/release", Map.of("deposit", hash(m.deposit()).hex()));
            });
            declare("bank-a", false);
            for (Mover m : movers) {
                eventually(() -> m.there().balance() == 300 && m.here().balance() == 700);
                balance(m.there(), 300);
                balance(m.here(), 700);
            }
        };
    }

    private static <T> void together(List<T> all, Consumer<T> work) {
        Killed.together(
                all.stream().<Killed.Errand>map(t -> () -> work.accept(t)).toList());
    }

    private static void lose(TestWallet wallet) {
        answer(wallet, wallet.accountKey, TestWallet.nonce(), new WalletRequest.ReportLost("stolen"));
    }

    /** No note that was loaded before may be deposited any more. */
    private void expire() {
        errands.later(World.profile().noteValidity().seconds()
                + World.profile().grace().seconds()
                + 3600);
    }

    private static void claims(TestWallet wallet) {
        Signed<Claim> claim = insist(() -> Signed.by(
                wallet.accountKey,
                Claim.of(wallet.accountKey.publicKey(), wallet.institution(), wallet.account, wallet.now())));
        WalletAnswer.Claimed claimed = (WalletAnswer.Claimed)
                answer(wallet, wallet.accountKey, TestWallet.nonce(), new WalletRequest.ClaimLost(claim));
        assertThat(claimed.returned()).isEqualTo(WHOLE);
    }

    /** Lost devices' money is paid to the accounts once it cannot come by itself any more. */
    private Killed.Errand claim(int many) {
        List<TestWallet> losers = each(many, () -> {
            TestWallet alice = wallet("bank-a", 1000);
            alice.load(300);
            lose(alice);
            return alice;
        });
        expire();
        return () -> together(losers, alice -> {
            // drawn up anew the second time, as a wallet does that keeps nothing but the account's key
            for (int i = 0; i < 2; i++) {
                claims(alice);
                balance(alice, 1000);
            }
        });
    }

    /** A payment that surfaces after its payer was paid for it: who has it next gets it, and the first owes it. */
    private record Late(TestWallet first, TestWallet next, Lineage paid) {}

    private Killed.Errand claimOfTwo(int many) {
        List<Late> all = each(many, () -> {
            TestWallet alice = wallet("bank-a", 1000);
            TestWallet bob = wallet("bank-a", 0);
            Late late = new Late(alice, bob, paid(alice, alice.load(300), bob, ALL, TestWallet.nonce()));
            lose(alice);
            lose(bob);
            return late;
        });
        expire();
        return () -> together(all, late -> {
            claims(late.first());
            answer(late.next(), new WalletRequest.Upload(List.of(LineageCodec.encode(late.paid()))));
            claims(late.next());
            eventually(() -> late.first().balance() == 700);
            balance(late.first(), 700);
            balance(late.next(), 300);
        });
    }
}
