package org.jiaozi.core.lineage;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import org.jiaozi.core.bulletin.Bulletin;
import org.jiaozi.core.crypto.PublicKey;
import org.jiaozi.core.crypto.SignatureVerifier;
import org.jiaozi.core.policy.Profile;
import org.jiaozi.core.refusal.Refusal;
import org.jiaozi.core.refusal.RefusalCode;
import org.jiaozi.core.statement.Note;
import org.jiaozi.core.statement.PurseCertificate;
import org.jiaozi.core.statement.PurseCertificate.Limits;
import org.jiaozi.core.statement.Signed;
import org.jiaozi.core.statement.SliceRef;
import org.jiaozi.core.statement.Transfer;
import org.jiaozi.core.statement.TransferInput;
import org.jiaozi.core.value.Currency;
import org.jiaozi.core.value.Hash;
import org.jiaozi.core.value.IssuerKeyId;
import org.jiaozi.core.value.Limit;
import org.jiaozi.core.value.Range;
import org.jiaozi.core.value.Thumbprint;
import org.jiaozi.core.value.Timestamp;

/**
 * Checks a lineage down to the issuers' signatures (spec 05, clause 7), without any network. What it does not look at is
 * what only one side knows: the request, the clock, and whether the registry already redeemed a range.
 */
public final class LineageCheck {
    /**
     * What the check needs to know.
     *
     * @param issuerKey the key behind a kid, from the bulletin
     * @param revoked whether the bulletin revokes a purse key
     * @param verifier checks signatures
     * @param hopLimit how many hops a note allows here and now
     * @param limits what a certificate's limits are here and now: themselves, or raised by a regional override
     * @param deposit true at institution and registry: revocation, limits, hops and validity periods are the offline
     *     payee's business and no reason to withhold money from a holder, and both branches of a fork may be present
     * @param depositKeys thumbprints of institution keys; a transfer to one is no hop and has no children
     */
    public record Context(
            java.util.function.Function<IssuerKeyId, Optional<PublicKey>> issuerKey,
            Predicate<Thumbprint> revoked,
            SignatureVerifier verifier,
            java.util.function.ToIntFunction<Note> hopLimit,
            UnaryOperator<Limits> limits,
            boolean deposit,
            Predicate<Thumbprint> depositKeys) {
        /** Limits as the certificates have them. */
        public Context(
                java.util.function.Function<IssuerKeyId, Optional<PublicKey>> issuerKey,
                Predicate<Thumbprint> revoked,
                SignatureVerifier verifier,
                java.util.function.ToIntFunction<Note> hopLimit,
                boolean deposit,
                Predicate<Thumbprint> depositKeys) {
            this(issuerKey, revoked, verifier, hopLimit, UnaryOperator.identity(), deposit, depositKeys);
        }

        /** The payee's check in a tap, under the bulletin in hand. */
        public static Context tap(
                Bulletin bulletin, Profile profile, Timestamp now, String region, SignatureVerifier verifier) {
            return new Context(
                    bulletin::issuerKey,
                    bulletin::isRevoked,
                    verifier,
                    note -> profile.hopLimit(note, now, region),
                    limits -> profile.effectiveLimits(limits, now, region),
                    false,
                    bulletin.depositKeys()::contains);
        }

        /** The institution's and the registry's check of a deposit. */
        public static Context deposit(Bulletin bulletin, SignatureVerifier verifier) {
            return new Context(
                    bulletin::issuerKey,
                    key -> false,
                    verifier,
                    Note::maxHops,
                    UnaryOperator.identity(),
                    true,
                    bulletin.depositKeys()::contains);
        }
    }

    /** The answer. */
    public sealed interface Result {
        /**
         * The lineage holds.
         *
         * @param outputs every output of every statement, by reference
         */
        record Sound(Map<SliceRef, Slice> outputs) implements Result {
            public Sound {
                outputs = Map.copyOf(outputs);
            }

            /** The outputs of one transfer, in order. */
            public List<Slice> outputsOf(Signed<Transfer> transfer) {
                List<Slice> slices = new ArrayList<>();
                for (int i = 0; i < transfer.statement().inputs().size(); i++) {
                    slices.add(java.util.Objects.requireNonNull(outputs.get(new SliceRef(transfer.hash(), i))));
                }
                return slices;
            }
        }

        /** It does not. */
        record Unsound(Refusal refusal) implements Result {}
    }

    private final Context context;
    private final Lineage lineage;
    private final Map<SliceRef, Slice> outputs = new HashMap<>();
    private final Map<SliceRef, List<Range>> taken = new HashMap<>();

    private LineageCheck(Context context, Lineage lineage) {
        this.context = context;
        this.lineage = lineage;
    }

    /** Checks everything in {@code lineage}. */
    public static Result check(Lineage lineage, Context context) {
        return new LineageCheck(context, lineage).run();
    }

    private Result run() {
        Set<Hash> certificatesSeen = new HashSet<>();
        Set<Currency> currencies = new HashSet<>();
        for (Signed<Note> note : lineage.notes()) {
            currencies.add(note.statement().currency());
            Optional<PublicKey> key = context.issuerKey().apply(note.statement().issuer());
            if (key.isEmpty()) {
                return unsound(RefusalCode.UNKNOWN_ISSUER_KEY, "note " + note.hash());
            }
            if (!note.verifies(context.verifier(), key.get())) {
                return unsound(RefusalCode.BAD_SIGNATURE, "note " + note.hash());
            }
            Slice slice = Slice.of(note.hash(), note.statement());
            outputs.put(slice.source(), slice);
        }
        if (currencies.size() != 1) {
            return unsound(RefusalCode.CURRENCY_MISMATCH, currencies.size() + " currencies");
        }
        for (int i = 0; i < lineage.links().size(); i++) {
            Lineage.Link link = lineage.links().get(i);
            boolean head = i == lineage.links().size() - 1;
            Optional<Refusal> no = certificate(link, currencies, certificatesSeen)
                    .or(() -> limits(link))
                    .or(() -> moves(link, head));
            if (no.isPresent()) {
                return new Result.Unsound(no.get());
            }
        }
        return new Result.Sound(outputs);
    }

    private Optional<Refusal> certificate(Lineage.Link link, Set<Currency> currencies, Set<Hash> seen) {
        Signed<PurseCertificate> certificate = link.certificate();
        PurseCertificate c = certificate.statement();
        if (seen.add(certificate.hash())) {
            Optional<PublicKey> key = context.issuerKey().apply(c.issuer());
            if (key.isEmpty()) {
                return refuse(RefusalCode.UNKNOWN_ISSUER_KEY, "certificate of " + c.thumbprint());
            }
            if (!certificate.verifies(context.verifier(), key.get())) {
                return refuse(RefusalCode.BAD_SIGNATURE, "certificate of " + c.thumbprint());
            }
        }
        Signed<Transfer> transfer = link.transfer();
        if (!transfer.verifies(context.verifier(), c.key())) {
            return refuse(RefusalCode.BAD_SIGNATURE, "transfer " + transfer.hash());
        }
        if (!currencies.contains(c.currency())) {
            return refuse(RefusalCode.CURRENCY_MISMATCH, "certificate for " + c.currency());
        }
        if (!context.deposit() && !isDeposit(transfer.statement())) {
            if (transfer.statement().at().isAfter(c.expiry())) {
                return refuse(RefusalCode.CERTIFICATE_EXPIRED, "at the time of transfer " + transfer.hash());
            }
            if (transfer.statement().at().isBefore(c.notBefore())) {
                return refuse(RefusalCode.CERTIFICATE_NOT_YET_VALID, "at the time of transfer " + transfer.hash());
            }
        }
        if (!context.deposit() && context.revoked().test(c.thumbprint())) {
            boolean isHead = link.equals(lineage.head());
            return refuse(
                    isHead ? RefusalCode.PURSE_REVOKED : RefusalCode.LINEAGE_REVOKED,
                    c.thumbprint().hex());
        }
        return Optional.empty();
    }

    /** What one payment may do under its own certificate; deposits are free of limits (spec 08, clause 4). */
    private Optional<Refusal> limits(Lineage.Link link) {
        Transfer t = link.transfer().statement();
        PurseCertificate c = link.certificate().statement();
        if (context.deposit() || isDeposit(t)) {
            return Optional.empty();
        }
        if (t.inputs().size() > Limit.TAP_INPUTS) {
            return refuse(RefusalCode.TOO_MANY_INPUTS, t.inputs().size() + " inputs");
        }
        Limits limits = context.limits().apply(c.limits());
        if (t.amount().minor() > limits.perPayment()) {
            return refuse(RefusalCode.OVER_PAYMENT_LIMIT, t.amount() + " of " + limits.perPayment());
        }
        if (t.seq() <= c.seqBase() || t.seq() - c.seqBase() > limits.count()) {
            return refuse(RefusalCode.OVER_COUNT_LIMIT, "payment " + (t.seq() - c.seqBase()));
        }
        long spent = t.spentTotal() - c.spentBase();
        if (spent < t.amount().minor() || spent > limits.total()) {
            return refuse(RefusalCode.OVER_TOTAL_LIMIT, spent + " of " + limits.total());
        }
        return Optional.empty();
    }

    private Optional<Refusal> moves(Lineage.Link link, boolean head) {
        Signed<Transfer> transfer = link.transfer();
        Transfer t = transfer.statement();
        List<TransferInput> inputs = t.inputs();
        // worked out once: a deposit has up to 1,024 inputs, and each thumbprint is a hash
        Thumbprint signer = link.signer();
        boolean deposit = isDeposit(t);
        if (deposit && !head) {
            return refuse(RefusalCode.WRONG_HOLDER, "value moved on after a deposit");
        }
        for (int i = 0; i < inputs.size(); i++) {
            TransferInput input = inputs.get(i);
            Slice parent = outputs.get(input.source());
            if (parent == null) {
                return refuse(RefusalCode.UNKNOWN_PARENT, input.source().toString());
            }
            if (!parent.holder().equals(signer)) {
                return refuse(RefusalCode.WRONG_HOLDER, input.source() + " belongs to another key");
            }
            if (!parent.range().contains(input.range())) {
                return refuse(RefusalCode.RANGE_OUTSIDE_PARENT, input.range() + " of " + parent.range());
            }
            List<Range> ranges = taken.computeIfAbsent(input.source(), k -> new ArrayList<>());
            if (!context.deposit() && ranges.stream().anyMatch(input.range()::overlaps)) {
                return refuse(RefusalCode.FORK_KNOWN, input.source() + " moved twice in one lineage");
            }
            ranges.add(input.range());
            int hops = deposit ? parent.hops() : parent.hops() + 1;
            Optional<Refusal> no = hopAndExpiry(t, parent, hops);
            if (no.isPresent()) {
                return no;
            }
            SliceRef ref = new SliceRef(transfer.hash(), i);
            outputs.put(
                    ref,
                    new Slice(
                            ref,
                            input.range(),
                            parent.note(),
                            parent.currency(),
                            t.payee(),
                            hops,
                            parent.maxHops(),
                            parent.expiry()));
        }
        return Optional.empty();
    }

    private Optional<Refusal> hopAndExpiry(Transfer t, Slice parent, int hops) {
        if (context.deposit() || isDeposit(t)) {
            return Optional.empty();
        }
        Note note = lineage.note(parent.note()).orElseThrow().statement();
        if (hops > context.hopLimit().applyAsInt(note)) {
            return refuse(
                    RefusalCode.TOO_MANY_HOPS,
                    hops + " of " + context.hopLimit().applyAsInt(note));
        }
        if (t.at().isAfter(parent.expiry())) {
            return refuse(RefusalCode.NOTE_EXPIRED, "note " + parent.note());
        }
        return Optional.empty();
    }

    private boolean isDeposit(Transfer t) {
        return context.depositKeys().test(t.payee());
    }

    private static Optional<Refusal> refuse(RefusalCode code, String detail) {
        return Optional.of(new Refusal(code, detail));
    }

    private static Result unsound(RefusalCode code, String detail) {
        return new Result.Unsound(new Refusal(code, detail));
    }
}
