package org.jiaozi.lab.bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.jiaozi.cli.CommandFailure;
import org.jiaozi.cli.wallet.session.Trust;
import org.jiaozi.core.bulletin.Bulletin;
import org.jiaozi.core.bulletin.InstitutionEntry;
import org.jiaozi.core.crypto.Sealer;
import org.jiaozi.core.crypto.Signer;
import org.jiaozi.core.message.WalletAnswer;
import org.jiaozi.core.message.WalletMessage;
import org.jiaozi.core.message.WalletRequest;
import org.jiaozi.core.refusal.Refusal;
import org.jiaozi.core.refusal.RefusalCode;
import org.jiaozi.core.statement.Signed;
import org.jiaozi.core.value.Bytes;
import org.jiaozi.core.value.Nonce;
import org.jiaozi.core.value.Timestamp;
import org.jiaozi.crypto.Es256Verifier;
import org.jiaozi.crypto.HpkeSealer;
import org.jiaozi.crypto.SystemEntropy;
import org.jiaozi.server.http.HttpCaller;
import org.jiaozi.server.http.HttpReply;
import org.jiaozi.server.http.MediaType;
import org.jiaozi.server.http.Unreachable;
import org.jiaozi.server.tls.TlsIdentity;
import org.jiaozi.wallet.sync.Mail;

/** The institution over its HTTP API, as its operators and its customers' wallets reach it. Thread-safe. */
final class SettleDesk implements AutoCloseable {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    private final String url;
    private final HttpCaller wallets;
    private final HttpCaller operator;
    private final Sealer sealer = new HpkeSealer(new SystemEntropy());
    private final Es256Verifier verifier = new Es256Verifier();
    private final Bulletin bulletin;

    SettleDesk(SettleServers servers) {
        this.url = servers.url();
        this.wallets = HttpCaller.create(
                Optional.of(Trust.read(servers.data().resolve("trust.json")).tls()), PATIENCE);
        this.operator = HttpCaller.create(
                Optional.of(TlsIdentity.load(servers.data().resolve("operators").resolve(servers.bank()))
                        .context()),
                PATIENCE);
        this.bulletin = Signed.decode(
                        Bytes.of(reply(() -> wallets.get(URI.create(url + "/v1/bulletin"), MediaType.CBOR))
                                .body()),
                        Bulletin.MAX_BYTES,
                        Bulletin::read)
                .statement();
    }

    InstitutionEntry institution() {
        return bulletin.institutions().stream()
                .filter(i -> i.url().equals(url))
                .findFirst()
                .orElseThrow();
    }

    Bulletin bulletin() {
        return bulletin;
    }

    Timestamp now() {
        return new Timestamp(System.currentTimeMillis() / 1000);
    }

    /** Opens an account; the answer names it and a code. */
    JsonNode open(String reference, long balance) {
        return operate(
                "/v1/operator/accounts",
                Optional.of(Map.of("holder", "bench", "tier", 1, "openingBalance", balance, "reference", reference)));
    }

    long balance(String account) {
        return operate("/v1/operator/accounts/" + account, Optional.empty())
                .path("balance")
                .asLong();
    }

    private JsonNode operate(String path, Optional<Map<String, Object>> body) {
        URI address = URI.create(url + path);
        try {
            byte[] json = body.isPresent() ? JSON.writeValueAsBytes(body.get()) : new byte[0];
            return JSON.readTree(reply(() -> body.isPresent()
                            ? operator.post(address, MediaType.JSON, json)
                            : operator.get(address, MediaType.JSON))
                    .body());
        } catch (IOException e) {
            throw new CommandFailure("an answer that is no JSON: " + path, e);
        }
    }

    /** A message as it travels, ready to be sent and to have its answer opened. */
    record Letter(Signed<WalletMessage> message, Sealer.KeyPair reply, Bytes sealed) {}

    Letter letter(Signer by, Nonce id, WalletRequest request) {
        Signed<WalletMessage> message = Signed.by(
                by, new WalletMessage(institution().id(), by.publicKey().thumbprint(), id, now(), request));
        Sealer.KeyPair reply = sealer.newKeyPair();
        return new Letter(message, reply, Mail.seal(bulletin, sealer, message, reply));
    }

    /** Sends it; the answer is opened and its signature verified. */
    WalletAnswer send(Letter letter) {
        HttpReply reply = reply(() -> wallets.post(
                URI.create(url + "/v1/wallet"), MediaType.CBOR, letter.sealed().toArray()));
        return Mail.open(bulletin, sealer, verifier, letter.message(), letter.reply(), Bytes.of(reply.body()));
    }

    private interface Call {
        HttpReply go() throws Unreachable;
    }

    private static HttpReply reply(Call call) {
        try {
            HttpReply reply = call.go();
            Optional<Refusal> no = reply.refusal();
            if (no.isPresent()) {
                throw CommandFailure.refused(no.get());
            }
            return reply;
        } catch (Unreachable e) {
            throw CommandFailure.refused(new Refusal(RefusalCode.UNREACHABLE, String.valueOf(e.getMessage())));
        }
    }

    @Override
    public void close() {
        wallets.close();
        operator.close();
    }
}
