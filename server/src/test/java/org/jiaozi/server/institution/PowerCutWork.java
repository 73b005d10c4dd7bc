package org.jiaozi.server.institution;

import static org.assertj.core.api.Assertions.assertThat;
import static org.jiaozi.server.institution.Killed.insist;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.function.IntPredicate;
import java.util.function.IntSupplier;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jiaozi.core.crypto.Signer;
import org.jiaozi.core.lineage.Lineage;
import org.jiaozi.core.lineage.LineageCodec;
import org.jiaozi.core.message.BankMessage;
import org.jiaozi.core.message.Claim;
import org.jiaozi.core.message.WalletAnswer;
import org.jiaozi.core.message.WalletMessage;
import org.jiaozi.core.message.WalletRequest;
import org.jiaozi.core.statement.Signed;
import org.jiaozi.core.value.Amount;
import org.jiaozi.core.value.Nonce;
import org.jiaozi.core.value.Range;
import org.jiaozi.server.central.Ledger;

/**
 * What customers and operators ask until the power goes, several of them at once, and what they ask again after that: where one
 * saw an answer he gets the same, where he saw none it is done once.
 */
final class PowerCutWork {
    private static final int ROUNDS = 4;
    private static final long OPENING = 10_000;
    private static final long LOST = 20;

    /** What must be in the books after what was done. */
    private static final class Due {
        private final KilledBooks books;
        private final Map<TestWallet, Long> balances = new HashMap<>();

        Due(KilledBooks books) {
            this.books = books;
        }

        void on(TestWallet wallet, long amount) {
            balances.merge(wallet, amount, Math::addExact);
        }

        void outstanding(String bank, long amount) {
            books.outstanding(bank, amount);
        }
    }

    /** Something that was asked for, between two signs; the later one where the answer was seen. */
    private static final class Asked {
        private final String what;
        private final int begun;
        private final Supplier<?> again;
        private final Consumer<Due> leaves;
        private volatile int told = Integer.MAX_VALUE;
        private volatile Object answer = "none";

        Asked(String what, int begun, Supplier<?> again, Consumer<Due> leaves) {
            this.what = what;
            this.begun = begun;
            this.again = again;
            this.leaves = leaves;
        }
    }

    private final World world;
    private final IntSupplier sign;
    private final List<Asked> all = new CopyOnWriteArrayList<>();
    private final TestWallet alice;
    private final TestWallet bob;
    private final TestWallet carol;
    private final TestWallet dave;
    private final TestWallet[] careless = new TestWallet[ROUNDS];

    /** Enrols who will ask. */
    PowerCutWork(World world, IntSupplier sign) {
        this.world = world;
        this.sign = sign;
        alice = TestWallet.enrolled(world, "bank-a", OPENING);
        bob = TestWallet.enrolled(world, "bank-b", OPENING);
        carol = TestWallet.enrolled(world, "bank-a", OPENING);
        dave = TestWallet.enrolled(world, "bank-a", OPENING);
        for (int i = 0; i < ROUNDS; i++) {
            careless[i] = TestWallet.enrolled(world, "bank-a", OPENING);
            careless[i].load(LOST);
        }
    }

    private List<TestWallet> customers() {
        return Stream.concat(Stream.of(alice, bob, carol, dave), Stream.of(careless))
                .toList();
    }

    /** Has all of them ask; halfway {@code between} is done. */
    void run(Runnable between) {
        Killed.together(List.of(this::atOneBank, this::acrossBanks, this::aboutAccounts, () -> nets(between)));
    }

    private void atOneBank() {
        for (int i = 0; i < ROUNDS; i++) {
            Lineage note = load(alice, 100);
            deposit(alice, alice.depositing(note, TestWallet.noteOutput(note), new Range(0, 60)), "bank-a", 60);
        }
    }

    private void acrossBanks() {
        for (int i = 0; i < ROUNDS; i++) {
            Lineage note = load(bob, 50);
            Lineage paid = KilledErrands.paid(bob, note, carol, new Range(0, 50), TestWallet.nonce());
            deposit(carol, carol.depositing(paid, TestWallet.headOutput(paid), new Range(0, 50)), "bank-b", 50);
        }
    }

    private void aboutAccounts() {
        for (TestWallet lost : careless) {
            wallet(
                    "remit",
                    dave,
                    dave.key,
                    new WalletRequest.Remit(bob.institution(), bob.account, new Amount(10), "rent", TestWallet.nonce()),
                    due -> {
                        due.on(dave, -10);
                        due.on(bob, 10);
                    });
            String reference = KilledErrands.fresh();
            var code = new Object() {
                private String given = "";
            };
            // the account is the same; each time its holder gets another code to enrol with
            String account = ask(
                    "open",
                    () -> {
                        var opened = insist(() -> world.open("bank-a", reference, "somebody", 1, 700));
                        code.given = opened.required("code").asText();
                        return opened.required("account").asText();
                    },
                    due -> due.books.opened("bank-a", 700));
            TestWallet erin = TestWallet.opened(world, "bank-a", account);
            Nonce id = TestWallet.nonce();
            wallet(
                    "enrol",
                    erin,
                    erin.message(erin.accountKey, id, erin.enrolment(code.given, id)),
                    due -> due.on(erin, 700));
            wallet(
                    "report lost",
                    lost,
                    lost.accountKey,
                    new WalletRequest.ReportLost("stolen"),
                    due -> World.await(
                            "the bulletin revokes the lost purse",
                            () -> insist(
                                    () -> world.bulletin("bank-a").revoked().contains(lost.thumbprint()))));
            Claim claim = new Claim(lost.institution(), lost.account, TestWallet.nonce(), lost.now());
            wallet(
                    "claim",
                    lost,
                    lost.accountKey,
                    new WalletRequest.ClaimLost(Signed.by(lost.accountKey, claim)),
                    due -> {});
        }
    }

    /** A cycle that was told is on record; where none was told there may be one or none. */
    private void nets(Runnable between) {
        for (int i = 0; i < ROUNDS; i++) {
            var closed = new Object() {
                private String cycle = "";
            };
            ask(
                    "net",
                    () -> {
                        if (closed.cycle.isEmpty()) {
                            closed.cycle = world.operator(World.CENTRAL, "/netting", Map.of())
                                    .required("cycle")
                                    .asText();
                        }
                        return Ledger.names(
                                world.centralDatabase,
                                "SELECT number::text FROM netting_cycle WHERE number::text = '" + closed.cycle + "'");
                    },
                    due -> {});
            if (i == ROUNDS / 2) {
                between.run();
            }
        }
    }

    private Lineage load(TestWallet wallet, long amount) {
        WalletRequest load =
                new WalletRequest.Load(new Amount(amount), World.CNY, wallet.thumbprint(), TestWallet.nonce());
        return Lineage.of(TestWallet.loaded(wallet("load", wallet, wallet.key, load, due -> {
            due.on(wallet, -amount);
            due.outstanding(wallet.bank, amount);
        })));
    }

    private void deposit(TestWallet wallet, Lineage deposit, String issuer, long amount) {
        wallet("deposit", wallet, wallet.key, new WalletRequest.Deposit(LineageCodec.encode(deposit)), due -> {
            due.on(wallet, amount);
            due.outstanding(issuer, -amount);
        });
    }

    private WalletAnswer wallet(
            String what, TestWallet wallet, Signer by, WalletRequest request, Consumer<Due> leaves) {
        return wallet(what, wallet, wallet.message(by, TestWallet.nonce(), request), leaves);
    }

    private WalletAnswer wallet(String what, TestWallet wallet, Signed<WalletMessage> message, Consumer<Due> leaves) {
        return WalletAnswer.read(ask(what, () -> done(wallet, message), leaves).body());
    }

    /** The answer to a message that nothing is wrong with, from whoever is there to give one. */
    private static BankMessage done(TestWallet wallet, Signed<WalletMessage> message) {
        return insist(() -> {
            BankMessage answer = wallet.send(message);
            if (WalletAnswer.read(answer.body()) instanceof WalletAnswer.Refused no) {
                throw new WasRefused(message.statement().body().getClass().getSimpleName(), no.refusal());
            }
            return answer;
        });
    }

    private <T> T ask(String what, Supplier<T> asked, Consumer<Due> leaves) {
        Asked one = new Asked(what, sign.getAsInt(), asked, leaves);
        all.add(one);
        T answer = asked.get();
        one.answer = answer;
        one.told = sign.getAsInt();
        return answer;
    }

    /**
     * What was asked again.
     *
     * @param told so many had seen an answer before
     * @param open so many had seen none
     * @param balances where the customers' accounts must stand once all is settled
     */
    record Again(int told, int open, Map<TestWallet, Long> balances) {}

    /**
     * Everybody who had asked before the power went asks again.
     *
     * @param before whether a sign was given before it went
     * @param books what must be in them then
     */
    Again again(IntPredicate before, KilledBooks books) {
        Due due = new Due(books);
        for (TestWallet each : customers()) {
            books.opened(each.bank, OPENING);
            due.on(each, OPENING);
        }
        for (TestWallet each : careless) {
            due.on(each, -LOST);
            due.outstanding(each.bank, LOST);
        }
        List<Asked> asked = all.stream().filter(a -> before.test(a.begun)).toList();
        int told = 0;
        // who is still waiting asks first: opening an account once more takes back a code that nobody has enrolled with
        for (Asked each : asked.reversed()) {
            boolean seen = before.test(each.told);
            told += seen ? 1 : 0;
            try {
                Object answer = each.again.get();
                if (seen) {
                    assertThat(answer).isEqualTo(each.answer);
                }
                assertThat(each.again.get()).as("once more").isEqualTo(answer);
            } catch (AssertionError e) {
                throw new AssertionError(each.what + (seen ? ", whose answer was seen" : ", under way"), e);
            }
            each.leaves.accept(due);
        }
        return new Again(told, asked.size() - told, due.balances);
    }
}
