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
        Optional<Refusal> no =
                draft.refused(caller, content).or(() -> terms(r)).or(() -> move(r, r.toInstitution(), "remit"));
        if (no.isPresent()) {
            // what was held for it is free again at the sender's institution
            draft.put(new Effect.RefusalKept(caller, content, no.get()));
            return new BankAnswer.Refused(no.get());
        }
        draft.put(new Effect.RemitKept(caller, r.remitId(), content, Optional.empty()));
        draft.tell(
                r.toInstitution(),
                n -> new InboxEvent.RemitArrived(
                        n, caller, r.toAccount(), r.amount(), r.currency(), r.reference(), r.remitId()));
        return new BankAnswer.RemitTaken(r.remitId());
    }

    private Optional<Refusal> terms(BankRequest.RemitAcross r) {
        if (r.toInstitution().equals(caller)
                || context.bulletin().statement().institution(r.toInstitution()).isEmpty()) {
            return no(RefusalCode.WRONG_INSTITUTION, "no other institution " + r.toInstitution());
        }
        if (r.amount().isZero()) {
            return no(RefusalCode.OUT_OF_RANGE, "nothing to move");
        }
        return r.toAccount().getBytes(StandardCharsets.UTF_8).length > MAX_ACCOUNT
                ? no(RefusalCode.UNKNOWN_ACCOUNT, "an account's name has at most " + MAX_ACCOUNT + " bytes")
                : Optional.empty();
    }

    private static Optional<Refusal> no(RefusalCode code, String detail) {
        return Optional.of(new Refusal(code, detail));
    }

    /** Sends the caller's money back where it came from, once, and tells that institution why. */
    BankAnswer giveBack(BankRequest.ReturnRemit back) {
        BankRequest.RemitAcross r = back.remit();
        Hash content = Sha256.hash(r.cbor().encode());
        Optional<Effect.RemitKept> kept = draft.remit(back.from(), r.remitId())
                .filter(k -> k.content().equals(content) && r.toInstitution().equals(caller));
        if (kept.isEmpty()) {
            return refused(RefusalCode.WRONG_INSTITUTION, "no such remittance to you from " + back.from());
        }
        if (kept.get().returned().isEmpty()) {
            Optional<Refusal> uncovered = move(r, back.from(), "remit back");
            if (uncovered.isPresent()) {
                return new BankAnswer.Refused(uncovered.get());
            }
            draft.put(new Effect.RemitKept(back.from(), r.remitId(), content, Optional.of(back.reason())));
            draft.tell(
                    back.from(),
                    n -> new InboxEvent.RemitReturned(n, caller, r.remitId(), r.amount(), r.currency(), back.reason()));
        }
        return new BankAnswer.RemitReturned(r.remitId());
    }

    /** Moves the caller's clearing, if that and its reserve cover it. */
    private Optional<Refusal> move(BankRequest.RemitAcross r, InstitutionId to, String reason) {
        AccountName from = AccountName.of(AccountKind.CLEARING, caller);
        long cover = Math.addExact(
                draft.balance(from, r.currency()),
                draft.balance(AccountName.of(AccountKind.RESERVE, caller), r.currency()));
        if (r.amount().minor() > cover) {
            return Optional.of(new Refusal(
                    RefusalCode.INSUFFICIENT_RESERVE, r.amount() + " where reserve and clearing cover " + cover));
        }
        AccountName receiver = AccountName.of(AccountKind.CLEARING, to);
        draft.post(from, receiver, r.currency(), r.amount(), reason, r.remitId().hex());
        return Optional.empty();
    }

    private static BankAnswer refused(RefusalCode code, String detail) {
        return new BankAnswer.Refused(new Refusal(code, detail));
    }
}
