package org.jiaozi.server.institution;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Supplier;
import org.jiaozi.core.crypto.Signer;
import org.jiaozi.core.lineage.Lineage;
import org.jiaozi.core.lineage.LineageCodec;
import org.jiaozi.core.message.WalletAnswer;
import org.jiaozi.core.message.WalletMessage;
import org.jiaozi.core.message.WalletRequest;
import org.jiaozi.core.refusal.RefusalCode;
import org.jiaozi.core.statement.Signed;
import org.jiaozi.core.statement.SliceRef;
import org.jiaozi.core.value.Amount;
import org.jiaozi.core.value.Range;

/** What customers and operators ask for while a disk fills up under the databases: of each kind one after the other. */
final class FullDiskWork {
    private static final int MOST = 600;
    private static final long OPENING = 100_000;
    private static final int LOST = 12;

    /** Something that is asked for, the same each time. */
    record Asked(Runnable ask, Runnable leaves) {
        /** Asks until it is done. */
        void insist() {
            Killed.insist(() -> {
                ask.run();
                return true;
            });
            leaves.run();
        }
    }

    private final KilledErrands errands;
    private final World world;
    private final Map<TestWallet, Long> balances = new HashMap<>();
    private final Map<String, Supplier<Asked>> kinds = new LinkedHashMap<>();
    private final Deque<TestWallet> careless = new ArrayDeque<>();
    private int fromOwn;
    private int fromForeign;

    /** Prepares what they ask with. */
    FullDiskWork(KilledErrands errands) {
        this.errands = errands;
        this.world = errands.world;
        TestWallet alice = wallet("bank-a");
        Lineage own = loaded(alice);
        TestWallet bob = wallet("bank-b");
        TestWallet carol = wallet("bank-a");
        Lineage foreign = KilledErrands.paid(bob, loaded(bob), carol, new Range(0, MOST * 10), TestWallet.nonce());
        for (int i = 0; i < LOST; i++) {
            careless.add(wallet("bank-a"));
        }
        kinds.put("load", () -> load(alice));
        kinds.put("deposit", () -> deposit(alice, own, TestWallet.noteOutput(own), fromOwn++, "bank-a"));
        kinds.put(
                "deposit across",
                () -> deposit(carol, foreign, TestWallet.headOutput(foreign), fromForeign++, "bank-b"));
        kinds.put("report lost", () -> {
            // once all are lost, some say it again
            careless.add(careless.remove());
            return lost(careless.getLast());
        });
        kinds.put("reserve", this::reserve);
    }

    private TestWallet wallet(String bank) {
        TestWallet wallet = errands.wallet(bank, OPENING);
        balances.put(wallet, OPENING);
        return wallet;
    }

    private void moved(TestWallet wallet, long amount, String issuer) {
        balances.merge(wallet, amount, Math::addExact);
        errands.books.outstanding(issuer, -amount);
    }

    private Lineage loaded(TestWallet wallet) {
        moved(wallet, -MOST * 10, wallet.bank);
        return wallet.load(MOST * 10);
    }

    private Asked load(TestWallet wallet) {
        WalletRequest load = new WalletRequest.Load(new Amount(1), World.CNY, wallet.thumbprint(), TestWallet.nonce());
        return asked(wallet, wallet.key, load, () -> moved(wallet, -1, wallet.bank));
    }

    private Asked deposit(TestWallet wallet, Lineage held, SliceRef source, int at, String issuer) {
        Lineage deposit = wallet.depositing(held, source, new Range(at, at + 1));
        return asked(
                wallet,
                wallet.key,
                new WalletRequest.Deposit(LineageCodec.encode(deposit)),
                () -> moved(wallet, 1, issuer));
    }

    private Asked reserve() {
        Map<String, Object> order =
                Map.of("institution", "bank-a", "currency", "CNY", "amount", 1, "reference", KilledErrands.fresh());
        return new Asked(
                () -> world.operator(World.CENTRAL, "/reserve", order), () -> errands.books.reserve("bank-a", 1));
    }

    private static Asked lost(TestWallet wallet) {
        return asked(
                wallet,
                wallet.accountKey,
                new WalletRequest.ReportLost("stolen"),
                () -> KilledErrands.eventually(
                        () -> wallet.world.bulletin("bank-a").revoked().contains(wallet.thumbprint())));
    }

    private static Asked asked(TestWallet wallet, Signer by, WalletRequest request, Runnable leaves) {
        Signed<WalletMessage> message = wallet.message(by, TestWallet.nonce(), request);
        return new Asked(
                () -> {
                    if (WalletAnswer.read(wallet.send(message).body()) instanceof WalletAnswer.Refused no) {
                        throw new WasRefused(request.getClass().getSimpleName(), no.refusal());
                    }
                },
                leaves);
    }

    /**
     * Asks for one of each kind after the other, until one of each is refused.
     *
     * @param said what they are refused with, by kind
     * @return those that were refused
     */
    List<Asked> untilAllAreRefused(Map<String, Set<RefusalCode>> said) {
        Map<String, Asked> waiting = new LinkedHashMap<>();
        for (int i = 0; waiting.size() < kinds.size(); i++) {
            if (i == MOST) {
                throw new AssertionError("the disk fills up for none but " + waiting.keySet());
            }
            kinds.forEach((what, fresh) -> {
                if (!waiting.containsKey(what)) {
                    attempt(what, fresh.get(), said, waiting);
                }
            });
        }
        // there is much to net, and no room for a posting more
        attempt("net", new Asked(() -> world.operator(World.CENTRAL, "/netting", Map.of()), () -> {}), said, waiting);
        return List.copyOf(waiting.values());
    }

    /** Whether a full disk has been the reason for each kind and for netting. */
    boolean allWereRefused(Map<String, Set<RefusalCode>> said) {
        return said.size() > kinds.size()
                && said.values().stream().allMatch(codes -> codes.contains(RefusalCode.STORAGE_FULL));
    }

    private static void attempt(
            String what, Asked asked, Map<String, Set<RefusalCode>> said, Map<String, Asked> waiting) {
        try {
            asked.ask().run();
            asked.leaves().run();
        } catch (WasRefused e) {
            if (!e.code().isFault()) {
                throw e;
            }
            said.computeIfAbsent(what, w -> new TreeSet<>()).add(e.code());
            waiting.put(what, asked);
        }
    }

    /** Where the customers' accounts must stand. */
    void balances() {
        balances.forEach(errands.books::balance);
    }
}
