package org.jiaozi.server.institution;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jdbi.v3.core.Handle;
import org.jiaozi.core.codec.Cbor;
import org.jiaozi.core.message.WalletAnswer;
import org.jiaozi.core.message.WalletRequest;
import org.jiaozi.core.refusal.Refusal;
import org.jiaozi.core.refusal.RefusalCode;
import org.jiaozi.core.statement.Note;
import org.jiaozi.core.statement.Signed;
import org.jiaozi.core.value.Amount;
import org.jiaozi.core.value.Bytes;
import org.jiaozi.core.value.Limit;

/**
 * Runs what takes more than one transaction. An operation is stored before its first step and run from the start again
 * after a crash; since every step acts once for each reference, running again finishes it and repeats nothing.
 */
final class Operations {
    private final Office office;
    private final Outbox outbox;
    private final OperationCounts counts;
    /** One operation runs once at a time here; the database would sort out two as well, but not as quickly. */
    private final KeyedLocks locks = new KeyedLocks();

    Operations(Office office, Outbox outbox, OperationCounts counts) {
        this.office = office;
        this.outbox = outbox;
        this.counts = counts;
    }

    /** The steps of one kind of operation; may run any number of times. */
    @FunctionalInterface
    interface Steps {
        /** Runs them; a refusal of the service itself (8xx) leaves the operation open. */
        WalletAnswer run(Operation operation);
    }

    /**
     * Stores the operation if it is new, runs it unless it is done, and answers.
     *
     * @param same whether a stored request is the one meant; another under this reference is refused with 708
     */
    WalletAnswer perform(Operation fresh, java.util.function.Predicate<Operation> same, Steps steps) {
        // a refused deposit or return is forgotten, so nobody else's run may come between storing one and running it
        return locks.alone(fresh.reference(), () -> {
            Operation stored = office.db()
                    .serializable(
                            fresh.kind().name(),
                            h -> find(h, fresh.reference()).orElseGet(() -> {
                                insert(h, fresh);
                                return fresh;
                            }));
            return stored.kind() == fresh.kind() && stored.account().equals(fresh.account()) && same.test(stored)
                    ? run(stored, steps)
                    : new WalletAnswer.Refused(new Refusal(RefusalCode.REPLAYED, "the nonce was used before"));
        });
    }

    /** Does something while no run of that operation is under way, whether or not there is such an operation. */
    <T> T alone(String reference, Supplier<T> work) {
        return locks.alone(reference, work);
    }

    /** The same for several operations. */
    <T> T alone(Set<String> references, Supplier<T> work) {
        return locks.alone(references, work);
    }

    /** Goes on with an operation that is stored and not done, if there is one. */
    void resume(String reference, Steps steps) {
        locks.alone(
                reference, () -> office.db().snapshot(h -> find(h, reference)).map(o -> run(o, steps)));
    }

    private WalletAnswer run(Operation operation, Steps steps) {
        if (operation.done()) {
            return operation.answer().orElseThrow();
        }
        WalletAnswer answer = operation
                .givenUp()
                .<WalletAnswer>map(why -> new WalletAnswer.Refused(giveUp(operation, why)))
                .orElseGet(() -> steps.run(operation));
        if (!temporary(answer)) {
            finish(operation, answer);
            counts.ended(operation.kind(), answer);
        }
        return answer;
    }

    /**
     * Frees what is held for an operation that the central bank refuses, unless by a fault. Why is durable before that:
     * once nothing is held any more nobody could ask again.
     */
    Refusal giveUp(Operation operation, Refusal why) {
        if (why.code().isFault()) {
            return why;
        }
        office.db()
                .serializable(
                        operation.kind().name(),
                        h -> h.createUpdate("UPDATE operation SET answer = :answer"
                                        + " WHERE reference = :reference AND answer IS NULL")
                                .bind(
                                        "answer",
                                        new WalletAnswer.Refused(why)
                                                .cbor()
                                                .encode()
                                                .toArray())
                                .bind("reference", operation.reference())
                                .execute());
        office.banking().release(operation.reference());
        return why;
    }

    private static boolean temporary(WalletAnswer answer) {
        return answer instanceof WalletAnswer.Refused refused
                && refused.refusal().code().isFault();
    }

    private void finish(Operation operation, WalletAnswer answer) {
        boolean refused = answer instanceof WalletAnswer.Refused;
        office.db().serializable(operation.kind().name(), h -> {
            if (refused && operation.kind().ofATransfer()) {
                // nothing was booked: the same transfer may come again, and the registry judges it again
                h.createUpdate("DELETE FROM operation WHERE reference = :reference AND done_at IS NULL")
                        .bind("reference", operation.reference())
                        .execute();
                return true;
            }
            int updated = h.createUpdate("UPDATE operation SET answer = :answer, done_at = :now, request = :request,"
                            + " amount = CASE WHEN :refused THEN 0 ELSE amount END"
                            + " WHERE reference = :reference AND done_at IS NULL")
                    .bind("answer", answer.cbor().encode().toArray())
                    .bind("now", office.now().seconds())
                    .bind("request", kept(operation.request()).cbor().encode().toArray())
                    .bind("refused", refused)
                    .bind("reference", operation.reference())
                    .execute();
            if (updated == 1 && !refused) {
                outbox.add(
                        h,
                        operation.kind().name().toLowerCase(java.util.Locale.ROOT),
                        operation.account(),
                        operation.reference());
            }
            return true;
        });
    }

    /** What is kept of a request once it is done: a deposit's lineage is the registry's to keep. */
    static WalletRequest kept(WalletRequest request) {
        return request instanceof WalletRequest.Deposit ? new WalletRequest.Deposit(Bytes.EMPTY) : request;
    }

    private void insert(Handle h, Operation o) {
        h.createUpdate("INSERT INTO operation (reference, kind, account, request, note, amount, opened_at)"
                        + " VALUES (:reference, :kind, :account, :request, :note, :amount, :now)")
                .bind("now", office.now().seconds())
                .bind("reference", o.reference())
                .bind("kind", o.kind().name())
                .bind("account", o.account())
                .bind("request", o.request().cbor().encode().toArray())
                .bind("note", o.note().map(n -> n.encode().toArray()).orElse(null))
                .bind("amount", o.amount().minor())
                .execute();
    }

    /** Settles what an operation makes, once; returns the operation with what was settled first. */
    Operation settle(Operation o, Optional<Operation.Step> step, Optional<Signed<Note>> note, Amount amount) {
        return office.db().serializable(h -> {
            h.createUpdate("UPDATE operation SET step = :step, note = :note, amount = :amount"
                            + " WHERE reference = :reference AND step IS NULL AND note IS NULL")
                    .bind("step", step.map(Enum::name).orElse(null))
                    .bind("note", note.map(n -> n.encode().toArray()).orElse(null))
                    .bind("amount", amount.minor())
                    .bind("reference", o.reference())
                    .execute();
            return find(h, o.reference()).orElseThrow();
        });
    }

    /** Puts a note in the place of one that the registry refused for good; durable before it is registered. */
    Signed<Note> replaceNote(Operation o, Signed<Note> fresh) {
        office.db()
                .useSerializable(h -> h.createUpdate("UPDATE operation SET note = :note WHERE reference = :reference")
                        .bind("note", fresh.encode().toArray())
                        .bind("reference", o.reference())
                        .execute());
        return fresh;
    }

    /** A note that could not be registered is paid to the account instead. */
    void creditInstead(Operation o) {
        office.db()
                .useSerializable(
                        h -> h.createUpdate("UPDATE operation SET step = 'CREDIT' WHERE reference = :reference")
                                .bind("reference", o.reference())
                                .execute());
    }

    /** Books a registered note of this operation: the float grows, from what the operation brought. */
    void issued(Operation o, Signed<Note> note, Consumer<Handle> booking) {
        office.db().useSerializable(h -> {
            booking.accept(h);
            Books.post(
                    h,
                    o.reference() + ":frozen",
                    Books.FROZEN,
                    Books.RESERVE,
                    note.statement().value(),
                    "reserve behind a note",
                    office.now());
            h.createUpdate("INSERT INTO note (hash, operation, account, holder, currency, value, expiry, issued_at)"
                            + " VALUES (:hash, :operation, :account, :holder, :currency, :value, :expiry, :now)"
                            + " ON CONFLICT (hash) DO NOTHING")
                    .bind("hash", note.hash().bytes().toArray())
                    .bind("operation", o.reference())
                    .bind("account", o.account())
                    .bind("holder", note.statement().holder().bytes().toArray())
                    .bind("currency", note.statement().currency().code())
                    .bind("value", note.statement().value().minor())
                    .bind("expiry", note.statement().expiry().seconds())
                    .bind("now", office.now().seconds())
                    .execute();
        });
    }

    /** What was left open. */
    record Open(String reference, Operation.Kind kind) {}

    /** Operations that a crash or a silent central bank left open, oldest first; not those that are being run. */
    List<Open> open() {
        return office
                .db()
                .snapshot(h -> h.createQuery("SELECT reference, kind FROM operation WHERE done_at IS NULL"
                                + " ORDER BY opened_at LIMIT 1000")
                        .map((row, context) ->
                                new Open(row.getString("reference"), Operation.Kind.valueOf(row.getString("kind"))))
                        .list())
                .stream()
                .filter(o -> !locks.held(o.reference()))
                .toList();
    }

    static Optional<Operation> find(Handle h, String reference) {
        return h.createQuery("SELECT * FROM operation WHERE reference = :reference")
                .bind("reference", reference)
                .map((row, context) -> read(row))
                .findOne();
    }

    private static Operation read(ResultSet row) throws SQLException {
        return new Operation(
                row.getString("reference"),
                Operation.Kind.valueOf(row.getString("kind")),
                row.getString("account"),
                WalletRequest.read(Cbor.decode(Bytes.of(row.getBytes("request")), Limit.SERVICE_MESSAGE_BYTES)),
                Optional.ofNullable(row.getBytes("note"))
                        .map(b -> Signed.decode(Bytes.of(b), Limit.SERVICE_MESSAGE_BYTES, Note::read)),
                Optional.ofNullable(row.getString("step")).map(Operation.Step::valueOf),
                new Amount(row.getLong("amount")),
                Optional.ofNullable(row.getBytes("answer"))
                        .map(b -> WalletAnswer.read(Cbor.decode(Bytes.of(b), Limit.SERVICE_MESSAGE_BYTES))),
                row.getObject("done_at") != null);
    }
}
