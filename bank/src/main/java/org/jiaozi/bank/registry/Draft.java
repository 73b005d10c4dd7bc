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
import java.util.function.Predicate;
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

    private final RegistryView base;
    private final List<Effect> effects = new ArrayList<>();
    private final Filed filed = new Filed();
    private final Map<Filed.Key, Long> moved = new HashMap<>();
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
                filed.put(new Filed.Key(NoteKept.class, e.note().hash()), e);
                filed.put(new Filed.Key(e.issuer(), e.note().statement().loadNonce()), e);
                filed.add(new Filed.Key(NoteKept.class, e.note().statement().holder()), e);
            }
            case Effect.RefusalKept e -> filed.put(new Filed.Key(e.asker(), List.of("refused", e.what())), e);
            case QuotaSet e ->
                filed.put(new Filed.Key(QuotaSet.class, List.of(e.institution(), e.number(), e.currency())), e);
            case TransferRecorded e -> filed.transfer(e);
            case RangeSettled e -> filed.add(new Filed.Key(RangeSettled.class, e.note()), e);
            case Effect.DepositSettled e ->
                filed.put(new Filed.Key("settlement", e.settlement().deposit()), e);
            case ConvictionSet e -> filed.put(new Filed.Key(ConvictionSet.class, e.culprit()), e);
            case Effect.KeyRevoked e -> revoked.add(e.key());
            case Effect.DenialKept e ->
                filed.add(new Filed.Key(e.payee(), e.denial().statement().nonce()), e);
            case Effect.RefundKept e -> filed.put(new Filed.Key("refund", e.transfer()), e);
            case Effect.ClaimKept e -> filed.put(new Filed.Key("claim", e.id()), e);
            case Effect.ClaimMoved e -> filed.add(new Filed.Key("moved", e.now().note()), e);
            case Effect.StandingSet e -> filed.put(new Filed.Key("standing", e.institution()), e);
            case Effect.HonouredKept e -> filed.put(new Filed.Key("honoured", e.deposit()), e);
            case Effect.WithheldKept e -> filed.put(new Filed.Key("withheld", e.deposit()), e);
            case Effect.RemitKept e -> filed.put(new Filed.Key(e.from(), List.of(e.id())), e);
            case Effect.KeyShown e -> filed.add(new Filed.Key("asked", e.key().thumbprint()), e);
            case Effect.Posted e -> book(e.posting());
            case Effect.Told e -> filed.add(new Filed.Key("inbox", e.institution()), e);
            case Effect.CycleClosed e -> {
                filed.put("cycle", e);
                flows = new ArrayList<>();
                cycleClosed = true;
            }
        }
    }

    private void book(Posting p) {
        long amount = p.amount().minor();
        moved.merge(new Filed.Key(p.debit(), p.currency()), -amount, Math::addExact);
        moved.merge(new Filed.Key(p.credit(), p.currency()), amount, Math::addExact);
        if (!p.reason().equals(NETTING)) {
            flows.add(new Flow(p.debit(), p.credit(), p.currency(), amount));
        }
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
        return filed.latest(NoteKept.class, new Filed.Key(NoteKept.class, id)).or(() -> base.note(id));
    }

    @Override
    public Optional<Refusal> refused(InstitutionId asker, Hash what) {
        return filed.latest(Effect.RefusalKept.class, new Filed.Key(asker, List.of("refused", what)))
                .map(Effect.RefusalKept::refusal)
                .or(() -> base.refused(asker, what));
    }

    @Override
    public Optional<Hash> noteOfLoad(InstitutionId issuer, Nonce loadNonce) {
        return filed.latest(NoteKept.class, new Filed.Key(issuer, loadNonce))
                .map(n -> n.note().hash())
                .or(() -> base.noteOfLoad(issuer, loadNonce));
    }

    @Override
    public List<NoteKept> notesFor(Thumbprint key) {
        return filed.all(
                base.notesFor(key),
                NoteKept.class,
                new Filed.Key(NoteKept.class, key),
                n -> true,
                Comparator.comparing(n -> n.note().hash()));
    }

    @Override
    public Optional<QuotaSet> quota(InstitutionId institution, long number, Currency currency) {
        return filed.latest(QuotaSet.class, new Filed.Key(QuotaSet.class, List.of(institution, number, currency)))
                .or(() -> base.quota(institution, number, currency));
    }

    @Override
    public List<RangeSettled> settled(Hash note, Range range) {
        return filed.all(
                base.settled(note, range),
                RangeSettled.class,
                new Filed.Key(RangeSettled.class, note),
                s -> s.range().overlaps(range),
                Comparator.comparing(RangeSettled::range));
    }

    @Override
    public Optional<Settlement> settlement(Hash deposit) {
        return filed.latest(Effect.DepositSettled.class, new Filed.Key("settlement", deposit))
                .map(Effect.DepositSettled::settlement)
                .or(() -> base.settlement(deposit));
    }

    @Override
    public Optional<InstitutionId> settledFor(Hash deposit) {
        return filed.latest(Effect.DepositSettled.class, new Filed.Key("settlement", deposit))
                .map(Effect.DepositSettled::institution)
                .or(() -> base.settledFor(deposit));
    }

    @Override
    public Optional<Effect.StandingSet> standing(InstitutionId institution) {
        return filed.latest(Effect.StandingSet.class, new Filed.Key("standing", institution))
                .or(() -> base.standing(institution));
    }

    @Override
    public Optional<Effect.HonouredKept> honoured(Hash deposit) {
        return filed.latest(Effect.HonouredKept.class, new Filed.Key("honoured", deposit))
                .or(() -> base.honoured(deposit));
    }

    @Override
    public Optional<TransferRecorded> transfer(Hash hash) {
        return filed.latest(TransferRecorded.class, Filed.Key.transfer(hash)).or(() -> base.transfer(hash));
    }

    private List<TransferRecorded> transfers(
            List<TransferRecorded> before, Filed.Key key, Predicate<TransferRecorded> which) {
        return filed.all(
                before,
                TransferRecorded.class,
                key,
                which,
                Comparator.comparing(t -> t.transfer().hash()));
    }

    @Override
    public List<TransferRecorded> spending(TransferInput input) {
        return transfers(base.spending(input), Filed.Key.of(input.source()), t -> t.conflictsWith(input));
    }

    @Override
    public List<TransferRecorded> signed(Thumbprint signer, long seq) {
        return transfers(base.signed(signer, seq), Filed.Key.of(signer, seq), t -> true);
    }

    @Override
    public List<TransferRecorded> paidTo(Thumbprint payee) {
        filed.sortByPayee();
        return transfers(base.paidTo(payee), Filed.Key.paidTo(payee), t -> true);
    }

    @Override
    public List<TransferRecorded> answering(Thumbprint payee, Nonce nonce) {
        filed.sortByPayee();
        return transfers(base.answering(payee, nonce), Filed.Key.answering(payee, nonce), t -> true);
    }

    @Override
    public List<Effect.DenialKept> denials(Thumbprint payee, Nonce nonce) {
        return filed.all(
                base.denials(payee, nonce),
                Effect.DenialKept.class,
                new Filed.Key(payee, nonce),
                d -> true,
                Comparator.comparing(d -> d.denial().hash()));
    }

    @Override
    public Optional<Effect.RefundKept> refund(Hash transfer) {
        return filed.latest(Effect.RefundKept.class, new Filed.Key("refund", transfer))
                .or(() -> base.refund(transfer));
    }

    @Override
    public Optional<Effect.ClaimKept> claim(Nonce id) {
        return filed.latest(Effect.ClaimKept.class, new Filed.Key("claim", id)).or(() -> base.claim(id));
    }

    @Override
    public List<Effect.ClaimMoved> claimsMoved(Hash note, Range range) {
        return filed.all(
                base.claimsMoved(note, range),
                Effect.ClaimMoved.class,
                new Filed.Key("moved", note),
                m -> m.now().range().overlaps(range),
                Comparator.comparingInt(Effect.ClaimMoved::number)
                        .thenComparing(m -> m.now().range()));
    }

    @Override
    public Optional<ConvictionSet> conviction(Thumbprint culprit) {
        return filed.latest(ConvictionSet.class, new Filed.Key(ConvictionSet.class, culprit))
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
                        filed.all(Effect.KeyShown.class, new Filed.Key("asked", key))
                                .map(Effect.KeyShown::institution))
                .sorted()
                .toList();
    }

    @Override
    public Optional<Effect.WithheldKept> withheld(Hash deposit) {
        return filed.latest(Effect.WithheldKept.class, new Filed.Key("withheld", deposit))
                .or(() -> base.withheld(deposit));
    }

    @Override
    public Optional<Effect.RemitKept> remit(InstitutionId from, Nonce id) {
        return filed.latest(Effect.RemitKept.class, new Filed.Key(from, List.of(id)))
                .or(() -> base.remit(from, id));
    }

    @Override
    public long balance(AccountName account, Currency currency) {
        return Math.addExact(base.balance(account, currency), moved.getOrDefault(new Filed.Key(account, currency), 0L));
    }

    @Override
    public long lastEvent(InstitutionId institution) {
        return Math.addExact(base.lastEvent(institution), filed.count(new Filed.Key("inbox", institution)));
    }

    @Override
    public List<InboxEvent> inbox(InstitutionId institution, long since, int most) {
        return Stream.concat(
                        base.inbox(institution, since, most).stream(),
                        filed.all(Effect.Told.class, new Filed.Key("inbox", institution))
                                .map(Effect.Told::event)
                                .filter(e -> e.number() > since))
                .limit(most)
                .toList();
    }

    @Override
    public long lastCycle() {
        return filed.latest(Effect.CycleClosed.class, "cycle")
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
