package org.jiaozi.bank.registry;

import java.util.List;
import java.util.Optional;
import org.jiaozi.bank.ledger.AccountKind;
import org.jiaozi.bank.ledger.AccountName;
import org.jiaozi.bank.registry.Effect.ConvictionSet;
import org.jiaozi.core.evidence.EvidenceCheck;
import org.jiaozi.core.evidence.EvidenceCheck.Verdict;
import org.jiaozi.core.evidence.EvidenceFile;
import org.jiaozi.core.message.BankAnswer;
import org.jiaozi.core.message.BankRequest;
import org.jiaozi.core.message.BoundKey;
import org.jiaozi.core.refusal.Refusal;
import org.jiaozi.core.refusal.RefusalCode;
import org.jiaozi.core.value.Amount;
import org.jiaozi.core.value.Bytes;
import org.jiaozi.core.value.Currency;
import org.jiaozi.core.value.InstitutionId;
import org.jiaozi.core.value.Thumbprint;

/** Convictions by file, revocations, and who bears what culprits cost (spec 07, clauses E8 and 13). */
final class ConvictionDesk {
    private static final AccountName FUND = AccountName.of(AccountKind.GUARANTEE);

    private final Draft draft;
    private final Recorder recorder;
    private final RegistryContext context;
    private final InstitutionId caller;

    ConvictionDesk(Draft draft, Recorder recorder, RegistryContext context, InstitutionId caller) {
        this.draft = draft;
        this.recorder = recorder;
        this.context = context;
        this.caller = caller;
    }

    BankAnswer convict(Bytes file) {
        return switch (EvidenceCheck.verify(file, context.rootKey(), context.verifier())) {
            case Verdict.Refused no -> new BankAnswer.Refused(no.refusal());
            case Verdict.Convicts yes ->
                new BankAnswer.Convicted(
                        yes.culprit(),
                        recorder.convict(EvidenceFile.decode(file).evidence()));
        };
    }

    BankAnswer revoke(BankRequest.Revoke request) {
        KeyDesk.Judged judged = new KeyDesk(draft, context, caller).judge(request.keys());
        if (judged.refusal().isPresent()) {
            return new BankAnswer.Refused(judged.refusal().get());
        }
        List<Thumbprint> fresh = judged.standing().stream()
                .map(BoundKey::thumbprint)
                .filter(k -> !draft.revoked(k))
                .distinct()
                .toList();
        fresh.forEach(key -> recorder.revoke(key, caller, request.reason()));
        long epoch = context.bulletin().statement().epoch();
        return new BankAnswer.Revoked(fresh.isEmpty() ? epoch : Math.addExact(epoch, 1));
    }

    BankAnswer recovery(BankRequest.ReportRecovery request) {
        Optional<ConvictionSet> found = draft.conviction(request.culprit());
        if (found.isEmpty()) {
            return refused(RefusalCode.UNKNOWN_PURSE, "nobody convicted that key");
        }
        ConvictionSet before = found.get();
        if (!before.certifier().equals(caller)) {
            return refused(RefusalCode.NOT_AUTHORISED, "another institution certified that key");
        }
        Amount reported =
                before.recovered().compareTo(request.recovered()) > 0 ? before.recovered() : request.recovered();
        Amount all = before.recovered().plus(before.fromFund()).plus(before.fromInstitution());
        boolean nothingNew =
                all.equals(before.owed()) && reported.min(before.owed()).equals(before.recovered());
        if (nothingNew) {
            // a report that comes late changes nothing that the institution has not heard of
            return new BankAnswer.RecoveryTaken(before.fromFund(), before.fromInstitution());
        }
        Amount inFund = new Amount(draft.balance(FUND, before.currency())).plus(before.fromFund());
        Waterfall now = Waterfall.of(before.owed(), reported, context.policy().guaranteeCapPerCulprit(), inFund);
        AccountName clearing = AccountName.of(AccountKind.CLEARING, caller);
        // what the institution took from the culprit and what it bears itself both come out of its clearing account
        long institutionBefore =
                before.recovered().plus(before.fromInstitution()).minor();
        long institutionNow = now.culprit().plus(now.institution()).minor();
        long fundChange = now.fund().minor() - before.fromFund().minor();
        long institutionChange = institutionNow - institutionBefore;
        // what goes back goes first, so that the advance is never closed twice in between
        book(FUND, Math.min(fundChange, 0), before.currency(), request.culprit());
        book(clearing, institutionChange, before.currency(), request.culprit());
        book(FUND, Math.max(fundChange, 0), before.currency(), request.culprit());
        draft.put(new ConvictionSet(
                before.culprit(),
                before.certifier(),
                before.currency(),
                before.file(),
                before.owed(),
                now.culprit(),
                now.fund(),
                now.institution()));
        return new BankAnswer.RecoveryTaken(now.fund(), now.institution());
    }

    /** Closes that much of the advance, or opens it again where it is below zero. */
    private void book(AccountName payer, long amount, Currency currency, Thumbprint culprit) {
        AccountName recovery = AccountName.of(AccountKind.RECOVERY, caller);
        if (amount > 0) {
            draft.post(payer, recovery, currency, new Amount(amount), "recover", culprit.hex());
        } else if (amount < 0) {
            draft.post(recovery, payer, currency, new Amount(-amount), "recover", culprit.hex());
        }
    }

    private static BankAnswer refused(RefusalCode code, String detail) {
        return new BankAnswer.Refused(new Refusal(code, detail));
    }
}
