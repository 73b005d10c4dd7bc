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
import org.jiaozi.core.crypto.Sha256;
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
    /** Under this name the store keeps the hash of an answer that was taken and that nobody was told of yet. */
    private static final String TAKEN = "answer-taken";

    private final Session session;
    private boolean repeated;

    MailBag(Session session) {
        this.session = session;
    }

    /**
     * Takes the answer to the message under way, if one is given, and says what is next; the bulletin comes by taps. Where
     * a run was cut off that had taken this answer, it goes on from there.
     */
    SyncNext next(Optional<Path> answer, SyncRun.Options options) {
        Optional<Bytes> brought = answer.map(MailBag::read);
        Optional<Bytes> hash = brought.map(b -> Sha256.hash(b).bytes());
        repeated = hash.isPresent() && hash.equals(session.store().get(TAKEN));
        SyncRun run = SyncRun.start(options);
        SyncNext next = Sync.next(session.state(), run, session.context(), fresh());
        if (next instanceof SyncNext.FetchBulletin fetch) {
            run = fetch.run();
            if (brought.isPresent() && !repeated) {
                next = Sync.answered(session.state(), run, decided(open(brought.get())), session.context(), fresh());
            } else if (repeated && session.state().outbox().pending().isEmpty()) {
                // it was the last
                next = new SyncNext.Done(session.state(), run);
            } else {
                next = Sync.next(session.state(), run, session.context(), fresh());
            }
        }
        Change change = Change.to(next.state());
        hash.ifPresent(h -> change.put(TAKEN, h));
        session.commit(Act.SYNC, change);
        return next;
    }

    /** Whether the answer had been taken before. */
    boolean repeated() {
        return repeated;
    }

    /** The owner was told: the same answer is one too many from here on. */
    void told() {
        session.store().forget(TAKEN);
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

    private WalletAnswer open(Bytes answer) {
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
                session.state().bulletin().statement(), session.sealer(), session.verifier(), message, reply, answer);
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
