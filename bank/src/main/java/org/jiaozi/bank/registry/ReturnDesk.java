package org.jiaozi.bank.registry;

import java.util.List;
import java.util.Optional;
import org.jiaozi.bank.registry.Effect.RangeSettled;
import org.jiaozi.bank.registry.Effect.RefundKept;
import org.jiaozi.core.crypto.PublicKey;
import org.jiaozi.core.lineage.Slice;
import org.jiaozi.core.message.BankAnswer;
import org.jiaozi.core.message.BankRequest;
import org.jiaozi.core.message.Outcome;
import org.jiaozi.core.refusal.Refusal;
import org.jiaozi.core.refusal.RefusalCode;
import org.jiaozi.core.statement.NonReceipt;
import org.jiaozi.core.statement.PurseCertificate;
import org.jiaozi.core.statement.Signed;
import org.jiaozi.core.statement.Transfer;
import org.jiaozi.core.value.Amount;
import org.jiaozi.core.value.InstitutionId;

/** Returns what a payee denies having received (spec 07, clause 11). */
final class ReturnDesk {
    private final Draft draft;
    private final Recorder recorder;
    private final RegistryContext context;
    private final InstitutionId caller;

    ReturnDesk(Draft draft, Recorder recorder, RegistryContext context, InstitutionId caller) {
        this.draft = draft;
        this.recorder = recorder;
        this.context = context;
        this.caller = caller;
    }

    BankAnswer refund(BankRequest.Refund request, CheckedLineage lineage) {
        return switch (lineage) {
            case CheckedLineage.Bad bad -> new BankAnswer.Refused(bad.refusal());
            case CheckedLineage.Good good -> refund(request, good);
        };
    }

    private BankAnswer refund(BankRequest.Refund request, CheckedLineage.Good good) {
        Optional<Refusal> no = denial(request, good.head().transfer());
        if (no.isPresent()) {
            return new BankAnswer.Refused(no.get());
        }
        if (!good.head().certificate().statement().issuer().institution().equals(caller)) {
            return refused(RefusalCode.WRONG_INSTITUTION, "another institution certified the payer");
        }
        recorder.record(good);
        // also when the refund was made before: another denial of the same transfer is a statement of its own
        recorder.deny(new Effect.DenialKept(request.nonReceipt(), request.payee()));
        Optional<RefundKept> stored = draft.refund(good.headHash());
        if (stored.isPresent()) {
            return new BankAnswer.Refunded(stored.get().amount());
        }
        List<Slice> slices = good.headSlices();
        if (slices.stream()
                .anyMatch(s ->
                        context.now().isAfter(s.expiry().plus(context.policy().grace())))) {
            return refused(RefusalCode.PAST_GRACE, "the denied transfer's note");
        }
        Settling settling = new Settling(
                draft,
                recorder,
                RangeSettled.Kind.REFUNDED,
                caller,
                good.head().signer(),
                slices.getFirst().currency(),
                good.headHash().hex());
        for (int i = 0; i < slices.size(); i++) {
            settling.input(i, slices.get(i));
        }
        settling.compensate(Optional.empty());
        Amount returned = RegistryView.sum(settling.outcomes().stream()
                .filter(o -> o.kind().paid())
                .map(Outcome::range)
                .toList());
        draft.put(new RefundKept(good.headHash(), caller, returned));
        return new BankAnswer.Refunded(returned);
    }

    /** Whether the payee's own word denies exactly this transfer. */
    private Optional<Refusal> denial(BankRequest.Refund request, Signed<Transfer> head) {
        PurseCertificate payee = request.payee().statement();
        NonReceipt denial = request.nonReceipt().statement();
        Optional<PublicKey> issuer = context.bulletin().statement().issuerKey(payee.issuer());
        if (issuer.isEmpty()) {
            return Optional.of(new Refusal(RefusalCode.UNKNOWN_ISSUER_KEY, "the payee's certificate"));
        }
        if (!request.payee().verifies(context.verifier(), issuer.get())
                || !request.nonReceipt().verifies(context.verifier(), payee.key())) {
            return Optional.of(new Refusal(RefusalCode.BAD_SIGNATURE, "the payee's certificate or non-receipt"));
        }
        if (!denial.nonce().equals(head.statement().nonce()) || !denial.denies(head.hash())) {
            return Optional.of(new Refusal(RefusalCode.WRONG_REQUEST, "the non-receipt does not deny this transfer"));
        }
        return head.statement().payee().equals(payee.thumbprint())
                ? Optional.empty()
                : Optional.of(new Refusal(RefusalCode.NOT_FOR_THIS_PURSE, "denied by another than the payee"));
    }

    private static BankAnswer refused(RefusalCode code, String detail) {
        return new BankAnswer.Refused(new Refusal(code, detail));
    }
}
