package org.jiaozi.wallet.purse;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jiaozi.core.refusal.Refusal;
import org.jiaozi.core.refusal.RefusalCode;
import org.jiaozi.core.statement.PurseCertificate;
import org.jiaozi.core.statement.Request;
import org.jiaozi.core.statement.Signed;
import org.jiaozi.core.statement.Transfer;
import org.jiaozi.core.statement.TransferInput;
import org.jiaozi.core.value.Amount;
import org.jiaozi.core.value.Hash;
import org.jiaozi.core.value.Limit;
import org.jiaozi.core.value.Nonce;
import org.jiaozi.core.value.Thumbprint;
import org.jiaozi.core.value.Timestamp;
import org.jiaozi.wallet.purse.PurseState.LogEntry;

/** Signing value away: pointers, counters, log and signature in one state. */
final class Moving {
    private Moving() {}

    static PurseStep pay(PurseState state, PurseCommand.Pay c, PurseContext context) {
        Request request = c.request().request().statement();
        LogEntry before = state.log().get(request.nonce());
        if (before != null) {
            return before.request().equals(c.request().request().hash())
                    ? again(state, before)
                    : SoftwarePurse.no(RefusalCode.WRONG_REQUEST, "another request with a nonce already paid");
        }
        List<Refusal> reasons = new ArrayList<>();
        PurseRules.refusesToPay(state, c.key(), request.amount(), request.currency(), request.at(), context)
                .ifPresent(reasons::add);
        PurseRules.refusesInputs(state, c.key(), c.inputs(), request).ifPresent(reasons::add);
        if (!context.pinVerified()) {
            reasons.add(new Refusal(RefusalCode.WRONG_PIN, "the PIN is due before paying"));
        }
        Optional<Refusal> refusal = PurseRules.lowest(reasons);
        if (refusal.isPresent()) {
            return new PurseStep.Refused(refusal.get());
        }
        return move(
                state,
                c.key(),
                c.inputs(),
                c.request().certificate().statement().thumbprint(),
                request.nonce(),
                request.at(),
                request.amount(),
                c.request().request().hash(),
                context);
    }

    static PurseStep deposit(PurseState state, PurseCommand.Deposit c, PurseContext context) {
        Nonce nonce = FreshNonce.of(state, c.key(), c.random());
        // somebody's request, made to fit and paid before: the deposit would take its place in the log
        if (state.log().containsKey(nonce)) {
            return SoftwarePurse.no(RefusalCode.NONCE_CONSUMED, "");
        }
        if (state.rolledBack()) {
            return SoftwarePurse.no(RefusalCode.ROLLED_BACK, "");
        }
        Optional<Pseudonym> pseudonym = state.pseudonym(c.key());
        if (pseudonym.isEmpty()
                || pseudonym.get().certificate().isEmpty()
                || pseudonym.get().status() == Pseudonym.Status.DEAD) {
            return SoftwarePurse.no(RefusalCode.NOT_ENROLLED, "");
        }
        if (context.bulletin().institutionByDepositKey(c.institution()).isEmpty()) {
            return SoftwarePurse.no(RefusalCode.UNKNOWN_ISSUER_KEY, "no deposit key of the bulletin");
        }
        if (c.inputs().isEmpty() || c.inputs().size() > Limit.DEPOSIT_INPUTS) {
            return SoftwarePurse.no(RefusalCode.TOO_MANY_INPUTS, c.inputs().size() + " inputs");
        }
        Optional<Refusal> refusal = PurseRules.lowest(PurseRules.pointers(state, c.key(), c.inputs()));
        if (refusal.isPresent()) {
            return new PurseStep.Refused(refusal.get());
        }
        return move(
                // a refused deposit comes back as a note under the same nonce
                new Ledger(state).openLoad(nonce, c.key()).done(),
                c.key(),
                c.inputs(),
                c.institution(),
                nonce,
                context.now(),
                Amount.ZERO,
                LogEntry.NO_REQUEST,
                context);
    }

    /** Pointers, counters, log and signature in one state. */
    private static PurseStep move(
            PurseState state,
            Thumbprint key,
            List<TransferInput> inputs,
            Thumbprint payee,
            Nonce nonce,
            Timestamp at,
            Amount spent,
            Hash request,
            PurseContext context) {
        Ledger next = new Ledger(state);
        if (state.log().size() >= context.policy().logSize()) {
            Optional<Nonce> reusable = state.log().entrySet().stream()
                    .filter(e -> e.getValue().settled())
                    .min(Comparator.comparing(
                            e -> e.getValue().transfer().statement().at()))
                    .map(Map.Entry::getKey);
            if (reusable.isEmpty()) {
                return SoftwarePurse.no(RefusalCode.LOG_FULL, state.log().size() + " entries");
            }
            next.unlog(reusable.get());
        }
        Pseudonym after = state.pseudonym(key).orElseThrow().after(spent.minor());
        Transfer transfer = new Transfer(inputs, payee, nonce, after.seq(), after.spentTotal(), at);
        Signed<Transfer> signed = SoftwarePurse.sign(after, transfer, context);
        Signed<PurseCertificate> certificate = after.certificate().orElseThrow();
        next.replace(after).debit(inputs).log(nonce, new LogEntry(signed, certificate, request, false));
        return new PurseStep.Done(next.done(), new PurseAnswer.Moved(signed, certificate));
    }

    /** A signed range is never signed again: the same nonce gets the same bytes. */
    private static PurseStep again(PurseState state, LogEntry entry) {
        return new PurseStep.Done(state, new PurseAnswer.Moved(entry.transfer(), entry.certificate()));
    }
}
