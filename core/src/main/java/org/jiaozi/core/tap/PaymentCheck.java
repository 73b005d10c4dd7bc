package org.jiaozi.core.tap;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.jiaozi.core.crypto.PublicKey;
import org.jiaozi.core.evidence.Evidence;
import org.jiaozi.core.evidence.EvidenceCheck;
import org.jiaozi.core.lineage.Lineage;
import org.jiaozi.core.lineage.LineageCheck;
import org.jiaozi.core.lineage.Slice;
import org.jiaozi.core.refusal.Refusal;
import org.jiaozi.core.refusal.RefusalCode;
import org.jiaozi.core.statement.PurseCertificate;
import org.jiaozi.core.statement.Request;
import org.jiaozi.core.statement.Signed;
import org.jiaozi.core.statement.SliceRef;
import org.jiaozi.core.statement.Transfer;
import org.jiaozi.core.tap.TapMessage.RequestMessage;

/** All that a payee checks offline before its purse credits a payment (spec 06, clause 7). */
public final class PaymentCheck {
    /** The answer. */
    public sealed interface Result {
        /**
         * The purse may credit it.
         *
         * @param slices what it moved, in the order of its inputs
         */
        record Sound(List<Slice> slices) implements Result {
            public Sound {
                slices = List.copyOf(slices);
            }
        }

        /**
         * It must not.
         *
         * @param refusal of several reasons the lowest number
         * @param authentic whether a certified purse really signed this answer to this request: only then is the nonce
         *     closed, so that a stranger who saw the request cannot close it
         * @param evidence when it conflicts with something seen before
         */
        record Unsound(Refusal refusal, boolean authentic, Optional<Evidence> evidence) implements Result {}
    }

    private PaymentCheck() {}

    /**
     * Checks {@code payment} as the answer to {@code request}.
     *
     * @param conflict finds a transfer, seen before or in the same lineage, that contradicts one of the lineage
     */
    public static Result check(
            Lineage payment,
            RequestMessage request,
            TapContext context,
            Function<Lineage, Optional<Evidence>> conflict) {
        Lineage.Link head = payment.head();
        Transfer transfer = head.transfer().statement();
        Request asked = request.request().statement();
        List<Refusal> reasons = new ArrayList<>();
        context.refuses(head.certificate()).ifPresent(reasons::add);
        if (context.bulletin().statement().isStale(context.now())) {
            reasons.add(Refusal.of(RefusalCode.STALE_BULLETIN));
        }
        boolean forUs =
                transfer.payee().equals(request.certificate().statement().thumbprint());
        boolean answers = transfer.nonce().equals(asked.nonce());
        if (!forUs) {
            reasons.add(Refusal.of(RefusalCode.NOT_FOR_THIS_PURSE));
        }
        if (!answers) {
            reasons.add(Refusal.of(RefusalCode.WRONG_REQUEST));
        } else if (!transfer.at().equals(asked.at())) {
            reasons.add(new Refusal(RefusalCode.WRONG_REQUEST, "not dated as the request"));
        }
        if (!transfer.amount().equals(asked.amount())) {
            reasons.add(new Refusal(
                    RefusalCode.AMOUNT_MISMATCH, transfer.amount() + " where " + asked.amount() + " is asked"));
        }
        Optional<Evidence> evidence = Optional.empty();
        List<Slice> slices = List.of();
        switch (LineageCheck.check(payment, context.lineageCheck())) {
            case LineageCheck.Result.Unsound unsound -> {
                reasons.add(unsound.refusal());
                if (unsound.refusal().code() == RefusalCode.FORK_KNOWN) {
                    // what comes after the fork was not checked: only what convicts is kept
                    evidence = conflict.apply(payment).filter(e -> convicts(e, context));
                }
            }
            case LineageCheck.Result.Sound sound -> {
                slices = sound.outputsOf(head.transfer());
                reasons.addAll(afterLineage(payment, asked, slices, context));
                evidence = conflict.apply(payment);
                if (evidence.isPresent()) {
                    reasons.add(new Refusal(
                            RefusalCode.FORK_KNOWN,
                            "purse " + evidence.get().culprit().hex()));
                }
            }
        }
        Optional<Refusal> lowest =
                reasons.stream().min(Comparator.comparingInt(r -> r.code().number()));
        return lowest.isEmpty()
                ? new Result.Sound(slices)
                : new Result.Unsound(lowest.get(), isAuthentic(payment, request, context), evidence);
    }

    private static boolean convicts(Evidence evidence, TapContext context) {
        return switch (EvidenceCheck.judge(evidence, context.bulletin().statement(), context.verifier())) {
            case EvidenceCheck.Verdict.Convicts ignored -> true;
            case EvidenceCheck.Verdict.Refused ignored -> false;
        };
    }

    /** Whether a certified purse really signed this answer to this request, whatever else is wrong with it. */
    static boolean isAuthentic(Lineage payment, RequestMessage request, TapContext context) {
        Transfer transfer = payment.head().transfer().statement();
        return transfer.payee().equals(request.certificate().statement().thumbprint())
                && transfer.nonce().equals(request.request().statement().nonce())
                && authentic(payment.head(), context);
    }

    private static List<Refusal> afterLineage(Lineage payment, Request asked, List<Slice> slices, TapContext context) {
        List<Refusal> reasons = new ArrayList<>();
        if (slices.stream().anyMatch(s -> !s.currency().equals(asked.currency()))) {
            reasons.add(new Refusal(RefusalCode.CURRENCY_MISMATCH, "asked for " + asked.currency()));
        }
        if (slices.stream().anyMatch(s -> context.now().isAfter(s.expiry()))) {
            reasons.add(Refusal.of(RefusalCode.NOTE_EXPIRED));
        }
        Set<SliceRef> outputs = new HashSet<>();
        slices.forEach(s -> outputs.add(s.source()));
        Lineage used = payment.ancestorsOf(outputs);
        if (used.notes().size() != payment.notes().size()
                || used.links().size() != payment.links().size()) {
            reasons.add(Refusal.of(RefusalCode.UNUSED_ENTRY));
        }
        return reasons;
    }

    private static boolean authentic(Lineage.Link head, TapContext context) {
        Signed<PurseCertificate> certificate = head.certificate();
        Optional<PublicKey> issuer =
                context.bulletin().statement().issuerKey(certificate.statement().issuer());
        return issuer.isPresent()
                && certificate.verifies(context.verifier(), issuer.get())
                && head.transfer()
                        .verifies(context.verifier(), certificate.statement().key());
    }
}
