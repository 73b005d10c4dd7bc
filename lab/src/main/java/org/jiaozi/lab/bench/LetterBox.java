package org.jiaozi.lab.bench;

import java.net.URI;
import java.time.Duration;
import java.util.Optional;
import org.jiaozi.cli.wallet.session.Trust;
import org.jiaozi.core.crypto.Sealer;
import org.jiaozi.core.message.WalletAnswer;
import org.jiaozi.core.value.Bytes;
import org.jiaozi.crypto.Es256Verifier;
import org.jiaozi.crypto.HpkeSealer;
import org.jiaozi.crypto.SystemEntropy;
import org.jiaozi.server.http.HttpCaller;
import org.jiaozi.server.http.HttpReply;
import org.jiaozi.server.http.MediaType;
import org.jiaozi.server.http.Unreachable;
import org.jiaozi.wallet.sync.Mail;

/** Where wallets' messages are handed in at an institution. Thread-safe. */
final class LetterBox implements AutoCloseable {
    private final URI address;
    private final Stock.Issuer issuer;
    private final HttpCaller http;
    private final Sealer sealer = new HpkeSealer(new SystemEntropy());
    private final Es256Verifier verifier = new Es256Verifier();

    /** @param patience how long an answer may take */
    LetterBox(String url, Trust trust, Stock.Issuer issuer, Duration patience) {
        address = URI.create(url + "/v1/wallet");
        this.issuer = issuer;
        http = HttpCaller.create(Optional.of(trust.tls()), patience);
    }

    HttpReply post(Letters.Letter letter) throws Unreachable {
        return http.post(address, MediaType.CBOR, letter.sealed().toArray());
    }

    /** What a reply that is no refusal has under seal; its signature is verified. */
    WalletAnswer open(Letters.Letter letter, HttpReply reply) {
        return Mail.open(
                issuer.bulletin().statement(),
                sealer,
                verifier,
                issuer.institution(),
                letter.id(),
                letter.reply(),
                Bytes.of(reply.body()));
    }

    @Override
    public void close() {
        http.close();
    }
}
