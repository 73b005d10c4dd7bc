package org.jiaozi.server.central;

import java.time.InstantSource;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jdbi.v3.core.Handle;
import org.jiaozi.bank.registry.Effect;
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
import org.jiaozi.core.value.Hash;
import org.jiaozi.core.value.InstitutionId;
import org.jiaozi.core.value.Limit;
import org.jiaozi.core.value.Nonce;
import org.jiaozi.core.value.Timestamp;
import org.jiaozi.crypto.RememberingVerifier;
import org.jiaozi.server.ServiceFault;
import org.jiaozi.server.central.CentralCrash.Act;
import org.jiaozi.server.central.CentralCrash.Step;
import org.jiaozi.server.db.Bulk;
import org.jiaozi.server.db.Database;
import org.jiaozi.server.lot.LotWorker;

/**
 * The central bank without its HTTP: requests in, durable answers out. Changes are made one after the other, in serializable
 * transactions that hold the looking-up, the effects, a bulletin if one is due, and the stored answers; requests that come at
 * the same time share one.
 */
final class CentralBank implements AutoCloseable {
    /** Signatures under statements that come again with other lineages; some 20 MB. */
    private static final int REMEMBERED = 1 << 17;

    private static final int TOGETHER = 256;
    /** Slices of one transaction: enough that its commit costs little beside them. */
    private static final int LOT = 2048;
    /** Slices that may wait at most, however fast they are decided. */
    private static final int WAITING = 8192;

    private final Database database;
    private final CentralKeys keys;
    private final Bulletins bulletins;
    private final SignatureVerifier verifier;
    private final SignatureVerifier statements;
    private final InstantSource clock;
    private final CentralCrash crash;
    private final DepositCounts counts;
    private final InForce<Signed<Bulletin>> bulletin;
    private final Known known = new Known();
    private final Registry.Preparing preparing = new OnAllCores();
    private final LotWorker<Asked, Bytes> writer;

    CentralBank(
            Database database,
            CentralKeys keys,
            SignatureVerifier verifier,
            InstantSource clock,
            Profile firstPolicy,
            CentralCrash crash,
            DepositCounts counts) {
        this.database = database;
        this.keys = keys;
        this.bulletins = new Bulletins(keys);
        this.verifier = verifier;
        this.statements = new RememberingVerifier(verifier, REMEMBERED);
        this.clock = clock;
        this.crash = crash;
        this.counts = counts;
        Timestamp now = now();
        this.bulletin = new InForce<>(
                database.serializable(handle ->
                        bulletins.latest(handle).orElseGet(() -> bulletins.publish(handle, firstPolicy, now))),
                () -> database.snapshot(bulletins::latest).orElseThrow());
        this.writer = new LotWorker<>(
                "registry-writer", new LotWorker.Bounds(1, TOGETHER, LOT, WAITING).orAsSet(1), this::decide);
    }

    /** The central bank's own time. */
    Timestamp now() {
        return new Timestamp(clock.instant().getEpochSecond());
    }

    PublicKey rootKey() {
        return keys.root().publicKey();
    }

    private RegistryContext context(Signed<Bulletin> inForce) {
        return new RegistryContext(now(), inForce, rootKey(), statements, CentralKeys.REGISTRY, keys.registry());
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
        BankRequest request;
        try {
            request = BankRequest.read(m.body());
        } catch (DecodeException e) {
            return new Answer.Yes(signed(m.id(), new BankAnswer.Refused(e.refusal())));
        }
        // what cannot be read from here on is the record's, and no word on the request
        return new Answer.Yes(decide(caller, m.id(), message, request));
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
        // who only reads waits for nobody
        if (writer.full() && !(request instanceof BankRequest.ReadInbox)) {
            throw new ServiceFault(RefusalCode.BUSY, "more is waiting than is decided in time");
        }
        // signatures are verified before anybody waits
        Registry.Prepared prepared = Registry.prepare(caller, request, context(bulletin.held()), preparing);
        if (request instanceof BankRequest.ReadInbox) {
            return signed(
                    id,
                    database.snapshot(
                            handle -> Registry.decide(prepared, new SqlRegistryView(handle), context(bulletin.held()))
                                    .answer()));
        }
        Bytes question = Sha256.hash(message.statement().payload()).bytes();
        return writer.ask(new Asked(new Asked.Key(caller, id), question, Act.of(request), prepared), prepared.weight());
    }

    /**
     * A request that waits to be decided.
     *
     * @param question its hash
     */
    private record Asked(Key key, Bytes question, Act act, Registry.Prepared prepared) {
        /** What names a request for good. */
        private record Key(InstitutionId caller, Nonce id) {}
    }

    /** An answer, and the hash of what it answers. */
    private record Answered(Bytes question, Bytes answer) {}

    /** Decides what waits in one transaction, as if one after the other; their answers, in order. */
    private List<Bytes> decide(List<Asked> lot) {
        return bulletin.alone(() -> {
            // where a commit gave no answer it is looked up which one that is, before anything is decided under it
            Signed<Bulletin> inForce = bulletin.get();
            Outcome outcome =
                    transact(lot.stream().map(Asked::act).distinct().toList(), handle -> decide(handle, lot, inForce));
            known.committed(outcome.certificates());
            return outcome.answers();
        });
    }

    private Outcome decide(Handle handle, List<Asked> lot, Signed<Bulletin> inForce) {
        known.sure(handle);
        Map<Asked.Key, Answered> answers = answered(handle, lot);
        // one that came twice is decided once
        Map<Asked.Key, Asked> open = new LinkedHashMap<>();
        lot.stream().filter(a -> !answers.containsKey(a.key())).forEach(a -> open.putIfAbsent(a.key(), a));
        List<Registry.Prepared> prepared =
                open.values().stream().map(Asked::prepared).toList();
        RegistryContext context = context(inForce);
        RegistryView view = new SqlRegistryView(handle, Fetched.of(handle, Registry.Prepared.reads(prepared), known));
        List<Registry.Decision> decisions = Registry.decide(prepared, view, context);
        EffectWriter writing = new EffectWriter(handle, context.now(), known);
        writing.write(decisions.stream().flatMap(d -> d.effects().stream()).toList());
        Optional<Signed<Bulletin>> next = decisions.stream().anyMatch(Registry.Decision::revokes)
                ? Optional.of(publishIn(handle, Function.identity()))
                : Optional.empty();
        Bulk kept = Bulk.into("answered", "", "institution integer", "id bytea", "question bytea", "answer bytea");
        Iterator<Registry.Decision> decided = decisions.iterator();
        for (Asked asked : open.values()) {
            Bytes answer = signed(asked.key().id(), decided.next().answer());
            answers.put(asked.key(), new Answered(asked.question(), answer));
            kept.add(asked.key().caller().number(), asked.key().id().bytes(), asked.question(), answer);
        }
        kept.runEach(handle);
        return new Outcome(
                lot.stream().map(a -> given(a, answers)).toList(),
                next,
                writing.certificates(),
                decisions.stream().map(Registry.Decision::answer).toList());
    }

    /** Its answer, or a refusal where its id was used for another question. */
    private Bytes given(Asked asked, Map<Asked.Key, Answered> answers) {
        Answered given = Objects.requireNonNull(answers.get(asked.key()));
        return given.question().equals(asked.question())
                ? given.answer()
                : signed(asked.key().id(), new BankAnswer.Refused(Refusal.of(RefusalCode.REPLAYED)));
    }

    /** What was answered before, of all of them. */
    private static Map<Asked.Key, Answered> answered(Handle handle, List<Asked> lot) {
        Bulk asked = new Bulk(
                "SELECT v.place, a.question, a.answer FROM %s"
                        + " JOIN answered a ON a.institution = v.institution AND a.id = v.id",
                "institution integer", "id bytea");
        lot.forEach(a -> asked.add(a.key().caller().number(), a.key().id().bytes()));
        Map<Asked.Key, Answered> found = new HashMap<>();
        asked.each(
                handle,
                row -> found.put(
                        lot.get(row.getInt("place") - 1).key(),
                        new Answered(Bytes.of(row.getBytes("question")), Bytes.of(row.getBytes("answer")))));
        return found;
    }

    /**
     * What a transaction comes to.
     *
     * @param bulletin the one in force from then on, if it is a new one
     * @param certificates that are on record from then on
     * @param decided what was not answered before
     */
    private record Outcome(
            List<Bytes> answers,
            Optional<Signed<Bulletin>> bulletin,
            Map<Hash, Long> certificates,
            List<BankAnswer> decided) {}

    private Bytes signed(Nonce id, BankAnswer answer) {
        return new BankMessage(CentralKeys.REGISTRY, id, now(), answer.cbor())
                .signed(keys.registry(), BankAnswer::read)
                .encode();
    }

    private Outcome transact(List<Act> acts, Function<Handle, Outcome> work) {
        Outcome outcome = bulletin.change(
                () -> {
                    String all = acts.stream().map(Act::name).collect(Collectors.joining("+"));
                    Outcome made = database.serializable(all, handle -> {
                        Outcome decided = work.apply(handle);
                        acts.forEach(act -> crash.reached(act, Step.BEFORE_COMMIT));
                        return decided;
                    });
                    acts.forEach(act -> crash.reached(act, Step.AFTER_COMMIT));
                    return made;
                },
                Outcome::bulletin);
        outcome.decided().forEach(counts::decided);
        return outcome;
    }

    /** Makes a change that ends in a new bulletin. */
    Signed<Bulletin> change(Act act, BiFunction<Handle, RegistryView, Signed<Bulletin>> work) {
        Outcome outcome = transact(
                List.of(act),
                handle -> new Outcome(
                        List.of(), Optional.of(work.apply(handle, new SqlRegistryView(handle))), Map.of(), List.of()));
        return outcome.bulletin().orElseThrow();
    }

    /**
     * Does what an operator asks, once for each reference.
     *
     * @param reference names this action for good; empty for one that may be repeated
     * @param work the effects, or nothing where they are not allowed
     * @return false where nothing was done because it is not allowed
     */
    boolean operate(Act act, Optional<String> reference, Function<SqlRegistryView, Optional<List<Effect>>> work) {
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
                new EffectWriter(handle, at, known).write(effects.get());
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
        writer.close();
        database.close();
    }
}
