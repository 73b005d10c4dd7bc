package org.jiaozi.lab.bench;

import java.time.Duration;
import java.util.Optional;
import org.jiaozi.cli.CommandFailure;
import org.jiaozi.cli.up.Caller;
import org.jiaozi.cli.wallet.online.BankClient;
import org.jiaozi.cli.wallet.session.Trust;
import org.jiaozi.core.message.WalletAnswer;
import org.jiaozi.core.refusal.Refusal;
import org.jiaozi.core.refusal.RefusalCode;
import org.jiaozi.core.value.InstitutionId;
import org.jiaozi.crypto.Entropy;
import org.jiaozi.crypto.Es256Verifier;
import org.jiaozi.crypto.HpkeSealer;
import org.jiaozi.crypto.SystemEntropy;
import org.jiaozi.server.http.Comeback;
import org.jiaozi.server.http.HttpReply;
import org.jiaozi.server.http.Unreachable;

/** The institution over its HTTP API, as its operators and its customers' wallets reach it. Thread-safe. */
final class SettleDesk implements AutoCloseable {
    /** A batch may wait for those before it. */
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    /** When to come again where nothing is said of that. */
    private static final Duration USUAL = Duration.ofSeconds(1);

    private static final Duration LONGEST = Duration.ofSeconds(30);

    /** What a deposit is told. */
    sealed interface Said {
        /** An answer, opened, its signature verified. */
        record Decided(WalletAnswer answer) implements Said {}

        /**
         * Not now.
         *
         * @param saysWhen whether it says when to come again
         * @param again after how long, with a part by chance
         */
        record NotNow(Refusal refusal, boolean saysWhen, Duration again) implements Said {}
    }

    private final Entropy entropy = new SystemEntropy();
    private final LetterBox letters;
    private final Caller operator;

    SettleDesk(SettleServers servers, InstitutionId institution) {
        Trust trust = servers.trust();
        try (BankClient first =
                new BankClient(servers.url(), trust, new HpkeSealer(entropy), new Es256Verifier(), line -> {})) {
            Stock.Issuer issuer = new Stock.Issuer(first.firstBulletin(trust), institution);
            letters = new LetterBox(servers.url(), trust, issuer, PATIENCE);
        }
        operator = Caller.at(servers.data().resolve("operators").resolve(servers.bank()), servers.url());
    }

    long balance(String account) {
        return operator.get("/v1/operator/accounts/" + account)
                .required("balance")
                .longValue();
    }

    /** Sends it. */
    Said send(Letters.Letter letter) {
        HttpReply reply;
        try {
            reply = letters.post(letter);
        } catch (Unreachable e) {
            throw CommandFailure.refused(new Refusal(RefusalCode.UNREACHABLE, String.valueOf(e.getMessage())));
        }
        Optional<Refusal> no = reply.refusal();
        if (no.isPresent()) {
            if (!no.get().code().isFault()) {
                throw CommandFailure.refused(no.get());
            }
            return notNow(no.get(), reply);
        }
        WalletAnswer answer = letters.open(letter, reply);
        return answer instanceof WalletAnswer.Refused(Refusal fault)
                        && fault.code().isFault()
                ? notNow(fault, reply)
                : new Said.Decided(answer);
    }

    private Said.NotNow notNow(Refusal no, HttpReply reply) {
        Optional<Duration> told = Comeback.after(reply, 0, LONGEST, entropy);
        return new Said.NotNow(no, told.isPresent(), told.orElse(USUAL));
    }

    @Override
    public void close() {
        letters.close();
        operator.close();
    }
}
