package org.jiaozi.bank.registry;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import org.jiaozi.bank.ledger.AccountName;
import org.jiaozi.core.bulletin.Bulletin;
import org.jiaozi.core.bulletin.InstitutionEntry;
import org.jiaozi.core.bulletin.InstitutionKey;
import org.jiaozi.core.codec.Cbor;
import org.jiaozi.core.crypto.Sha256;
import org.jiaozi.core.crypto.Signer;
import org.jiaozi.core.lineage.Lineage;
import org.jiaozi.core.lineage.LineageCodec;
import org.jiaozi.core.message.BankAnswer;
import org.jiaozi.core.message.BankRequest;
import org.jiaozi.core.message.BoundKey;
import org.jiaozi.core.message.Claim;
import org.jiaozi.core.message.InboxEvent;
import org.jiaozi.core.message.KeyProof;
import org.jiaozi.core.message.OwnerChange;
import org.jiaozi.core.message.RegistryAnswer.Settlement;
import org.jiaozi.core.policy.Profile;
import org.jiaozi.core.policy.Tier;
import org.jiaozi.core.statement.NonReceipt;
import org.jiaozi.core.statement.Note;
import org.jiaozi.core.statement.PurseCertificate;
import org.jiaozi.core.statement.PurseCertificate.ElementClass;
import org.jiaozi.core.statement.PurseCertificate.Limits;
import org.jiaozi.core.statement.Signed;
import org.jiaozi.core.statement.SliceRef;
import org.jiaozi.core.statement.Statement;
import org.jiaozi.core.statement.Transfer;
import org.jiaozi.core.statement.TransferInput;
import org.jiaozi.core.value.Amount;
import org.jiaozi.core.value.Bytes;
import org.jiaozi.core.value.Currency;
import org.jiaozi.core.value.Hash;
import org.jiaozi.core.value.InstitutionId;
import org.jiaozi.core.value.IssuerKeyId;
import org.jiaozi.core.value.Limit;
import org.jiaozi.core.value.Nonce;
import org.jiaozi.core.value.Period;
import org.jiaozi.core.value.Range;
import org.jiaozi.core.value.Thumbprint;
import org.jiaozi.core.value.Timestamp;
import org.jiaozi.crypto.fake.FakeCrypto;

/** Two institutions, named purses, and a registry in memory that they ask. Names are letters; {@code b1} is a bank. */
final class Town {
    static final Currency CNY = new Currency("CNY");
    static final Timestamp START = new Timestamp(1_800_000_000L);
    static final Period DAY = Period.ofDays(1);
    static final Limits PLENTY = new Limits(1_000_000, 1_000_000, 1_000, 1_000_000);
    static final InstitutionId ONE = new InstitutionId(1);
    static final InstitutionId TWO = new InstitutionId(2);

    private final FakeCrypto crypto = FakeCrypto.forSimulation(7);
    private final Map<String, Lineage> lineages = new HashMap<>();
    private final Map<String, Long> sequence = new HashMap<>();
    private final Map<InstitutionId, Long> read = new HashMap<>();
    final Draft record = Draft.inMemory();
    Timestamp now = START;

    Town() {
        for (InstitutionId i : List.of(ONE, TWO)) {
            record.putAll(Operations.setQuota(record, i, 1, CNY, new Amount(10_000)));
            record.putAll(Operations.fundReserve(record, i, CNY, new Amount(5_000), "initial"));
        }
    }

    /** m forks to a and c and e; c, itself a victim, forks what it got to f and g. */
    static Town forked() {
        Town town = new Town();
        town.note(ONE, "m", 1000, "n");
        town.pay("ma", "n", "m", "a", 0, 300);
        town.pay("mc", "n", "m", "c", 100, 500);
        town.pay("me", "n", "m", "xe", 450, 600);
        town.pay("cf", "mc", "c", "f", 100, 400);
        town.pay("cg", "mc", "c", "xg", 300, 500);
        town.pay("d1", "ma", "a", "b1", 0, 300);
        town.pay("d2", "me", "xe", "b2", 450, 600);
        town.pay("d3", "cf", "f", "b1", 100, 400);
        town.pay("d4", "cg", "xg", "b2", 300, 500);
        return town;
    }

    Signer signer(String name) {
        return crypto.signer(name);
    }

    Thumbprint key(String name) {
        return signer(name).publicKey().thumbprint();
    }

    Nonce nonce(String text) {
        return new Nonce(Sha256.hash(text.getBytes(java.nio.charset.StandardCharsets.UTF_8))
                .bytes()
                .slice(0, 16));
    }

    private static Profile policy() {
        Tier tier =
                new Tier(1, "any", true, PLENTY, new Tier.AccountLimits(1_000_000, 1_000_000, 1_000_000, 1_000_000));
        return new Profile(
                "test",
                CNY,
                5,
                DAY,
                DAY,
                DAY,
                DAY,
                new Period(60),
                DAY,
                new Amount(40),
                new Amount(50),
                64,
                64,
                Amount.ZERO,
                1,
                true,
                Map.of(
                        ElementClass.SOFTWARE,
                        1000,
                        ElementClass.PHONE,
                        1000,
                        ElementClass.CARD,
                        1000,
                        ElementClass.HSM,
                        1000),
                List.of(tier),
                List.of());
    }

    private InstitutionEntry entry(InstitutionId id) {
        return new InstitutionEntry(
                id,
                "bank-" + id,
                "Bank " + id,
                List.of(new InstitutionKey(
                        0, signer("b" + id).publicKey(), START, new Timestamp(START.seconds() + 1_000_000))),
                Sha256.hash(new byte[] {(byte) id.number()}).bytes(),
                "");
    }

    RegistryContext context() {
        Bulletin bulletin = new Bulletin(
                new IssuerKeyId(InstitutionId.CENTRAL_BANK, 0),
                5,
                START,
                START.plus(DAY),
                List.of(entry(ONE), entry(TWO)),
                new TreeSet<>(),
                signer("registry").publicKey(),
                policy());
        return new RegistryContext(
                now,
                Signed.by(signer("root"), bulletin),
                signer("root").publicKey(),
                crypto,
                new IssuerKeyId(InstitutionId.CENTRAL_BANK, 1),
                signer("registry"));
    }

    /** Asks, and puts what was decided on record. */
    BankAnswer ask(InstitutionId caller, BankRequest request) {
        Registry.Decision decision = Registry.decide(Registry.prepare(caller, request, context()), record, context());
        record.putAll(decision.effects());
        // as the caller gets it
        return BankAnswer.read(Cbor.decode(decision.answer().cbor().encode(), Limit.SERVICE_MESSAGE_BYTES));
    }

    <S extends Statement> Signed<S> sign(String name, S statement) {
        return Signed.by(signer(name), statement);
    }

    /** Purses are certified by institution 1, those whose names begin with x by institution 2. */
    Signed<PurseCertificate> certificate(String purse) {
        InstitutionId issuer = purse.startsWith("x") ? TWO : ONE;
        return sign(
                "b" + issuer,
                new PurseCertificate(
                        new IssuerKeyId(issuer, 0),
                        signer(purse).publicKey(),
                        1,
                        ElementClass.SOFTWARE,
                        CNY,
                        PLENTY,
                        START,
                        START.plus(DAY),
                        0,
                        0));
    }

    Signed<Note> unregistered(InstitutionId issuer, String holder, long value, String load) {
        return sign(
                "b" + issuer,
                new Note(
                        new IssuerKeyId(issuer, 0),
                        1,
                        CNY,
                        new Amount(value),
                        START.plus(DAY),
                        3,
                        key(holder),
                        nonce(load)));
    }

    /** A registered note, under the name of the load. */
    Signed<Note> note(InstitutionId issuer, String holder, long value, String name) {
        Signed<Note> note = unregistered(issuer, holder, value, name);
        if (!(ask(issuer, new BankRequest.RegisterNote(note)) instanceof BankAnswer.Registered)) {
            throw new IllegalStateException("the note is not taken");
        }
        lineages.put(name, Lineage.of(note));
        return note;
    }

    void hold(String name, Signed<Note> note) {
        lineages.put(name, Lineage.of(note));
    }

    Lineage lineage(String name) {
        return java.util.Objects.requireNonNull(lineages.get(name), name);
    }

    private SliceRef output(String name, int index) {
        Lineage lineage = lineage(name);
        Hash hash = lineage.links().isEmpty()
                ? lineage.notes().getFirst().hash()
                : lineage.head().transfer().hash();
        return new SliceRef(hash, index);
    }

    /** {@code payer} moves {@code [lo,hi)} of what {@code from} ends in; the result is called {@code name}. */
    Lineage pay(String name, String from, String payer, String payee, long lo, long hi) {
        return pay(name, payer, payee, new String[] {from}, new Range(lo, hi));
    }

    /** One transfer of one range of each source. */
    Lineage pay(String name, String payer, String payee, String[] from, Range... ranges) {
        return answer(name, name, payer, payee, from, ranges);
    }

    /** The same in answer to a request that another payment may have answered. */
    Lineage answer(String request, String name, String payer, String payee, String[] from, Range... ranges) {
        List<TransferInput> inputs = new ArrayList<>();
        Lineage before = lineage(from[0]);
        for (int i = 0; i < from.length; i++) {
            before = before.merge(lineage(from[i]));
            inputs.add(new TransferInput(output(from[i], 0), ranges[i]));
        }
        long seq = sequence.merge(payer, 1L, Long::sum);
        Lineage after = before.plus(new Lineage.Link(
                sign(payer, new Transfer(inputs, key(payee), nonce(request), seq, 0, now)), certificate(payer)));
        lineages.put(name, after);
        return after;
    }

    /** As if the purse had been copied: its next transfer repeats a sequence number. */
    void rewind(String payer) {
        sequence.merge(payer, -1L, Long::sum);
    }

    Settlement deposit(InstitutionId at, String name) {
        return deposit(at, false, name).getFirst();
    }

    List<Settlement> deposit(InstitutionId at, boolean flagged, String... names) {
        BankAnswer.OwnersChanged answer = (BankAnswer.OwnersChanged) ask(
                at,
                new BankRequest.ChangeOwners(Arrays.stream(names)
                        .map(n -> new OwnerChange(packed(n), flagged))
                        .toList()));
        return answer.answer().statement().settlements();
    }

    Bytes packed(String name) {
        return LineageCodec.encode(lineage(name));
    }

    /** {@code payee} says that it never got {@code name}, and the payer's institution asks for its return. */
    BankAnswer refund(String name, String payee) {
        return refund(name, payee, Optional.empty());
    }

    /** The same where the payee says what else it was paid for that request. */
    BankAnswer refund(String name, String payee, Optional<String> accepted) {
        Lineage.Link head = lineage(name).head();
        return ask(
                head.certificate().statement().issuer().institution(),
                new BankRequest.Refund(
                        packed(name),
                        sign(
                                payee,
                                new NonReceipt(
                                        head.transfer().statement().nonce(),
                                        accepted.map(a ->
                                                lineage(a).head().transfer().hash()))),
                        certificate(payee)));
    }

    /** What {@code purse} signed when it was bound to {@code institution}. */
    BoundKey bound(String purse, InstitutionId institution) {
        return new BoundKey(KeyProof.by(signer(purse), institution, nonce("enrol")), nonce("enrol"));
    }

    BankAnswer revoke(InstitutionId by, BoundKey... keys) {
        return ask(by, new BankRequest.Revoke(List.of(keys), "lost"));
    }

    BankAnswer claim(InstitutionId at, String id, String... purses) {
        return claim(at, id, Arrays.stream(purses).map(p -> bound(p, at)).toList());
    }

    BankAnswer claim(InstitutionId at, String id, List<BoundKey> keys) {
        return claim(at, id, "account", keys);
    }

    BankAnswer claim(InstitutionId at, String id, String account, List<BoundKey> keys) {
        Claim claim = new Claim(at, account, nonce(id), now);
        return ask(
                at,
                new BankRequest.RegisterClaim(
                        keys, sign("account", claim), signer("account").publicKey()));
    }

    void record(String name) {
        ask(ONE, new BankRequest.PutOnRecord(List.of(packed(name))));
    }

    long balance(String account) {
        return record.balance(AccountName.parse(account), CNY);
    }

    /** Events since the last call. */
    List<InboxEvent> inbox(InstitutionId institution) {
        List<InboxEvent> events = ((BankAnswer.Inbox)
                        ask(institution, new BankRequest.ReadInbox(read.getOrDefault(institution, 0L))))
                .events();
        if (!events.isEmpty()) {
            read.put(institution, events.getLast().number());
        }
        return events;
    }

    /** Outcomes as text: input, kind, range, code. */
    static List<String> told(Settlement settlement) {
        List<String> told = new ArrayList<>();
        settlement.refusals().forEach(r -> told.add(r.code().name()));
        settlement
                .outcomes()
                .forEach(o ->
                        told.add(o.input() + " " + o.kind() + " " + o.range() + (o.code() == 0 ? "" : " " + o.code())));
        return told;
    }
}
