package org.jiaozi.server.institution;

import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jiaozi.core.message.BankMessage;
import org.jiaozi.core.message.WalletAnswer;
import org.jiaozi.core.message.WalletMessage;
import org.jiaozi.core.statement.Signed;
import org.jiaozi.core.value.Bytes;
import org.jiaozi.core.value.Limit;

/** Remembers wallet messages, so that a repeated one gets the stored answer and a changed one is refused. */
final class Messages {
    private final Office office;

    Messages(Office office) {
        this.office = office;
    }

    /** What is known of a message before it is worked on. */
    sealed interface Seen {
        /** Nothing, or that it was begun. */
        record Open() implements Seen {}

        /** It was answered. */
        record Answered(Signed<BankMessage> answer) implements Seen {}

        /** Its id was used for another body. */
        record Replayed() implements Seen {}
    }

    private record Row(Bytes hash, Optional<Bytes> answer) {}

    /** Puts a message on record; its signature was checked. */
    Seen open(Signed<WalletMessage> message) {
        WalletMessage m = message.statement();
        return office.db().serializable(h -> {
            Optional<Row> row = h.createQuery("SELECT hash, answer FROM message WHERE sender = :sender AND id = :id")
                    .bind("sender", m.sender().bytes().toArray())
                    .bind("id", m.id().bytes().toArray())
                    .map((r, context) -> new Row(
                            Bytes.of(r.getBytes("hash")),
                            Optional.ofNullable(r.getBytes("answer")).map(Bytes::of)))
                    .findOne();
            if (row.isEmpty()) {
                h.createUpdate("INSERT INTO message (sender, id, hash, opened_at) VALUES (:sender, :id, :hash, :now)")
                        .bind("sender", m.sender().bytes().toArray())
                        .bind("id", m.id().bytes().toArray())
                        .bind("hash", message.hash().bytes().toArray())
                        .bind("now", office.now().seconds())
                        .execute();
                return new Seen.Open();
            }
            if (!row.get().hash().equals(message.hash().bytes())) {
                return new Seen.Replayed();
            }
            return row.get()
                    .answer()
                    .<Seen>map(a -> new Seen.Answered(Signed.decode(a, Limit.SERVICE_MESSAGE_BYTES, BankMessage::read)))
                    .orElseGet(Seen.Open::new);
        });
    }

    /** The answer under this institution's key. */
    Signed<BankMessage> sign(WalletMessage message, WalletAnswer answer) {
        return new BankMessage(office.membership().key(), message.id(), office.now(), answer.cbor())
                .signed(office.keys().signer(), WalletAnswer::read);
    }

    /**
     * Stores the answer inside the caller's transaction, unless nothing is decided yet. Returns the one that counts, which is
     * what a copy of the message gets, too: signed again it would be of another time.
     */
    Signed<BankMessage> keep(Handle h, WalletMessage message, WalletAnswer answer) {
        Signed<BankMessage> signed = sign(message, answer);
        if (!settles(answer)) {
            return signed;
        }
        Bytes stored = h.createQuery("UPDATE message SET answer = coalesce(answer, :answer)"
                        + " WHERE sender = :sender AND id = :id RETURNING answer")
                .bind("answer", signed.encode().toArray())
                .bind("sender", message.sender().bytes().toArray())
                .bind("id", message.id().bytes().toArray())
                .map((r, context) -> Bytes.of(r.getBytes("answer")))
                .one();
        return Signed.decode(stored, Limit.SERVICE_MESSAGE_BYTES, BankMessage::read);
    }

    /**
     * Whether an answer is the last word on its message. A wallet that was refused asks anew under another id and nonce; a
     * copy of the refused message that comes late must not be granted then.
     */
    static boolean settles(WalletAnswer answer) {
        return !(answer instanceof WalletAnswer.Refused refused)
                || !refused.refusal().code().isFault();
    }
}
