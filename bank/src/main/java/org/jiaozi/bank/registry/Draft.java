package org.jiaozi.bank.registry;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.jiaozi.bank.ledger.AccountKind;
import org.jiaozi.bank.ledger.AccountName;
import org.jiaozi.bank.ledger.Posting;
import org.jiaozi.bank.registry.Effect.ConvictionSet;
import org.jiaozi.bank.registry.Effect.NoteKept;
import org.jiaozi.bank.registry.Effect.QuotaSet;
import org.jiaozi.bank.registry.Effect.RangeSettled;
import org.jiaozi.bank.registry.Effect.TransferRecorded;
import org.jiaozi.core.message.InboxEvent;
import org.jiaozi.core.message.RegistryAnswer.Settlement;
import org.jiaozi.core.refusal.Refusal;
import org.jiaozi.core.statement.TransferInput;
import org.jiaozi.core.value.Amount;
import org.jiaozi.core.value.Currency;
import org.jiaozi.core.value.Hash;
import org.jiaozi.core.value.InstitutionId;
import org.jiaozi.core.value.Nonce;
import org.jiaozi.core.value.Range;
import org.jiaozi.core.value.Thumbprint;

/**
 * The record with a decision's effects so far on top, so that its later steps see its earlier ones. Over nothing at all
 * it is a registry in memory, for worlds that are simulated. Not thread-safe.
 */
public final class Draft implements RegistryView {
    static final String NETTING = "netting";

    private record Key(Object first, Object second) {}

    private final RegistryView base;
    private final List<Effect> effects = new ArrayList<>();
    private final Map<Object, Effect> latest = new HashMap<>();
    private final Map<Object, List<Effect>> lists = new HashMap<>();
    private final Map<Key, Long> moved = new HashMap<>();
    private final Set<Thumbprint> revoked = new HashSet<>();
    private final Set<Thumbprint> touched = new TreeSet<>();
    private List<Flow> flows = new ArrayList<>();
    private boolean cycleClosed;

    private Draft(RegistryView base) {
        this.base = base;
    }

    /** A registry that nothing ever happened in. */
    public static Draft inMemory() {
        return new Draft(EmptyRecord.INSTANCE);
    }

    static Draft over(RegistryView base) {
        return new Draft(base);
    }

    /** What was put here, in order. */
    public List<Effect> effects() {
        return List.copyOf(effects);
    }

    /** Puts the effects of a decision on record. */
    public void putAll(List<Effect> more) {
        more.forEach(this::put);
    }

    void put(Effect effect) {
        effects.add(effect);
        switch (effect) {
            case NoteKept e -> {
                latest.put(new Key(NoteKept.class, e.note().hash()), e);
                latest.put(new Key(e.issuer(), e.note().statement().loadNonce()), e);
                list(new Key(NoteKept.class, e.note().statement().holder()), e);
            }
            case Effect.RefusalKept e -> latest.put(new Key(e.asker(), List.of("refused", e.what())), e);
            case QuotaSet e ->
                latest.put(new Key(QuotaSet.class, List.of(e.institution(), e.number(), e.currency())), e);
            case TransferRecorded e -> {
                latest.put(new Key(TransferRecorded.class, e.transfer().hash()), e);
                var t = e.transfer().statement();
                t.inputs().stream().map(i -> i.source()).distinct().forEach(s -> list(new Key("spending", s), e));
                list(new Key(e.link().signer(), t.seq()), e);
                list(new Key("paidTo", t.payee()), e);
                list(new Key("answering", List.of(t.payee(), t.nonce())), e);
            }
            case RangeSettled e -> list(new Key(RangeSettled.class, e.note()), e);
            case Effect.DepositSettled e ->
                latest.put(new Key("settlement", e.settlement().deposit()), e);
            case ConvictionSet e -> latest.put(new Key(ConvictionSet.class, e.culprit()), e);
            case Effect.KeyRevoked e -> revoked.add(e.key());
            case Effect.DenialKept e ->
                list(new Key(e.payee(), e.denial().statement().nonce()), e);
            case Effect.RefundKept e -> latest.put(new Key("refund", e.transfer()), e);
            case Effect.ClaimKept e -> latest.put(new Key("claim", e.id()), e);
            case Effect.ClaimMoved e -> list(new Key("moved", e.now().note()), e);
            case Effect.StandingSet e -> latest.put(new Key("standing", e.institution()), e);
            case Effect.HonouredKept e -> latest.put(new Key("honoured", e.deposit()), e);
            case Effect.WithheldKept e -> latest.put(new Key("withheld", e.deposit()), e);
            case Effect.RemitKept e -> latest.put(new Key(e.from(), List.of(e.id())), e);
            case Effect.KeyShown e -> list(new Key("asked", e.key().thumbprint()), e);
            case Effect.Posted e -> book(e.posting());
            case Effect.Told e -> list(new Key("inbox", e.institution()), e);
            case Effect.CycleClosed e -> {
                latest.put("cycle", e);
                flows = new ArrayList<>();
                cycleClosed = true;
            }
        }
    }

    private void book(Posting p) {
        long amount = p.amount().minor();
        moved.merge(new Key(p.debit(), p.currency()), -amount, Math::addExact);
        moved.merge(new Key(p.credit(), p.currency()), amount, Math::addExact);
        if (!p.reason().equals(NETTING)) {
            flows.add(new Flow(p.debit(), p.credit(), p.currency(), amount));
        }
    }

    private void list(Object key, Effect effect) {
        lists.computeIfAbsent(key, k -> new ArrayList<>()).add(effect);
    }

    private <E extends Effect> Optional<E> latest(Class<E> type, Object key) {
        return Optional.ofNullable(latest.get(key)).map(type::cast);
    }

    private <E extends Effect> Stream<E> mine(Class<E> type, Object key) {
        return lists.getOrDefault(key, List.of()).stream().map(type::cast);
    }

    /** Moves money; an amount of zero is nothing. */
    void post(AccountName debit, AccountName credit, Currency currency, Amount amount, String reason, String ref) {
        if (!amount.isZero()) {
            put(new Effect.Posted(new Posting(debit, credit, currency, amount, reason, ref)));
        }
    }

    void post(
            AccountKind debit,
            InstitutionId debtor,
            AccountKind credit,
            InstitutionId creditor,
            Currency currency,
            Amount amount,
            String reason,
            String ref) {
        post(AccountName.of(debit, debtor), AccountName.of(credit, creditor), currency, amount, reason, ref);
    }

    /** Tells an institution of an event under its next number. */
    void tell(InstitutionId institution, java.util.function.LongFunction<InboxEvent> event) {
        put(new Effect.Told(institution, event.apply(lastEvent(institution) + 1)));
    }

    /** Keeps a new or changed conviction; its certifier is told once, at the end. */
    void convict(ConvictionSet conviction) {
        put(conviction);
        touched.add(conviction.culprit());
    }

    /** Ends the decision: certifiers hear of every conviction that is new or costs more. */
    List<Effect> finish() {
        for (Thumbprint culprit : touched) {
            ConvictionSet c = conviction(culprit).orElseThrow();
            tell(c.certifier(), n -> new InboxEvent.Conviction(n, c.culprit(), c.owed(), c.currency(), c.file()));
        }
        touched.clear();
        return effects();
    }

    @Override
    public Optional<NoteKept> note(Hash id) {
        return latest(NoteKept.class, new Key(NoteKept.class, id)).or(() -> base.note(id));
    }

    @Override
    public Optional<Refusal> refused(InstitutionId asker, Hash what) {
        return latest(Effect.RefusalKept.class, new Key(asker, List.of("refused", what)))
                .map(Effect.RefusalKept::refusal)
                .or(() -> base.refused(asker, what));
    }

    @Override
    public Optional<Hash> noteOfLoad(InstitutionId issuer, Nonce loadNonce) {
        return latest(NoteKept.class, new Key(issuer, loadNonce))
                .map(n -> n.note().hash())
                .or(() -> base.noteOfLoad(issuer, loadNonce));
    }

    @Override
    public List<NoteKept> notesFor(Thumbprint key) {
        return Stream.concat(base.notesFor(key).stream(), mine(NoteKept.class, new Key(NoteKept.class, key)))
                .sorted(Comparator.comparing(n -> n.note().hash()))
                .toList();
    }

    @Override
    public Optional<QuotaSet> quota(InstitutionId institution, long number, Currency currency) {
        return latest(QuotaSet.class, new Key(QuotaSet.class, List.of(institution, number, currency)))
                .or(() -> base.quota(institution, number, currency));
    }

    @Override
    public List<RangeSettled> settled(Hash note, Range range) {
        return Stream.concat(
                        base.settled(note, range).stream(),
                        mine(RangeSettled.class, new Key(RangeSettled.class, note))
                                .filter(s -> s.range().overlaps(range)))
                .sorted(Comparator.comparing(RangeSettled::range))
                .toList();
    }

    @Override
    public Optional<Settlement> settlement(Hash deposit) {
        return latest(Effect.DepositSettled.class, new Key("settlement", deposit))
                .map(Effect.DepositSettled::settlement)
                .or(() -> base.settlement(deposit));
    }

    @Override
    public Optional<InstitutionId> settledFor(Hash deposit) {
        return latest(Effect.DepositSettled.class, new Key("settlement", deposit))
                .map(Effect.DepositSettled::institution)
                .or(() -> base.settledFor(deposit));
    }

    @Override
    public Optional<Effect.StandingSet> standing(InstitutionId institution) {
        return latest(Effect.StandingSet.class, new Key("standing", institution))
                .or(() -> base.standing(institution));
    }

    @Override
    public Optional<Effect.HonouredKept> honoured(Hash deposit) {
        return latest(Effect.HonouredKept.class, new Key("honoured", deposit)).or(() -> base.honoured(deposit));
    }

    @Override
    public Optional<TransferRecorded> transfer(Hash hash) {
        return latest(TransferRecorded.class, new Key(TransferRecorded.class, hash))
                .or(() -> base.transfer(hash));
    }

    private List<TransferRecorded> transfers(List<TransferRecorded> before, Object key) {
        return Stream.concat(before.stream(), mine(TransferRecorded.class, key))
                .sorted(Comparator.comparing(t -> t.transfer().hash()))
                .toList();
    }

    @Override
    public List<TransferRecorded> spending(TransferInput input) {
        return transfers(base.spending(input), new Key("spending", input.source())).stream()
                .filter(t -> t.conflictsWith(input))
                .toList();
    }

    @Override
    public List<TransferRecorded> signed(Thumbprint signer, long seq) {
        return transfers(base.signed(signer, seq), new Key(signer, seq));
    }

    @Override
    public List<TransferRecorded> paidTo(Thumbprint payee) {
        return transfers(base.paidTo(payee), new Key("paidTo", payee));
    }

    @Override
    public List<TransferRecorded> answering(Thumbprint payee, Nonce nonce) {
        return transfers(base.answering(payee, nonce), new Key("answering", List.of(payee, nonce)));
    }

    @Override
    public List<Effect.DenialKept> denials(Thumbprint payee, Nonce nonce) {
        return Stream.concat(base.denials(payee, nonce).stream(), mine(Effect.DenialKept.class, new Key(payee, nonce)))
                .sorted(Comparator.comparing(d -> d.denial().hash()))
                .toList();
    }

    @Override
    public Optional<Effect.RefundKept> refund(Hash transfer) {
        return latest(Effect.RefundKept.class, new Key("refund", transfer)).or(() -> base.refund(transfer));
    }

    @Override
    public Optional<Effect.ClaimKept> claim(Nonce id) {
        return latest(Effect.ClaimKept.class, new Key("claim", id)).or(() -> base.claim(id));
    }

    @Override
    public List<Effect.ClaimMoved> claimsMoved(Hash note, Range range) {
        return Stream.concat(
                        base.claimsMoved(note, range).stream(),
                        mine(Effect.ClaimMoved.class, new Key("moved", note))
                                .filter(m -> m.now().range().overlaps(range)))
                .sorted(Comparator.comparingInt(Effect.ClaimMoved::number)
                        .thenComparing(m -> m.now().range()))
                .toList();
    }

    @Override
    public Optional<ConvictionSet> conviction(Thumbprint culprit) {
        return latest(ConvictionSet.class, new Key(ConvictionSet.class, culprit))
                .or(() -> base.conviction(culprit));
    }

    @Override
    public boolean revoked(Thumbprint key) {
        return revoked.contains(key) || base.revoked(key);
    }

    @Override
    public List<InstitutionId> askedBy(Thumbprint key) {
        return Stream.concat(
                        base.askedBy(key).stream(),
                        mine(Effect.KeyShown.class, new Key("asked", key)).map(Effect.KeyShown::institution))
                .sorted()
                .toList();
    }

    @Override
    public Optional<Effect.WithheldKept> withheld(Hash deposit) {
        return latest(Effect.WithheldKept.class, new Key("withheld", deposit)).or(() -> base.withheld(deposit));
    }

    @Override
    public Optional<Effect.RemitKept> remit(InstitutionId from, Nonce id) {
        return latest(Effect.RemitKept.class, new Key(from, List.of(id))).or(() -> base.remit(from, id));
    }

    @Override
    public long balance(AccountName account, Currency currency) {
        return Math.addExact(base.balance(account, currency), moved.getOrDefault(new Key(account, currency), 0L));
    }

    @Override
    public long lastEvent(InstitutionId institution) {
        return Math.addExact(
                base.lastEvent(institution),
                lists.getOrDefault(new Key("inbox", institution), List.of()).size());
    }

    @Override
    public List<InboxEvent> inbox(InstitutionId institution, long since, int most) {
        return Stream.concat(
                        base.inbox(institution, since, most).stream(),
                        mine(Effect.Told.class, new Key("inbox", institution))
                                .map(Effect.Told::event)
                                .filter(e -> e.number() > since))
                .limit(most)
                .toList();
    }

    @Override
    public long lastCycle() {
        return latest(Effect.CycleClosed.class, "cycle")
                .map(Effect.CycleClosed::cycle)
                .orElseGet(base::lastCycle);
    }

    @Override
    public List<Flow> flows() {
        return cycleClosed
                ? List.copyOf(flows)
                : Stream.concat(base.flows().stream(), flows.stream()).toList();
    }
}
