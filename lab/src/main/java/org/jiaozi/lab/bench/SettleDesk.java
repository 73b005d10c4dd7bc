package org.jiaozi.lab.bench;

import org.jiaozi.cli.up.Caller;
import org.jiaozi.cli.wallet.online.BankClient;
import org.jiaozi.cli.wallet.session.Trust;
import org.jiaozi.core.bulletin.Bulletin;
import org.jiaozi.core.crypto.Sealer;
import org.jiaozi.core.message.WalletAnswer;
import org.jiaozi.core.value.InstitutionId;
import org.jiaozi.crypto.Es256Verifier;
import org.jiaozi.crypto.HpkeSealer;
import org.jiaozi.crypto.SystemEntropy;
import org.jiaozi.wallet.sync.Mail;

/** The institution over its HTTP API, as its operators and its customers' wallets reach it. Thread-safe. */
final class SettleDesk implements AutoCloseable {
    private final Sealer sealer = new HpkeSealer(new SystemEntropy());
    private final Es256Verifier verifier = new Es256Verifier();
    private final BankClient wallets;
    private final Caller operator;
    private final Bulletin bulletin;
    private final InstitutionId institution;

    SettleDesk(SettleServers servers, InstitutionId institution) {
        this.institution = institution;
        Trust trust = Trust.read(servers.data().resolve("trust.json"));
        wallets = new BankClient(servers.url(), trust, sealer, verifier, line -> {});
        operator = Caller.at(servers.data().resolve("operators").resolve(servers.bank()), servers.url());
        bulletin = wallets.firstBulletin(trust).statement();
    }

    long balance(String account) {
        return operator.get("/v1/operator/accounts/" + account)
                .required("balance")
                .longValue();
    }

    /** Sends it; the answer is opened and its signature verified. */
    WalletAnswer send(Letters.Letter letter) {
        return Mail.open(
                bulletin, sealer, verifier, institution, letter.id(), letter.reply(), wallets.post(letter.sealed()));
    }

    @Override
    public void close() {
        wallets.close();
        operator.close();
    }
}
