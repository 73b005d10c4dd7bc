package org.jiaozi.lab.bench;

import java.net.URI;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpTimeoutException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import org.jiaozi.cli.CommandFailure;
import org.jiaozi.cli.wallet.session.Trust;
import org.jiaozi.core.crypto.Sealer;
import org.jiaozi.core.crypto.Sha256;
import org.jiaozi.core.message.WalletAnswer;
import org.jiaozi.core.refusal.Refusal;
import org.jiaozi.core.refusal.RefusalCode;
import org.jiaozi.core.value.Bytes;
import org.jiaozi.core.value.Hash;
import org.jiaozi.crypto.Es256Verifier;
import org.jiaozi.crypto.HpkeSealer;
import org.jiaozi.crypto.SystemEntropy;
import org.jiaozi.lab.bench.DepositorCommand.Said;
import org.jiaozi.server.http.HttpCaller;
import org.jiaozi.server.http.HttpReply;
import org.jiaozi.server.http.MediaType;
import org.jiaozi.server.http.Unreachable;
import org.jiaozi.wallet.sync.Mail;

/**
 * An institution whose servers, databases and disk come and go, for whoever insists: the same deposit again until it is
 * answered. No answer and a refusal for now are to be expected; any other word is not. Thread-safe.
 */
final class InsistentDesk implements AutoCloseable {
    /** Longer than anything at the servers waits for anything. */
    private static final Duration PATIENCE = Duration.ofMinutes(3);

    /** So long a process takes to start at least. */
    private static final Duration PAUSE = Duration.ofMillis(200);

    private static final Set<RefusalCode> FOR_NOW =
            Set.of(RefusalCode.UNREACHABLE, RefusalCode.BUSY, RefusalCode.STORAGE_FULL);

    private final URI address;
    private final Stock.Issuer issuer;
    private final Consumer<String> told;
    private final HttpCaller http;
    private final Sealer sealer = new HpkeSealer(new SystemEntropy());
    private final Es256Verifier verifier = new Es256Verifier();

    /** @param told each refusal and each silence */
    InsistentDesk(String url, Path trust, Stock.Issuer issuer, Consumer<String> told) {
        this.address = URI.create(url + "/v1/wallet");
        this.issuer = issuer;
        this.told = told;
        http = HttpCaller.create(Optional.of(Trust.read(trust).tls()), PATIENCE);
    }

    /** Whether whoever comes again later may be answered. */
    static boolean isForNow(RefusalCode code) {
        return FOR_NOW.contains(code);
    }

    /** What an answer says, by its hash: how it is sealed is another matter each time. */
    static Hash said(WalletAnswer answer) {
        return Sha256.hash(answer.cbor().encode());
    }

    /** Sends it until it is answered. */
    WalletAnswer insist(Letters.Letter letter) {
        while (true) {
            try {
                HttpReply reply =
                        http.post(address, MediaType.CBOR, letter.sealed().toArray());
                if (!reply.ok()) {
                    pause(refused(reply));
                    continue;
                }
                WalletAnswer answer = Mail.open(
                        issuer.bulletin().statement(),
                        sealer,
                        verifier,
                        issuer.institution(),
                        letter.id(),
                        letter.reply(),
                        Bytes.of(reply.body()));
                if (!(answer instanceof WalletAnswer.Refused(Refusal no))) {
                    return answer;
                }
                forNow(no);
                pause(reply.retryAfter().orElse(PAUSE));
            } catch (Unreachable e) {
                if (e.getCause() instanceof HttpTimeoutException
                        && !(e.getCause() instanceof HttpConnectTimeoutException)) {
                    throw new CommandFailure("a deposit is not answered in " + PATIENCE.toSeconds() + " seconds", e);
                }
                told.accept(Said.UNANSWERED.line(e.getMessage()));
                pause(PAUSE);
            }
        }
    }

    /** When to come again. */
    private Duration refused(HttpReply reply) {
        RefusalCode code = forNow(reply.refusal().orElseThrow());
        if (code == RefusalCode.STORAGE_FULL) {
            return PAUSE;
        }
        return reply.retryAfter()
                .orElseThrow(() -> new CommandFailure("a refusal " + code + " does not say when to come again"));
    }

    private RefusalCode forNow(Refusal no) {
        if (!isForNow(no.code())) {
            throw CommandFailure.refused(no);
        }
        told.accept(Said.REFUSED.line(no.code()));
        return no.code();
    }

    private static void pause(Duration pause) {
        LockSupport.parkNanos(pause.toNanos());
    }

    @Override
    public void close() {
        http.close();
    }
}
