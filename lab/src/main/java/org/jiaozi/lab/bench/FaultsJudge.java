package org.jiaozi.lab.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import org.jiaozi.cli.CommandFailure;
import org.jiaozi.cli.up.Caller;
import org.jiaozi.core.message.WalletAnswer;
import org.jiaozi.core.refusal.Refusal;

/** What has to be on merchants' accounts, and who has to be convicted, by the deposits that were acknowledged. */
final class FaultsJudge {
    private static final Duration PAUSE = Duration.ofMillis(200);
    private static final int ATTEMPTS = 300;

    private final WorkFolder folder;
    private final Stock stock;
    private final Credited credited;
    private Reckoning reckoning = new Reckoning(0, 0);

    FaultsJudge(WorkFolder folder, Stock stock) {
        this.folder = folder;
        this.stock = stock;
        credited = new Credited(stock.merchants());
    }

    /** Takes note of one that is acknowledged. */
    void acknowledged(Letters.Letter letter) {
        credited.acknowledged(letter);
    }

    /**
     * Looks at the accounts, before anybody asks about a deposit again: that would mend what was lost.
     *
     * @param data the servers' folder
     * @param bank the institution's code
     */
    void look(Path data, String bank, String url) {
        try (Caller operator = Caller.at(data.resolve("operators").resolve(bank), url)) {
            reckoning = Reckoning.of(
                    credited,
                    stock.merchants(),
                    m -> balance(operator, stock.purses().get(stock.place(m)).account()));
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
        return reckoning.balances();
    }

    /** What was amiss when it looked. */
    String amiss() {
        return reckoning.amiss();
    }

    /** Asks about all of them, and says what that came to. */
    boolean ask(InsistentDesk desk, Journal journal, SettleServers servers, Map<String, Object> told)
            throws IOException {
        int otherwise = 0;
        int place = 0;
        try (Letters.Reader letters = new Letters.Reader(folder.letters())) {
            for (Optional<Letters.Letter> next = letters.next(); next.isPresent(); next = letters.next()) {
                WalletAnswer answer = desk.insist(next.get());
                otherwise += journal.answer(place++).equals(Optional.of(InsistentDesk.said(answer))) ? 0 : 1;
                credited.paid(next.get(), answer);
            }
        }
        told.put("acknowledged", journal.size());
        told.put("answeredOtherwise", otherwise);
        told.put("payments", credited.slices());
        told.put("redeemed", credited.redeemed());
        told.put("madeWhole", credited.madeWhole());
        told.put("paymentsMadeTwice", credited.paymentsMadeTwice());
        return reckoning.tell(credited, servers.convicted(), told) && otherwise == 0 && journal.size() == place;
    }
}
