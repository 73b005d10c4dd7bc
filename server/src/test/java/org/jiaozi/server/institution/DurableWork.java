package org.jiaozi.server.institution;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.IntFunction;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.jiaozi.core.crypto.Signer;
import org.jiaozi.core.lineage.Lineage;
import org.jiaozi.core.message.BankMessage;
import org.jiaozi.core.message.WalletAnswer;
import org.jiaozi.core.message.WalletMessage;
import org.jiaozi.core.message.WalletRequest;
import org.jiaozi.core.statement.Signed;

/**
 * What customers and operators ask while a disk fails under the databases: of each kind one after the other, each of its own
 * money, so that kinds may be asked side by side.
 */
final class DurableWork {
    private static final long OPENING = 100_000;

    final World world;
    private final int most;
    private final int once;
    private final int different;
    private final Map<String, Supplier<Asked>> kinds = new LinkedHashMap<>();
    private final List<Consumer<Asked.Due>> begun = new ArrayList<>();

    /**
     * Prepares what they ask with.
     *
     * @param most of each kind at the very most
     * @param once of those that need something that is used up
     * @param different so many accounts and keys that something is done to; after the last it is the first's turn again
     */
    DurableWork(World world, int most, int once, int different) {
        this.world = world;
        this.most = most;
        this.once = once;
        this.different = different;
        new CustomerRequests(this).add();
        new OperatorRequests(this).add();
    }

    /** What is asked, and makes another one each time. */
    Map<String, Supplier<Asked>> kinds() {
        return kinds;
    }

    /** What is due once they have what they ask with. */
    Asked.Due due(KilledBooks books) {
        Asked.Due due = new Asked.Due(books);
        begun.forEach(b -> b.accept(due));
        return due;
    }

    void add(String what, IntFunction<Asked> number) {
        var next = new Object() {
            private int number;
        };
        kinds.put(what, () -> number.apply(next.number++));
    }

    /** What is due from the beginning. */
    void begin(Consumer<Asked.Due> leaves) {
        begun.add(leaves);
    }

    TestWallet wallet(String bank) {
        TestWallet wallet = TestWallet.enrolled(world, bank, OPENING);
        opened(wallet);
        return wallet;
    }

    /** An account is there, with as much as all have. */
    private void opened(TestWallet wallet) {
        begin(due -> {
            due.books.opened(wallet.bank, OPENING);
            due.on(wallet, OPENING);
        });
    }

    /** An account, and the code to enrol with. */
    record Account(TestWallet wallet, String code) {}

    Account account() {
        var opened = world.open("bank-a", "somebody", 1, OPENING);
        TestWallet wallet =
                TestWallet.opened(world, "bank-a", opened.required("account").asText());
        opened(wallet);
        return new Account(wallet, opened.required("code").asText());
    }

    /** A note with a unit for each question, out of the wallet's account. */
    Lineage loaded(TestWallet wallet) {
        begin(due -> {
            due.on(wallet, -most);
            due.outstanding(wallet.bank, most);
        });
        return wallet.load(most);
    }

    /** As many different ones as there are, and after the last the first again. */
    <T> Supplier<T> inTurn(Supplier<T> one) {
        Deque<T> all = several(different, one);
        return () -> {
            all.add(all.remove());
            return all.getLast();
        };
    }

    /** What can be used but once. */
    <T> Supplier<T> eachOnce(Supplier<T> one) {
        return several(once, one)::remove;
    }

    private static <T> Deque<T> several(int many, Supplier<T> one) {
        return new ArrayDeque<>(
                IntStream.range(0, many).mapToObj(i -> one.get()).toList());
    }

    static Asked customer(TestWallet wallet, WalletRequest request, Consumer<Asked.Due> leaves) {
        return customer(wallet, wallet.key, request, leaves);
    }

    static Asked customer(TestWallet wallet, Signer by, WalletRequest request, Consumer<Asked.Due> leaves) {
        return customer(wallet, wallet.message(by, TestWallet.nonce(), request), leaves);
    }

    /** The answer to one message is kept, and given again. */
    static Asked customer(TestWallet wallet, Signed<WalletMessage> message, Consumer<Asked.Due> leaves) {
        String what = message.statement().body().getClass().getSimpleName();
        return new Asked(what, () -> done(what, wallet.send(message)), () -> true, leaves);
    }

    private static BankMessage done(String what, BankMessage answer) {
        if (WalletAnswer.read(answer.body()) instanceof WalletAnswer.Refused no) {
            throw new WasRefused(what, no.refusal());
        }
        return answer;
    }

    /** What is done as often as it is asked for is asked for until it was done once. */
    static Asked once(String what, Supplier<String> ask, Predicate<String> there) {
        var done = new Object() {
            private String answer = "";
        };
        return new Asked(
                what,
                () -> {
                    if (done.answer.isEmpty()) {
                        done.answer = ask.get();
                    }
                    return done.answer;
                },
                () -> there.test(done.answer),
                due -> {});
    }

    static Asked operator(String what, Runnable ask, BooleanSupplier there, Consumer<Asked.Due> leaves) {
        return new Asked(
                what,
                () -> {
                    ask.run();
                    return what;
                },
                there,
                leaves);
    }
}
