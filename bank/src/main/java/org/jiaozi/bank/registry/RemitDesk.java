package org.jiaozi.bank.registry;

import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.jiaozi.bank.ledger.AccountKind;
import org.jiaozi.bank.ledger.AccountName;
import org.jiaozi.core.crypto.Sha256;
import org.jiaozi.core.message.BankAnswer;
import org.jiaozi.core.message.BankRequest;
import org.jiaozi.core.message.InboxEvent;
import org.jiaozi.core.refusal.Refusal;
import org.jiaozi.core.refusal.RefusalCode;
import org.jiaozi.core.value.Hash;
import org.jiaozi.core.value.InstitutionId;

/** Moves account money between institutions (spec 07, clause 15). */
final class RemitDesk {
    private static final int MAX_ACCOUNT = 64;

    private final Draft draft;
    private final RegistryContext context;
    private final InstitutionId caller;

    RemitDesk(Draft draft, RegistryContext context, InstitutionId caller) {
        this.draft = draft;
        this.context = context;
        this.caller = caller;
    }

    BankAnswer remit(BankRequest.RemitAcross r) {
        Hash content = Sha256.hash(r.cbor().encode());
        Optional<Effect.RemitKept> before = draft.remit(caller, r.remitId());
        if (before.isPresent()) {
            return before.get().content().equals(content)
                    ? new BankAnswer.RemitTaken(r.remitId())
                    : refused(RefusalCode.REPLAYED, "this remittance id moved other money");
        }
        if (r.toInstitution().equals(caller)
                || context.bulletin().statement().institution(r.toInstitution()).isEmpty()) {
            return refused(RefusalCode.WRONG_INSTITUTION, "no other institution " + r.toInstitution());
        }
        if (r.amount().isZero()) {
            return refused(RefusalCode.OUT_OF_RANGE, "nothing to move");
        }
        if (r.toAccount().getBytes(StandardCharsets.UTF_8).length > MAX_ACCOUNT) {
            return refused(RefusalCode.UNKNOWN_ACCOUNT, "an account's name has at most " + MAX_ACCOUNT + " bytes");
        }
        AccountName from = AccountName.of(AccountKind.CLEARING, caller);
        long cover = Math.addExact(
                draft.balance(from, r.currency()),
                draft.balance(AccountName.of(AccountKind.RESERVE, caller), r.currency()));
        if (r.amount().minor() > cover) {
            return refused(RefusalCode.INSUFFICIENT_RESERVE, r.amount() + " where reserve and clearing cover " + cover);
        }
        draft.post(
                from,
                AccountName.of(AccountKind.CLEARING, r.toInstitution()),
                r.currency(),
                r.amount(),
                "remit",
                r.remitId().hex());
        draft.put(new Effect.RemitKept(caller, r.remitId(), content));
        draft.tell(
                r.toInstitution(),
                n -> new InboxEvent.RemitArrived(
                        n, caller, r.toAccount(), r.amount(), r.currency(), r.reference(), r.remitId()));
        return new BankAnswer.RemitTaken(r.remitId());
    }

    private static BankAnswer refused(RefusalCode code, String detail) {
        return new BankAnswer.Refused(new Refusal(code, detail));
    }
}
