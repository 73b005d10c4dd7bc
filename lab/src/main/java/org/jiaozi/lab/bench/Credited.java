package org.jiaozi.lab.bench;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicLongArray;
import org.jiaozi.cli.CommandFailure;
import org.jiaozi.core.message.Outcome;
import org.jiaozi.core.message.WalletAnswer;
import org.jiaozi.core.value.Amount;

/** What was acknowledged with its money, in all phases of a run together. Thread-safe. */
final class Credited {
    private final AtomicLong slices = new AtomicLong();
    private final AtomicLong redeemed = new AtomicLong();
    private final AtomicLong madeWhole = new AtomicLong();
    private final AtomicLongArray byMerchant;
    private final Map<Payments.Fork, Integer> forks = new HashMap<>();

    Credited(int merchants) {
        byMerchant = new AtomicLongArray(merchants);
    }

    /** It was acknowledged, and its answer says how it was paid. */
    void count(Letters.Letter letter, WalletAnswer answer) {
        paid(letter, answer);
        acknowledged(letter);
    }

    /** Every slice comes with its money, from the float or from whoever spent it twice. */
    void paid(Letters.Letter letter, WalletAnswer answer) {
        if (!(answer instanceof WalletAnswer.Deposited deposited)
                || !deposited.credited().equals(new Amount(letter.slices() * WorkShape.Stock.AMOUNT))
                || deposited.outcomes().size() != letter.slices()) {
            throw new CommandFailure("a deposit is answered otherwise than with its money: " + answer);
        }
        redeemed.addAndGet(of(deposited, Outcome.Kind.REDEEMED));
        madeWhole.addAndGet(of(deposited, Outcome.Kind.MADE_WHOLE));
    }

    /** Its money is due from now on. */
    void acknowledged(Letters.Letter letter) {
        slices.addAndGet(letter.slices());
        byMerchant.addAndGet(letter.merchant(), letter.slices());
        synchronized (forks) {
            letter.forks().forEach(f -> forks.merge(f, 1, Integer::sum));
        }
    }

    private static long of(WalletAnswer.Deposited answer, Outcome.Kind kind) {
        return answer.outcomes().stream().filter(o -> o.kind() == kind).count();
    }

    /** Payments. */
    long slices() {
        return slices.get();
    }

    long slicesOf(int merchant) {
        return byMerchant.get(merchant);
    }

    /** Payments that were paid out of the float. */
    long redeemed() {
        return redeemed.get();
    }

    /** Payments that were made whole. */
    long madeWhole() {
        return madeWhole.get();
    }

    /** Payments that were made twice and deposited both times. */
    long paymentsMadeTwice() {
        return forks.values().stream().filter(n -> n == 2).count();
    }

    /** Whoever signed money over twice that was deposited both times. */
    Set<String> doubleSpenders() {
        Set<String> culprits = new HashSet<>();
        forks.forEach((fork, times) -> {
            if (times == 2) {
                culprits.add(fork.culprit().hex());
            }
        });
        return culprits;
    }
}
