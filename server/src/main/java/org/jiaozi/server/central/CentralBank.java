package org.jiaozi.server.central;

import java.time.InstantSource;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.Function;
import org.jdbi.v3.core.Handle;
import org.jiaozi.bank.registry.Effect;
import org.jiaozi.bank.registry.Reads;
import org.jiaozi.bank.registry.Registry;
import org.jiaozi.bank.registry.RegistryContext;
import org.jiaozi.bank.registry.RegistryView;
import org.jiaozi.core.bulletin.Bulletin;
import org.jiaozi.core.bulletin.BulletinDelta;
import org.jiaozi.core.bulletin.InstitutionEntry;
import org.jiaozi.core.codec.DecodeException;
import org.jiaozi.core.crypto.PublicKey;
import org.jiaozi.core.crypto.Sha256;
import org.jiaozi.core.crypto.SignatureVerifier;
import org.jiaozi.core.message.BankAnswer;
import org.jiaozi.core.message.BankMessage;
import org.jiaozi.core.message.BankRequest;
import org.jiaozi.core.policy.Profile;
import org.jiaozi.core.refusal.Refusal;
import org.jiaozi.core.refusal.RefusalCode;
import org.jiaozi.core.statement.Signed;
import org.jiaozi.core.value.Bytes;
import org.jiaozi.core.value.InstitutionId;
import org.jiaozi.core.value.Limit;
import org.jiaozi.core.value.Nonce;
import org.jiaozi.core.value.Timestamp;
import org.jiaozi.server.central.CentralCrash.Act;
import org.jiaozi.server.central.CentralCrash.Step;
import org.jiaozi.server.db.Database;

/**
 * The central bank without its HTTP: requests in, durable answers out. Changes are made one after the other, each in one
 * serializable transaction that holds the looking-up, the effects, a bulletin if one is due, and the stored answer.
 */
final class CentralBank implements AutoCloseable {
    private final Database database;
    private final CentralKeys keys;
    private final Bulletins bulletins;
    private final SignatureVerifier verifier;
    private final InstantSource clock;
    private final CentralCrash crash;
    private final InForce<Signed<Bulletin>> bulletin;

    CentralBank(
            Database database,
            CentralKeys keys,
            SignatureVerifier verifier,
            InstantSource clock,
            Profile firstPolicy,
            CentralCrash crash) {
        this.database = database;
        this.keys = keys;
        this.bulletins = new Bulletins(keys);
        this.verifier = verifier;
        this.clock = clock;
        this.crash = crash;
        Timestamp now = now();
        this.bulletin = new InForce<>(
                database.serializable(handle ->
                        bulletins.latest(handle).orElseGet(() -> bulletins.publish(handle, firstPolicy, now))),
                () -> database.snapshot(bulletins::latest).orElseThrow());
    }

    /** The central bank's own time. */
    Timestamp now() {
        return new Timestamp(clock.instant().getEpochSecond());
    }

    PublicKey rootKey() {
        return keys.root().publicKey();
    }

    private RegistryContext context(Signed<Bulletin> inForce) {
        return new RegistryContext(now(), inForce, rootKey(), verifier, CentralKeys.REGISTRY, keys.registry());
    }

    /** The bulletin in force; a new one is signed when half of its time is over, so that nobody meets a stale one. */
    Signed<Bulletin> bulletin() {
        return bulletin.renewed(this::halfOver, () -> publish(Function.identity()));
    }

    private boolean halfOver(Signed<Bulletin> signed) {
        Bulletin held = signed.statement();
        long half = (held.nextUpdate().seconds() - held.issuedAt().seconds()) / 2;
        return now().seconds() - held.issuedAt().seconds() >= half;
    }

    /** Signs the next bulletin, under a changed policy if {@code change} changes it. */
    Signed<Bulletin> publish(Function<Profile, Profile> change) {
        return change(Act.BULLETIN, (handle, view) -> publishIn(handle, change));
    }

    /** Signs the next bulletin within a change. */
    Signed<Bulletin> publishIn(Handle handle, Function<Profile, Profile> change) {
        Profile policy = bulletins.latest(handle).orElseThrow().statement().policy();
        return bulletins.publish(handle, change.apply(policy), now());
    }

    /** What leads from an epoch to the bulletin in force, if there was such an earlier epoch. */
    Optional<Bytes> bulletinDelta(long since) {
        Signed<Bulletin> newest = bulletin();
        return since >= newest.statement().epoch()
                ? Optional.empty()
                : database.snapshot(handle -> bulletins.ofEpoch(handle, since))
                        .map(old -> BulletinDelta.between(old, newest).encode());
    }

    /**
     * Answers one message of an institution.
     *
     * @param peer the code under which it is connected
     * @return the signed answer, or a refusal where there is nobody to sign an answer to
     */
    Answer answer(byte[] body, String peer) {
        Signed<BankMessage> message;
        try {
            message = Signed.decode(Bytes.of(body), Limit.SERVICE_MESSAGE_BYTES, BankMessage::read);
        } catch (DecodeException e) {
            return new Answer.No(e.refusal());
        }
        BankMessage m = message.statement();
        InstitutionId caller = m.signer().institution();
        Signed<Bulletin> inForce = bulletin();
        Optional<PublicKey> key = inForce.statement().issuerKey(m.signer());
        Optional<InstitutionEntry> entry = inForce.statement().institution(caller);
        if (entry.isEmpty() || key.isEmpty()) {
            return no(RefusalCode.UNKNOWN_ISSUER_KEY, "institution " + caller);
        }
        if (!entry.get().code().equals(peer)) {
            return no(
                    RefusalCode.NOT_AUTHORISED,
                    "connected as " + peer + ", signed by " + entry.get().code());
        }
        if (!message.verifies(verifier, key.get())) {
            return no(RefusalCode.BAD_SIGNATURE, "the message");
        }
        try {
            return new Answer.Yes(decide(caller, m.id(), message, BankRequest.read(m.body())));
        } catch (DecodeException e) {
            return new Answer.Yes(signed(m.id(), new BankAnswer.Refused(e.refusal())));
        }
    }

    /** A signed answer, or a refusal without one. */
    sealed interface Answer {
        /** Bytes of a signed {@link BankMessage}. */
        record Yes(Bytes message) implements Answer {}

        /** Nobody to answer under a signature. */
        record No(Refusal refusal) implements Answer {}
    }

    private static Answer no(RefusalCode code, String detail) {
        return new Answer.No(new Refusal(code, detail));
    }

    private Bytes decide(InstitutionId caller, Nonce id, Signed<BankMessage> message, BankRequest request) {
        if (request instanceof BankRequest.ReadInbox) {
            Registry.Prepared prepared = Registry.prepare(caller, request, context(bulletin.held()));
            return signed(
                    id,
                    database.snapshot(
                            handle -> Registry.decide(prepared, new SqlRegistryView(handle), context(bulletin.held()))
                                    .answer()));
        }
        // signatures are verified before anybody waits
        Registry.Prepared prepared = Registry.prepare(caller, request, context(bulletin.held()));
        Reads reads = prepared.reads();
        Bytes question = Sha256.hash(message.statement().payload()).bytes();
        Outcome outcome = transact(Act.of(request), handle -> {
            Optional<Bytes> before = answered(handle, caller, id, question);
            if (before.isPresent()) {
                return new Outcome(before.get(), Optional.empty());
            }
            RegistryContext context = context(bulletin.held());
            RegistryView view = new SqlRegistryView(handle, Fetched.of(handle, reads));
            Registry.Decision decision = Registry.decide(prepared, view, context);
            new EffectWriter(handle, context.now()).write(decision.effects());
            Optional<Signed<Bulletin>> next =
                    decision.revokes() ? Optional.of(publishIn(handle, Function.identity())) : Optional.empty();
            Bytes answer = signed(id, decision.answer());
            handle.createUpdate("INSERT INTO answered VALUES (?, ?, ?, ?)")
                    .bind(0, caller.number())
                    .bind(1, id.bytes().toArray())
                    .bind(2, question.toArray())
                    .bind(3, answer.toArray())
                    .execute();
            return new Outcome(answer, next);
        });
        return outcome.answer();
    }

    private record Outcome(Bytes answer, Optional<Signed<Bulletin>> bulletin) {}

    /** The stored answer to this message, or a refusal where its id was used for another one. */
    private Optional<Bytes> answered(Handle handle, InstitutionId caller, Nonce id, Bytes question) {
        return handle.createQuery("SELECT question, answer FROM answered WHERE institution = ? AND id = ?")
                .bind(0, caller.number())
                .bind(1, id.bytes().toArray())
                .map((row, context) -> Bytes.of(row.getBytes("question")).equals(question)
                        ? Bytes.of(row.getBytes("answer"))
                        : signed(id, new BankAnswer.Refused(Refusal.of(RefusalCode.REPLAYED))))
                .findOne();
    }

    private Bytes signed(Nonce id, BankAnswer answer) {
        return Signed.by(keys.registry(), new BankMessage(CentralKeys.REGISTRY, id, now(), answer.cbor()))
                .encode();
    }

    private Outcome transact(Act act, Function<Handle, Outcome> work) {
        return bulletin.change(
                () -> {
                    Outcome outcome = database.serializable(act.name(), handle -> {
                        Outcome decided = work.apply(handle);
                        crash.reached(act, Step.BEFORE_COMMIT);
                        return decided;
                    });
                    crash.reached(act, Step.AFTER_COMMIT);
                    return outcome;
                },
                Outcome::bulletin);
    }

    /** Makes a change that ends in a new bulletin. */
    Signed<Bulletin> change(Act act, BiFunction<Handle, RegistryView, Signed<Bulletin>> work) {
        Outcome outcome = transact(
                act, handle -> new Outcome(Bytes.EMPTY, Optional.of(work.apply(handle, new SqlRegistryView(handle)))));
        return outcome.bulletin().orElseThrow();
    }

    /**
     * Does what an operator asks, once for each reference.
     *
     * @param reference names this action for good; empty for one that may be repeated
     * @param work the effects, or nothing where they are not allowed
     * @return false where nothing was done because it is not allowed
     */
    boolean operate(Act act, Optional<String> reference, Function<RegistryView, Optional<List<Effect>>> work) {
        return bulletin.alone(() -> {
            Timestamp at = now();
            boolean done = database.serializable(act.name(), handle -> {
                if (reference.isPresent() && done(handle, reference.get())) {
                    return true;
                }
                Optional<List<Effect>> effects = work.apply(new SqlRegistryView(handle));
                if (effects.isEmpty()) {
                    return false;
                }
                new EffectWriter(handle, at).write(effects.get());
                reference.ifPresent(r -> handle.createUpdate("INSERT INTO operator_action VALUES (?, ?, ?)")
                        .bind(0, r)
                        .bind(1, act.name().toLowerCase(Locale.ROOT))
                        .bind(2, at.seconds())
                        .execute());
                crash.reached(act, Step.BEFORE_COMMIT);
                return true;
            });
            crash.reached(act, Step.AFTER_COMMIT);
            return done;
        });
    }

    private static boolean done(Handle handle, String reference) {
        return handle.createQuery("SELECT kind FROM operator_action WHERE reference = ?")
                .bind(0, reference)
                .mapTo(String.class)
                .findOne()
                .isPresent();
    }

    /** Looks at one unchanging state. */
    <T> T look(Function<Handle, T> work) {
        return database.snapshot(work);
    }

    @Override
    public void close() {
        database.close();
    }
}
