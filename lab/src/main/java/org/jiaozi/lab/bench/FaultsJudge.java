package org.jiaozi.lab.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import org.jiaozi.cli.CommandFailure;
import org.jiaozi.cli.up.Caller;
import org.jiaozi.core.message.Outcome;
import org.jiaozi.core.message.WalletAnswer;
import org.jiaozi.core.refusal.Refusal;

/** What has to be on merchants' accounts, and who has to be convicted, by the deposits that were acknowledged. */
final class FaultsJudge {
    private static final Duration PAUSE = Duration.ofMillis(200);
    private static final int ATTEMPTS = 300;

    private final WorkFolder folder;
    private final Stock stock;
    private final long[] due;
    private final Map<Payments.Fork, Integer> forks = new HashMap<>();
    private long payments;
    private long lost;
    private long doubled;

    FaultsJudge(WorkFolder folder, Stock stock) {
        this.folder = folder;
        this.stock = stock;
        due = new long[stock.merchants()];
    }

    /** Takes note of one that is acknowledged. */
    void acknowledged(Letters.Letter letter) {
        due[letter.merchant()] += letter.slices() * WorkShape.Stock.AMOUNT;
        payments += letter.slices();
        letter.forks().forEach(f -> forks.merge(f, 1, Integer::sum));
    }

    /**
     * Looks at the accounts, before anybody asks about a deposit again: that would mend what was lost.
     *
     * @param data the servers' folder
     * @param bank the institution's code
     */
    void look(Path data, String bank, String url) {
        lost = 0;
        doubled = 0;
        try (Caller operator = Caller.at(data.resolve("operators").resolve(bank), url)) {
            for (int m = 0; m < due.length; m++) {
                long balance =
                        balance(operator, stock.purses().get(stock.place(m)).account());
                lost += Math.max(0, due[m] - balance);
                doubled += Math.max(0, balance - due[m]);
            }
        }
    }

    /** What was killed may be on its way back. */
    private static long balance(Caller operator, String account) {
        for (int attempt = 1; ; attempt++) {
            try {
                return operator.get("/v1/operator/accounts/" + account)
                        .required("balance")
                        .longValue();
            } catch (CommandFailure e) {
                Optional<Refusal> no = e.refusal();
                if (attempt == ATTEMPTS
                        || no.isEmpty()
                        || !InsistentDesk.isForNow(no.get().code())) {
                    throw e;
                }
                LockSupport.parkNanos(PAUSE.toNanos());
            }
        }
    }

    /** Whether each payment was credited once when it looked. */
    boolean balances() {
        return lost == 0 && doubled == 0;
    }

    /** What was amiss when it looked. */
    String amiss() {
        return lost / WorkShape.Stock.AMOUNT + " acknowledged payments are not credited, "
                + doubled / WorkShape.Stock.AMOUNT + " are credited twice";
    }

    /** Asks about all of them, and says what that came to. */
    boolean ask(InsistentDesk desk, Journal journal, SettleServers servers, Map<String, Object> told)
            throws IOException {
        long redeemed = 0;
        long madeWhole = 0;
        int otherwise = 0;
        int place = 0;
        try (Letters.Reader letters = new Letters.Reader(folder.letters())) {
            for (Optional<Letters.Letter> next = letters.next(); next.isPresent(); next = letters.next()) {
                WalletAnswer answer = desk.insist(next.get());
                otherwise += journal.answer(place++).equals(Optional.of(InsistentDesk.said(answer))) ? 0 : 1;
                redeemed += of(answer, Outcome.Kind.REDEEMED);
                madeWhole += of(answer, Outcome.Kind.MADE_WHOLE);
            }
        }
        Set<String> spenders = new HashSet<>();
        long twice = 0;
        for (Map.Entry<Payments.Fork, Integer> fork : forks.entrySet()) {
            if (fork.getValue() == 2) {
                twice++;
                spenders.add(fork.getKey().culprit().hex());
            }
        }
        Set<String> convicted = Set.copyOf(servers.list("central", "SELECT encode(culprit, 'hex') FROM conviction"));
        told.put("acknowledged", journal.size());
        told.put("answeredOtherwise", otherwise);
        told.put("payments", payments);
        told.put("redeemed", redeemed);
        told.put("madeWhole", madeWhole);
        told.put("paymentsMadeTwice", twice);
        told.put("lost", lost / WorkShape.Stock.AMOUNT);
        told.put("doubleCredited", doubled / WorkShape.Stock.AMOUNT);
        told.put("doubleSpenders", spenders.size());
        told.put("convicted", convicted.size());
        told.put("framed", convicted.stream().filter(c -> !spenders.contains(c)).count());
        return balances()
                && otherwise == 0
                && journal.size() == place
                && redeemed == payments - twice
                && madeWhole == twice
                && convicted.equals(spenders);
    }

    private static long of(WalletAnswer answer, Outcome.Kind kind) {
        return answer instanceof WalletAnswer.Deposited deposited
                ? deposited.outcomes().stream().filter(o -> o.kind() == kind).count()
                : 0;
    }
}
