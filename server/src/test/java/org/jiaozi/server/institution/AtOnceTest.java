package org.jiaozi.server.institution;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.logging.Level;
import org.jiaozi.core.lineage.Lineage;
import org.jiaozi.core.lineage.LineageCodec;
import org.jiaozi.core.message.Counters;
import org.jiaozi.core.message.Outcome;
import org.jiaozi.core.message.WalletAnswer;
import org.jiaozi.core.message.WalletMessage;
import org.jiaozi.core.message.WalletRequest;
import org.jiaozi.core.refusal.RefusalCode;
import org.jiaozi.core.statement.NonReceipt;
import org.jiaozi.core.statement.Signed;
import org.jiaozi.core.value.Amount;
import org.jiaozi.core.value.Nonce;
import org.jiaozi.core.value.Range;
import org.jiaozi.server.Logging;
import org.jiaozi.server.central.Ledger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What comes in twice at the same moment, on the real database at its real isolation level. */
final class AtOnceTest {
    private static final int ROUNDS = Integer.getInteger("jiaozi.rounds", 12);

    private final long seed = Long.getLong("jiaozi.seed", System.nanoTime());
    private final Random dice = new Random(seed);

    @BeforeAll
    static void hush() {
        // changes that collide are repeated, and said so
        Logging.configure(Level.SEVERE);
    }

    @AfterAll
    static void speak() {
        Logging.configure(Level.WARNING);
    }

    /** Begins both at the same moment. */
    private static <T> List<T> together(List<Callable<T>> works) throws Exception {
        CyclicBarrier barrier = new CyclicBarrier(works.size());
        try (ExecutorService threads = Executors.newFixedThreadPool(works.size())) {
            List<Future<T>> begun = new ArrayList<>();
            for (Callable<T> work : works) {
                begun.add(threads.submit(() -> {
                    barrier.await();
                    return work.call();
                }));
            }
            List<T> done = new ArrayList<>();
            for (Future<T> one : begun) {
                done.add(one.get());
            }
            return done;
        }
    }

    @Test
    void theSameSliceAtTwoInstitutionsIsRedeemedOnceAndConvictsWhoSpentItTwice(@TempDir Path folder) throws Exception {
        try (World world = World.running(folder)) {
            TestWallet bob = TestWallet.enrolled(world, "bank-a", 0);
            TestWallet carol = TestWallet.enrolled(world, "bank-b", 0);
            TreeSet<String> cheats = new TreeSet<>();
            long paid = 0;
            for (int round = 0; round < ROUNDS; round++) {
                TestWallet cheat = TestWallet.enrolled(world, dice.nextBoolean() ? "bank-a" : "bank-b", 1000);
                cheats.add(cheat.thumbprint().hex());
                Lineage note = cheat.load(100);
                Range first = new Range(0, 1 + dice.nextInt(100));
                Range second = new Range(dice.nextInt((int) first.hi()), 100);
                Lineage one = cheat.pay(note, TestWallet.noteOutput(note), first, bob.thumbprint(), TestWallet.nonce());
                Lineage two =
                        cheat.pay(note, TestWallet.noteOutput(note), second, carol.thumbprint(), TestWallet.nonce());
                Lineage here = bob.depositing(one, TestWallet.headOutput(one), first);
                Lineage there = carol.depositing(two, TestWallet.headOutput(two), second);
                List<WalletAnswer.Deposited> answers = depositedAtOnce(bob, here, carol, there);
                paid += first.amount().minor() + second.amount().minor();
                assertThat(sum(answers, Outcome.Kind.REDEEMED))
                        .as("seed %d, round %d", seed, round)
                        .isEqualTo(100);
                assertThat(sum(answers, Outcome.Kind.MADE_WHOLE))
                        .as("seed %d, round %d", seed, round)
                        .isEqualTo(first.amount().minor() + second.amount().minor() - 100);
            }
            assertThat(bob.balance() + carol.balance()).as("seed %d", seed).isEqualTo(paid);
            TreeSet<String> convicted = new TreeSet<>();
            world.central.admin().convictions().forEach(c -> convicted.add((String) c.get("culprit")));
            assertThat(convicted).as("seed %d", seed).isEqualTo(cheats);
            settled(world);
        }
    }

    @Test
    void aPurseThatHandsOneSliceToTwoInstitutionsAtOnceIsPaidOnceAndConvicted(@TempDir Path folder) throws Exception {
        try (World world = World.running(folder)) {
            for (int round = 0; round < ROUNDS; round++) {
                TestWallet here = TestWallet.enrolled(world, "bank-a", 100);
                Lineage note = here.load(100);
                TestWallet there = here.movedTo("bank-b");
                Range first = new Range(0, 1 + dice.nextInt(100));
                Range second = new Range(dice.nextInt((int) first.hi()), 100);
                Lineage one = here.depositing(note, TestWallet.noteOutput(note), first);
                Lineage two = there.depositing(note, TestWallet.noteOutput(note), second);
                List<WalletAnswer.Deposited> answers = depositedAtOnce(here, one, there, two);
                assertThat(sum(answers, Outcome.Kind.REDEEMED))
                        .as("seed %d, round %d", seed, round)
                        .isEqualTo(100);
                assertThat(sum(answers, Outcome.Kind.REFUSED))
                        .as("seed %d, round %d", seed, round)
                        .isEqualTo(first.amount().minor() + second.amount().minor() - 100);
                assertThat(here.balance() + there.balance())
                        .as("seed %d, round %d", seed, round)
                        .isEqualTo(100);
                assertThat(world.central.admin().convictions())
                        .as("seed %d, round %d", seed, round)
                        .filteredOn(
                                c -> c.get("culprit").equals(here.thumbprint().hex()))
                        .hasSize(1);
            }
            settled(world);
        }
    }

    private List<WalletAnswer.Deposited> depositedAtOnce(
            TestWallet one, Lineage first, TestWallet other, Lineage second) throws Exception {
        return together(List.of(
                () -> (WalletAnswer.Deposited)
                        Killed.answer(one, new WalletRequest.Deposit(LineageCodec.encode(first))),
                () -> (WalletAnswer.Deposited)
                        Killed.answer(other, new WalletRequest.Deposit(LineageCodec.encode(second)))));
    }

    private static long sum(List<WalletAnswer.Deposited> answers, Outcome.Kind kind) {
        return answers.stream()
                .flatMap(answer -> answer.outcomes().stream())
                .filter(o -> o.kind() == kind)
                .mapToLong(o -> o.range().amount().minor())
                .sum();
    }

    @Test
    void aPurseThatSaysEverythingTwiceAtOnceIsHeardOnce(@TempDir Path folder) throws Exception {
        try (World world = World.running(folder)) {
            TestWallet bob = TestWallet.enrolled(world, "bank-b", 0);
            for (int round = 0; round < ROUNDS; round++) {
                TestWallet alice = TestWallet.enrolled(world, "bank-a", 1000);
                Lineage note = Lineage.of(TestWallet.loaded(twice(
                        alice,
                        new WalletRequest.Load(new Amount(500), World.CNY, alice.thumbprint(), TestWallet.nonce()))));
                Range deposited = new Range(0, 1 + dice.nextInt(300));
                Lineage deposit = alice.depositing(note, TestWallet.noteOutput(note), deposited);
                assertThat(((WalletAnswer.Deposited)
                                        twice(alice, new WalletRequest.Deposit(LineageCodec.encode(deposit))))
                                .credited())
                        .isEqualTo(deposited.amount());
                Nonce request = TestWallet.nonce();
                Range denied = new Range(300, 500);
                Lineage paid = alice.pay(note, TestWallet.noteOutput(note), denied, bob.thumbprint(), request);
                twice(
                        alice,
                        new WalletRequest.ReturnUnreceived(
                                LineageCodec.encode(paid),
                                Signed.by(bob.key, new NonReceipt(request, Optional.empty())),
                                bob.certificates.getFirst(),
                                alice.thumbprint(),
                                TestWallet.nonce()));
                twice(
                        alice,
                        new WalletRequest.Remit(bob.institution(), bob.account, new Amount(7), "", TestWallet.nonce()));
                assertThat(twice(alice, new WalletRequest.Upload(List.of(LineageCodec.encode(paid)))))
                        .isEqualTo(new WalletAnswer.Uploaded(
                                List.of(paid.head().transfer().hash())));
                renewedAtOnce(alice, denied.amount().minor());
                assertThat(alice.balance())
                        .as("seed %d, round %d", seed, round)
                        .isEqualTo(500 + deposited.amount().minor() - 7);
            }
            World.await("all remittances", () -> bob.balance() == 7L * ROUNDS);
            assertThat(world.central.admin().convictions()).as("seed %d", seed).isEmpty();
            settled(world);
        }
    }

    /** A refused deposit leaves nothing behind: whoever asks while another's refusal is carried out asks the registry again. */
    @Test
    void aDepositThatIsRefusedIsRefusedToAllWhoAskAtOnceForTheSameReason(@TempDir Path folder) throws Exception {
        try (World world = World.running(folder)) {
            TestWallet alice = TestWallet.enrolled(world, "bank-a", 1000);
            TestWallet bob = TestWallet.enrolled(world, "bank-b", 0);
            Lineage note = alice.load(1000);
            Range range = new Range(0, 300);
            for (int round = 0; round < ROUNDS; round++) {
                Lineage.Link sound = alice.pay(
                                note, TestWallet.noteOutput(note), range, bob.thumbprint(), TestWallet.nonce())
                        .head();
                Lineage paid = note.plus(
                        new Lineage.Link(Signed.by(bob.key, sound.transfer().statement()), sound.certificate()));
                Lineage forged = bob.depositing(paid, TestWallet.headOutput(paid), range);
                WalletRequest request = new WalletRequest.Deposit(LineageCodec.encode(forged));
                List<Callable<WalletAnswer>> asked = new ArrayList<>();
                for (int i = 0; i < 6; i++) {
                    Signed<WalletMessage> message = bob.message(bob.key, TestWallet.nonce(), request);
                    asked.add(() -> WalletAnswer.read(bob.send(message).body()));
                }
                assertThat(together(asked))
                        .as("seed %d, round %d", seed, round)
                        .allSatisfy(a -> assertThat(TestWallet.refused(a)).isEqualTo(RefusalCode.BAD_SIGNATURE));
            }
            settled(world);
        }
    }

    /** Counters that move on: one message is answered with one set of certificates, and each of them starts from there. */
    private void renewedAtOnce(TestWallet wallet, long spent) throws Exception {
        WalletRequest renew =
                new WalletRequest.Renew(List.of(new Counters(wallet.thumbprint(), 2, spent, 0)), List.of(), List.of());
        List<WalletAnswer> answers = threeTimes(wallet, renew);
        assertThat(answers)
                .as("seed %d", seed)
                .allSatisfy(a -> assertThat(a)
                        .isInstanceOfSatisfying(
                                WalletAnswer.Renewed.class,
                                renewed -> assertThat(renewed.certificates())
                                        .hasSize(1)
                                        .allMatch(c -> c.statement().seqBase() == 2)));
        assertThat(answers.get(0)).isEqualTo(answers.get(1));
    }

    /** The same message twice, and the same request in another message, all at the same moment. */
    private List<WalletAnswer> threeTimes(TestWallet wallet, WalletRequest request) throws Exception {
        Signed<WalletMessage> message = wallet.message(wallet.key, TestWallet.nonce(), request);
        Signed<WalletMessage> another = wallet.message(wallet.key, TestWallet.nonce(), request);
        return together(List.of(
                () -> Killed.answer(wallet, message),
                () -> Killed.answer(wallet, message),
                () -> Killed.answer(wallet, another)));
    }

    /** All three are answered with the same bytes. */
    private WalletAnswer twice(TestWallet wallet, WalletRequest request) throws Exception {
        List<WalletAnswer> answers = threeTimes(wallet, request);
        assertThat(answers)
                .as("seed %d", seed)
                .allMatch(
                        a -> a.cbor().encode().equals(answers.getFirst().cbor().encode()));
        return answers.getFirst();
    }

    private static void settled(World world) {
        for (String bank : List.of("bank-a", "bank-b")) {
            // what an institution takes from a cheat after one cycle is settled by the next
            World.await("the netting cycle at " + bank, () -> {
                world.central.admin().net();
                return world.book(bank, "clearing") == 0;
            });
            assertThat(world.operator(bank, "/books").required("sum").longValue())
                    .isZero();
        }
        assertThat(new Ledger(world.centralDatabase).breaches()).isEmpty();
    }
}
