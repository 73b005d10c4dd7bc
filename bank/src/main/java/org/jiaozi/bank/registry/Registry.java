package org.jiaozi.bank.registry;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jiaozi.core.lineage.StatementMemory;
import org.jiaozi.core.message.BankAnswer;
import org.jiaozi.core.message.BankRequest;
import org.jiaozi.core.message.InboxEvent;
import org.jiaozi.core.refusal.Refusal;
import org.jiaozi.core.refusal.RefusalCode;
import org.jiaozi.core.value.Bytes;
import org.jiaozi.core.value.Hash;
import org.jiaozi.core.value.InstitutionId;

/**
 * The registry's front: what an institution asks, decided. {@link #prepare} verifies signatures and looks at no record;
 * {@link #decide} looks at the record and changes nothing: its effects are the caller's to make durable, at once and
 * before the answer is seen.
 */
public final class Registry {
    private static final int MAX_EVENTS = 256;
    private static final int MAX_INBOX_BYTES = 4 << 20;

    private Registry() {}

    /** A request whose lineages are checked. */
    public static final class Prepared {
        private final InstitutionId caller;
        private final BankRequest request;
        private final List<CheckedLineage> lineages;

        private Prepared(InstitutionId caller, BankRequest request, List<CheckedLineage> lineages) {
            this.caller = caller;
            this.request = request;
            this.lineages = List.copyOf(lineages);
        }

        /** What deciding all of them is going to ask the record for. */
        public static Reads reads(Collection<Prepared> all) {
            return Reads.of(all.stream().flatMap(p -> p.lineages.stream()).toList());
        }

        /** How much there is to decide: slices that move, hop by hop, and one for the request. */
        public int weight() {
            return 1 + lineages.stream().mapToInt(CheckedLineage::slices).sum();
        }
    }

    /**
     * What to do and what to say.
     *
     * @param answer for the caller, once the effects are durable
     * @param effects in order
     */
    public record Decision(BankAnswer answer, List<Effect> effects) {
        public Decision {
            effects = List.copyOf(effects);
        }

        /** Whether the next bulletin epoch is due with it. */
        public boolean revokes() {
            return effects.stream().anyMatch(Effect.KeyRevoked.class::isInstance);
        }
    }

    /** How a request is prepared, which makes no difference to what comes of it. */
    public interface Preparing {
        /** One thing after the other, from nothing but the bytes. */
        Preparing PLAINLY = new Preparing() {
            @Override
            public <T, R> List<R> each(List<T> things, Function<T, R> work) {
                return things.stream().map(work).toList();
            }

            @Override
            public StatementMemory memory() {
                return StatementMemory.NONE;
            }
        };

        /** What {@code work} makes of all of them, in their order; none depends on another. */
        <T, R> List<R> each(List<T> things, Function<T, R> work);

        /** What was read before. */
        StatementMemory memory();
    }

    /** Verifies what {@code request} carries. */
    public static Prepared prepare(InstitutionId caller, BankRequest request, RegistryContext context) {
        return prepare(caller, request, context, Preparing.PLAINLY);
    }

    /** The same, as {@code preparing} has it. */
    public static Prepared prepare(
            InstitutionId caller, BankRequest request, RegistryContext context, Preparing preparing) {
        Stream<Bytes> packed = switch (request) {
            case BankRequest.ChangeOwners r -> r.changes().stream().map(c -> c.lineage());
            case BankRequest.Refund r -> Stream.of(r.lineage());
            case BankRequest.PutOnRecord r -> r.lineages().stream();
            case BankRequest.Honour r -> Stream.of(r.deposit().lineage());
            case BankRequest.RegisterNote _,
                    BankRequest.Revoke _,
                    BankRequest.RegisterClaim _,
                    BankRequest.Convict _,
                    BankRequest.ReportRecovery _,
                    BankRequest.ReadInbox _,
                    BankRequest.RemitAcross _,
                    BankRequest.ReturnRemit _ -> Stream.empty();
        };
        return new Prepared(
                caller,
                request,
                preparing.each(packed.toList(), p -> CheckedLineage.of(p, context, preparing.memory())));
    }

    /**
     * Decides one request after the other, each seeing what those before it have done: as if each had been decided and written
     * before the next one.
     */
    public static List<Decision> decide(List<Prepared> all, RegistryView view, RegistryContext context) {
        Draft together = Draft.over(view);
        List<Decision> decisions = new ArrayList<>();
        for (Prepared prepared : all) {
            Decision decision = decide(prepared, together, context);
            decisions.add(decision);
            if (decisions.size() < all.size()) {
                together.putAll(decision.effects());
            }
        }
        return List.copyOf(decisions);
    }

    /** Decides a prepared request. A refusal has no effects, but that a note or remittance that was refused stays so. */
    public static Decision decide(Prepared prepared, RegistryView view, RegistryContext context) {
        Draft draft = Draft.over(view);
        Recorder recorder = new Recorder(draft, context);
        InstitutionId caller = prepared.caller;
        if (HonourDesk.gone(view, caller) && !(prepared.request instanceof BankRequest.ReadInbox)) {
            return new Decision(new BankAnswer.Refused(Refusal.of(RefusalCode.INSTITUTION_GONE)), List.of());
        }
        BankAnswer answer = switch (prepared.request) {
            case BankRequest.RegisterNote r -> new NoteDesk(draft, recorder, context, caller).register(r.note());
            case BankRequest.ChangeOwners r ->
                new DepositDesk(draft, recorder, context, caller).change(r, prepared.lineages);
            case BankRequest.Refund r ->
                new ReturnDesk(draft, recorder, context, caller).refund(r, prepared.lineages.getFirst());
            case BankRequest.PutOnRecord _ -> record(recorder, prepared.lineages);
            case BankRequest.Revoke r -> new ConvictionDesk(draft, recorder, context, caller).revoke(r);
            case BankRequest.RegisterClaim r -> new ClaimDesk(draft, recorder, context, caller).claim(r);
            case BankRequest.Convict r -> new ConvictionDesk(draft, recorder, context, caller).convict(r.file());
            case BankRequest.ReportRecovery r -> new ConvictionDesk(draft, recorder, context, caller).recovery(r);
            case BankRequest.ReadInbox r -> inbox(draft, caller, r.since());
            case BankRequest.RemitAcross r -> new RemitDesk(draft, context, caller).remit(r);
            case BankRequest.ReturnRemit r -> new RemitDesk(draft, context, caller).giveBack(r);
            case BankRequest.Honour r ->
                new HonourDesk(draft, recorder, context, caller).honour(r, prepared.lineages.getFirst());
        };
        boolean kept = draft.effects().stream().allMatch(Effect.RefusalKept.class::isInstance);
        return new Decision(answer, kept || !(answer instanceof BankAnswer.Refused) ? draft.finish() : List.of());
    }

    /** Lineages that do not hold are left out: the answer says which transfers are on record. */
    private static BankAnswer record(Recorder recorder, List<CheckedLineage> lineages) {
        List<Hash> recorded = new ArrayList<>();
        for (CheckedLineage lineage : lineages) {
            if (lineage instanceof CheckedLineage.Good good) {
                recorder.record(good);
                recorded.add(good.headHash());
            }
        }
        return new BankAnswer.Recorded(recorded.stream().distinct().toList());
    }

    private static BankAnswer inbox(RegistryView view, InstitutionId caller, long since) {
        List<InboxEvent> page = new ArrayList<>();
        long bytes = 0;
        for (InboxEvent event : view.inbox(caller, since, MAX_EVENTS)) {
            bytes += event.cbor().encode().size();
            if (bytes > MAX_INBOX_BYTES && !page.isEmpty()) {
                break;
            }
            page.add(event);
        }
        return new BankAnswer.Inbox(page);
    }
}
