package org.jiaozi.cli.wallet.online;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.jiaozi.cli.CommandFailure;
import org.jiaozi.cli.output.Reason;
import org.jiaozi.cli.transport.MessageFile;
import org.jiaozi.cli.wallet.session.Session;
import org.jiaozi.cli.wallet.store.Act;
import org.jiaozi.cli.wallet.store.Change;
import org.jiaozi.core.crypto.Sealer;
import org.jiaozi.core.message.WalletAnswer;
import org.jiaozi.core.message.WalletMessage;
import org.jiaozi.core.refusal.Refusal;
import org.jiaozi.core.refusal.RefusalCode;
import org.jiaozi.core.statement.Signed;
import org.jiaozi.core.value.Bytes;
import org.jiaozi.core.value.Limit;
import org.jiaozi.wallet.sync.Mail;
import org.jiaozi.wallet.sync.Sync;
import org.jiaozi.wallet.sync.SyncNext;
import org.jiaozi.wallet.sync.SyncRun;

/**
 * A sync by hand: the sealed message goes out as a file that anybody may carry, and the sealed answer comes back the same
 * way. The key that opens the answer is stored before the message leaves.
 */
final class MailBag {
    private static final String REPLY = "reply-key";

    private final Session session;

    MailBag(Session session) {
        this.session = session;
    }

    /** Takes the answer to the message under way, if one is given, and says what is next; the bulletin comes by taps. */
    SyncNext next(Optional<Path> answer, SyncRun.Options options) {
        SyncRun run = SyncRun.start(options);
        SyncNext next = Sync.next(session.state(), run, session.context(), fresh());
        if (next instanceof SyncNext.FetchBulletin fetch) {
            run = fetch.run();
            next = answer.isPresent()
                    ? Sync.answered(session.state(), run, decided(open(answer.get())), session.context(), fresh())
                    : Sync.next(session.state(), run, session.context(), fresh());
        }
        session.commit(Act.SYNC, Change.to(next.state()));
        return next;
    }

    /** A fault decides nothing: the message stays under way, to be sealed and carried again. */
    private static WalletAnswer decided(WalletAnswer answer) {
        if (answer instanceof WalletAnswer.Refused no && no.refusal().code().isFault()) {
            throw CommandFailure.refused(no.refusal());
        }
        return answer;
    }

    private static Sync.Fresh fresh() {
        return new Sync.Fresh(Session.nonce(), Session.nonce());
    }

    /** Seals the message under way into a file. */
    void write(SyncNext.Ask ask, Path file) {
        Sealer.KeyPair reply = session.sealer().newKeyPair();
        session.commit(Act.SYNC, Change.only().put(REPLY, reply.publicKey().concat(reply.privateKey())));
        Bytes sealed = Mail.seal(session.state().bulletin().statement(), session.sealer(), ask.message(), reply);
        MessageFile.write(file, sealed.toArray());
    }

    private WalletAnswer open(Path file) {
        Signed<WalletMessage> message = session.state()
                .outbox()
                .pending()
                .orElseThrow(
                        () -> CommandFailure.refused(new Refusal(RefusalCode.WRONG_STATE, "no message is under way")));
        Bytes pair = session.store()
                .get(REPLY)
                .orElseThrow(() -> CommandFailure.refused(
                        new Refusal(RefusalCode.WRONG_STATE, "no envelope was written for the message under way")));
        Sealer.KeyPair reply = new Sealer.KeyPair(
                pair.slice(0, Sealer.PUBLIC_KEY_SIZE), pair.slice(Sealer.PUBLIC_KEY_SIZE, pair.size()));
        return Mail.open(
                session.state().bulletin().statement(),
                session.sealer(),
                session.verifier(),
                message,
                reply,
                read(file));
    }

    private static Bytes read(Path file) {
        try {
            if (Files.size(file) > Limit.SERVICE_MESSAGE_BYTES) {
                throw CommandFailure.refused(new Refusal(RefusalCode.TOO_LARGE, file.toString()));
            }
            return Bytes.of(Files.readAllBytes(file));
        } catch (IOException e) {
            throw new CommandFailure("cannot read the answer " + file + ": " + Reason.of(e), e);
        }
    }
}
