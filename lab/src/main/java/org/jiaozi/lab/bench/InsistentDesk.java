package org.jiaozi.lab.bench;

import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpTimeoutException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import org.jiaozi.cli.CommandFailure;
import org.jiaozi.cli.wallet.session.Trust;
import org.jiaozi.core.crypto.Sha256;
import org.jiaozi.core.message.WalletAnswer;
import org.jiaozi.core.refusal.Refusal;
import org.jiaozi.core.refusal.RefusalCode;
import org.jiaozi.core.value.Hash;
import org.jiaozi.lab.bench.DepositorCommand.Said;
import org.jiaozi.server.http.HttpReply;
import org.jiaozi.server.http.Unreachable;

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

    private final Consumer<String> told;
    private final LetterBox letters;

    /** @param told each refusal and each silence */
    InsistentDesk(String url, Path trust, Stock.Issuer issuer, Consumer<String> told) {
        this.told = told;
        letters = new LetterBox(url, Trust.read(trust), issuer, PATIENCE);
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
                HttpReply reply = letters.post(letter);
                if (!reply.ok()) {
                    pause(refused(reply));
                    continue;
                }
                WalletAnswer answer = letters.open(letter, reply);
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
        letters.close();
    }
}
