package org.jiaozi.bank.registry;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jiaozi.bank.ledger.AccountKind;
import org.jiaozi.bank.registry.Effect.ConvictionSet;
import org.jiaozi.bank.registry.Effect.NoteKept;
import org.jiaozi.bank.registry.Effect.RangeSettled;
import org.jiaozi.bank.registry.Effect.TransferRecorded;
import org.jiaozi.core.lineage.Slice;
import org.jiaozi.core.message.InboxEvent;
import org.jiaozi.core.message.Outcome;
import org.jiaozi.core.refusal.RefusalCode;
import org.jiaozi.core.statement.SliceRef;
import org.jiaozi.core.value.Amount;
import org.jiaozi.core.value.Currency;
import org.jiaozi.core.value.Hash;
import org.jiaozi.core.value.InstitutionId;
import org.jiaozi.core.value.Nonce;
import org.jiaozi.core.value.Range;
import org.jiaozi.core.value.Thumbprint;

/**
 * Settles what one holder hands in, input by input and part by part (spec 07, clause 9): free parts are paid from the
 * float; parts that were settled before are made whole by whoever caused it, unless that is the holder.
 */
final class Settling {
    /** A part that was settled before, as it stands, and why. */
    private record Conflict(int input, SliceRef at, Range range, Settled before, Cause cause) {}

    /** What backs a note: its issuer's float, and room in a quota. */
    private record Backing(InstitutionId issuer, long quota) {}

    private final Draft draft;
    private final Recorder recorder;
    private final RangeSettled.Kind kind;
    private final InstitutionId institution;
    private final Thumbprint holder;
    private final Currency currency;
    private final String reference;
    private final List<Outcome> outcomes = new ArrayList<>();
    private final List<Conflict> conflicts = new ArrayList<>();
    /** What free parts have taken from floats and quotas, and is not booked yet. */
    private final Map<Backing, Amount> taken = new LinkedHashMap<>();
    /** What culprits are to owe, and is not booked yet. */
    private final Map<Thumbprint, Amount> owed = new LinkedHashMap<>();
    /** Of many parts few ancestors and causes differ. */
    private final Map<Hash, Optional<TransferRecorded>> ancestors = new HashMap<>();

    private final Map<Cause, Boolean> ownFaults = new HashMap<>();

    Settling(
            Draft draft,
            Recorder recorder,
            RangeSettled.Kind kind,
            InstitutionId institution,
            Thumbprint holder,
            Currency currency,
            String reference) {
        this.draft = draft;
        this.recorder = recorder;
        this.kind = kind;
        this.institution = institution;
        this.holder = holder;
        this.currency = currency;
        this.reference = reference;
    }

    /** A whole input that is not paid. */
    void refuse(int input, Range range, RefusalCode code) {
        outcomes.add(new Outcome(input, range, Outcome.Kind.REFUSED, code.number()));
    }

    /** Settles the free parts of one input, and remembers the others; {@link #compensate} books both. */
    void input(int input, Slice slice) {
        List<Settled> before = Settled.now(draft, slice.note(), slice.range());
        for (Settled settled : before) {
            Range part = settled.range().intersection(slice.range()).orElseThrow();
            Cause cause = Cause.of(slice.source(), settled.row(), this::transfer);
            conflicts.add(new Conflict(input, slice.source(), part, settled, cause));
        }
        List<Range> free = before.isEmpty()
                ? List.of(slice.range())
                : free(slice.range(), before.stream().map(Settled::range).toList());
        for (Range part : free) {
            take(slice, part, Optional.empty());
            outcomes.add(new Outcome(input, part, Outcome.Kind.REDEEMED, 0));
        }
    }

    /** Settles a free part: its backing leaves the issuer's float. */
    void settle(Slice slice, Range part, Optional<Nonce> claim) {
        take(slice, part, claim);
        book();
    }

    private void take(Slice slice, Range part, Optional<Nonce> claim) {
        NoteKept note = draft.note(slice.note()).orElseThrow();
        draft.put(new RangeSettled(slice.note(), part, kind, institution, slice.source(), claim));
        Backing backing = new Backing(note.issuer(), note.note().statement().quota());
        taken.merge(backing, part.amount(), Amount::plus);
    }

    /** One posting for all that leaves one float, and one change of each quota: a deposit may have a thousand parts. */
    private void book() {
        taken.forEach(
                (backing, amount) -> recorder.useQuota(backing.issuer(), backing.quota(), currency, -amount.minor()));
        Map<InstitutionId, Amount> floats = new LinkedHashMap<>();
        taken.forEach((backing, amount) -> floats.merge(backing.issuer(), amount, Amount::plus));
        floats.forEach((issuer, amount) -> draft.post(
                AccountKind.FLOAT,
                issuer,
                AccountKind.CLEARING,
                institution,
                currency,
                amount,
                switch (kind) {
                    case REDEEMED -> "redeem";
                    case REFUNDED -> "refund";
                    case CLAIMED -> "claim";
                },
                reference));
        taken.clear();
    }

    /**
     * Books the free parts, and pays or withholds those that were settled before.
     *
     * @param reviewAbove compensation above this waits for a person; empty if the holder is not flagged
     */
    void compensate(Optional<Amount> reviewAbove) {
        book();
        List<Conflict> due = new ArrayList<>();
        for (Conflict conflict : conflicts) {
            if (ownFault(conflict.cause())) {
                refuse(conflict.input(), conflict.range(), RefusalCode.ALREADY_REDEEMED);
            } else {
                due.add(conflict);
            }
        }
        Amount sum = RegistryView.sum(due.stream().map(Conflict::range).toList());
        boolean withhold = reviewAbove.isPresent() && sum.compareTo(reviewAbove.get()) > 0;
        for (Conflict conflict : due) {
            pay(conflict, withhold ? AccountKind.HELD : AccountKind.CLEARING);
            outcomes.add(
                    withhold
                            ? new Outcome(
                                    conflict.input(),
                                    conflict.range(),
                                    Outcome.Kind.WITHHELD,
                                    RefusalCode.WITHHELD.number())
                            : new Outcome(conflict.input(), conflict.range(), Outcome.Kind.MADE_WHOLE, 0));
        }
        owe(withhold ? AccountKind.HELD : AccountKind.CLEARING);
    }

    private Optional<TransferRecorded> transfer(Hash hash) {
        return ancestors.computeIfAbsent(hash, draft::transfer);
    }

    private boolean ownFault(Cause cause) {
        return ownFaults.computeIfAbsent(cause, this::isOwnFault);
    }

    /** A convicted key is never compensated, whoever else is to blame as well. */
    private boolean isOwnFault(Cause cause) {
        return draft.conviction(holder).isPresent()
                || switch (cause) {
                    case Cause.Own() -> true;
                    case Cause.ByCulprit(Thumbprint culprit) -> culprit.equals(holder);
                    case Cause.ByClaim(Nonce claim) ->
                        draft.claim(claim).orElseThrow().keys().contains(holder);
                };
    }

    private void pay(Conflict conflict, AccountKind into) {
        Amount amount = conflict.range().amount();
        switch (conflict.cause()) {
            case Cause.Own() -> throw new IllegalStateException("a holder does not compensate itself");
            case Cause.ByCulprit(Thumbprint culprit) -> owed.merge(culprit, amount, Amount::plus);
            case Cause.ByClaim(Nonce claim) ->
                owedByClaimant(claim, conflict.before(), conflict.at(), conflict.range(), Optional.empty(), into);
        }
    }

    /** One posting for all that one culprit owes: the parts of a deposit may be thousands. */
    private void owe(AccountKind into) {
        owed.forEach((culprit, amount) -> {
            // both ways are on record, so the recorder has convicted who signed both
            ConvictionSet conviction = draft.conviction(culprit).orElseThrow();
            draft.post(
                    AccountKind.RECOVERY,
                    conviction.certifier(),
                    into,
                    institution,
                    currency,
                    amount,
                    "make whole",
                    reference);
            draft.convict(conviction.owing(amount));
        });
        owed.clear();
    }

    /**
     * The claimant's institution had the money, and gets it back from the claimant.
     *
     * @param at where the holder has the part that it is due
     * @param to the holder's own claim, if it claims
     */
    void owedByClaimant(Nonce claim, Settled before, SliceRef at, Range part, Optional<Nonce> to, AccountKind into) {
        RangeSettled now = new RangeSettled(before.row().note(), part, kind, institution, at, to);
        draft.put(new Effect.ClaimMoved(claim, Math.addExact(before.moves(), 1), now));
        Amount amount = part.amount();
        InstitutionId debtor = draft.claim(claim).orElseThrow().institution();
        if (!debtor.equals(institution) || into != AccountKind.CLEARING) {
            draft.post(AccountKind.CLEARING, debtor, into, institution, currency, amount, "claimant owes", reference);
        }
        draft.tell(debtor, n -> new InboxEvent.ClaimantDebt(n, claim, amount, currency));
    }

    /** By input, then by range. */
    List<Outcome> outcomes() {
        return outcomes.stream()
                .sorted(Comparator.comparingInt(Outcome::input).thenComparing(Outcome::range))
                .toList();
    }

    /** What of {@code whole} none of {@code taken} covers; they come by rising range. */
    static List<Range> free(Range whole, List<Range> taken) {
        List<Range> free = new ArrayList<>();
        long from = whole.lo();
        for (Range range : taken.stream().sorted().toList()) {
            if (range.lo() > from) {
                free.add(new Range(from, Math.min(range.lo(), whole.hi())));
            }
            from = Math.max(from, range.hi());
            if (from >= whole.hi()) {
                return free;
            }
        }
        free.add(new Range(from, whole.hi()));
        return free;
    }
}
