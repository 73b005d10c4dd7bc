package org.jiaozi.lab.bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.time.Duration;
import org.jiaozi.cli.up.Caller;
import org.jiaozi.cli.wallet.online.BankClient;
import org.jiaozi.cli.wallet.session.Trust;
import org.jiaozi.core.bulletin.Bulletin;
import org.jiaozi.core.bulletin.InstitutionEntry;
import org.jiaozi.core.crypto.Sealer;
import org.jiaozi.core.crypto.Signer;
import org.jiaozi.core.message.WalletAnswer;
import org.jiaozi.core.message.WalletMessage;
import org.jiaozi.core.message.WalletRequest;
import org.jiaozi.core.statement.Signed;
import org.jiaozi.core.value.Bytes;
import org.jiaozi.core.value.Nonce;
import org.jiaozi.core.value.Timestamp;
import org.jiaozi.crypto.Es256Verifier;
import org.jiaozi.crypto.HpkeSealer;
import org.jiaozi.crypto.SystemEntropy;
import org.jiaozi.wallet.sync.Mail;

/** The institution over its HTTP API, as its operators and its customers' wallets reach it. Thread-safe. */
final class SettleDesk implements AutoCloseable {
    /** A batch may wait for those before it. */
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    private final Sealer sealer = new HpkeSealer(new SystemEntropy());
    private final Es256Verifier verifier = new Es256Verifier();
    private final BankClient wallets;
    private final Caller operator;
    private final Bulletin bulletin;
    private final InstitutionEntry institution;

    SettleDesk(SettleServers servers) {
        Trust trust = Trust.read(servers.data().resolve("trust.json"));
        wallets = new BankClient(servers.url(), trust, sealer, verifier, PATIENCE);
        operator = Caller.at(servers.data().resolve("operators").resolve(servers.bank()), servers.url());
        bulletin = wallets.firstBulletin(trust).statement();
        institution = wallets.institution(bulletin);
    }

    InstitutionEntry institution() {
        return institution;
    }

    Bulletin bulletin() {
        return bulletin;
    }

    Timestamp now() {
        return new Timestamp(System.currentTimeMillis() / 1000);
    }

    /** Opens an account; the answer names it and a code. */
    JsonNode open(String reference, long balance) {
        return operator.post(
                "/v1/operator/accounts",
                JsonNodeFactory.instance
                        .objectNode()
                        .put("holder", "bench")
                        .put("tier", 1)
                        .put("openingBalance", balance)
                        .put("reference", reference));
    }

    long balance(String account) {
        return operator.get("/v1/operator/accounts/" + account)
                .required("balance")
                .longValue();
    }

    /** A message as it travels, ready to be sent and to have its answer opened. */
    record Letter(Signed<WalletMessage> message, Sealer.KeyPair reply, Bytes sealed) {}

    Letter letter(Signer by, Nonce id, WalletRequest request) {
        Signed<WalletMessage> message =
                Signed.by(by, new WalletMessage(institution.id(), by.publicKey().thumbprint(), id, now(), request));
        Sealer.KeyPair reply = sealer.newKeyPair();
        return new Letter(message, reply, Mail.seal(bulletin, sealer, message, reply));
    }

    /** Sends it; the answer is opened and its signature verified. */
    WalletAnswer send(Letter letter) {
        Bytes answer = wallets.post(letter.sealed());
        return Mail.open(bulletin, sealer, verifier, letter.message(), letter.reply(), answer);
    }

    @Override
    public void close() {
        wallets.close();
        operator.close();
    }
}
