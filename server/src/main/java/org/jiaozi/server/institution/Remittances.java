package org.jiaozi.server.institution;

import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Optional;
import org.jiaozi.bank.institution.AccountState;
import org.jiaozi.bank.institution.Certifying;
import org.jiaozi.bank.institution.CoreBanking;
import org.jiaozi.bank.institution.Decision;
import org.jiaozi.bank.institution.Remitting;
import org.jiaozi.bank.institution.Setting;
import org.jiaozi.core.message.BankAnswer;
import org.jiaozi.core.message.BankRequest;
import org.jiaozi.core.message.WalletAnswer;
import org.jiaozi.core.message.WalletRequest;
import org.jiaozi.core.policy.Tier;
import org.jiaozi.core.refusal.Refusal;
import org.jiaozi.core.refusal.RefusalCode;
import org.jiaozi.core.value.Nonce;

/** Account-to-account payments, within the institution or through the central bank. */
final class Remittances {
    private final Office office;
    private final Operations operations;

    Remittances(Office office, Operations operations) {
        this.office = office;
        this.operations = operations;
    }

    private static String reference(WalletRequest.Remit remit) {
        return reference(remit.remitId());
    }

    /** How the books name the remittance with that id. */
    static String reference(Nonce remitId) {
        return "remit:" + remitId.hex();
    }

    /** Whether it was begun: what was accepted then is not refused afterwards. */
    boolean begun(WalletRequest.Remit remit) {
        return office.db().snapshot(h -> Operations.find(h, reference(remit))).isPresent();
    }

    WalletAnswer remit(Purses.Known sender, WalletRequest.Remit remit) {
        String reference = reference(remit);
        if (!begun(remit)) {
            Optional<Refusal> no = refuses(sender.account(), remit).or(() -> refusesReceiver(sender.account(), remit));
            if (no.isPresent()) {
                return new WalletAnswer.Refused(no.get());
            }
        }
        return operations.perform(
                Operation.fresh(
                        reference, Operation.Kind.REMIT, sender.account(), remit, Optional.empty(), remit.amount()),
                stored -> stored.request().equals(remit),
                this::run);
    }

    private Optional<Refusal> refuses(String account, WalletRequest.Remit remit) {
        Setting setting = office.setting();
        AccountState from = office.account(account);
        return switch (Certifying.tier(setting, from)) {
            case Decision.Denied<Tier> no -> Optional.of(no.refusal());
            case Decision.Granted<Tier> tier -> {
                LocalDate today =
                        LocalDate.ofInstant(Instant.ofEpochSecond(office.now().seconds()), ZoneOffset.UTC);
                yield Remitting.refuses(
                        setting,
                        remit,
                        from,
                        tier.value(),
                        new Remitting.Paid(paidSince(account, today), paidSince(account, today.withDayOfYear(1))));
            }
        };
    }

    /** Of an account here that is known at once; of one elsewhere its institution decides. */
    private Optional<Refusal> refusesReceiver(String account, WalletRequest.Remit remit) {
        if (!remit.toInstitution().equals(office.membership().key().institution())) {
            return Optional.empty();
        }
        Optional<AccountState> to = office.db()
                .snapshot(h -> Purses.account(h, remit.toAccount()))
                .map(known -> office.account(known.name()));
        return Remitting.refusesReceiver(
                office.setting(), to, office.account(account).currency(), remit.amount());
    }

    private long paidSince(String account, LocalDate day) {
        return office.db()
                .snapshot(h -> h.createQuery("SELECT coalesce(sum(amount), 0)::bigint FROM operation"
                                + " WHERE account = :account AND kind = 'REMIT' AND opened_at >= :since")
                        .bind("account", account)
                        .bind("since", day.atStartOfDay(ZoneOffset.UTC).toEpochSecond())
                        .mapTo(Long.class)
                        .one());
    }

    WalletAnswer run(Operation operation) {
        WalletRequest.Remit remit = (WalletRequest.Remit) operation.request();
        String text = remit.reference().isEmpty() ? "remittance" : "remittance: " + remit.reference();
        CoreBanking.Answer answer = remit.toInstitution()
                        .equals(office.membership().key().institution())
                ? office.banking()
                        .move(operation.reference(), operation.account(), remit.toAccount(), remit.amount(), text)
                : across(operation, remit, text);
        return switch (answer) {
            case CoreBanking.Answer.Refused no -> new WalletAnswer.Refused(no.refusal());
            case CoreBanking.Answer.Booked done -> new WalletAnswer.Remitted(done.balance());
        };
    }

    private CoreBanking.Answer across(Operation operation, WalletRequest.Remit remit, String text) {
        CoreBanking.Answer held =
                office.banking().hold(operation.reference(), operation.account(), remit.amount(), text);
        if (held instanceof CoreBanking.Answer.Refused) {
            return held;
        }
        BankAnswer answer = office.ask(new BankRequest.RemitAcross(
                remit.toInstitution(),
                remit.toAccount(),
                remit.amount(),
                office.account(operation.account()).currency(),
                remit.reference(),
                remit.remitId()));
        if (answer instanceof BankAnswer.Refused no) {
            return new CoreBanking.Answer.Refused(operations.giveUp(operation, no.refusal()));
        }
        if (!(answer instanceof BankAnswer.RemitTaken)) {
            return new CoreBanking.Answer.Refused(
                    new Refusal(RefusalCode.INTERNAL, "an unexpected answer of the central bank"));
        }
        CoreBanking.Answer captured =
                office.banking().capture(operation.reference(), CoreBanking.Contra.CLEARING, text);
        // the receiver has it by now: a no of our own books is a fault, and never the sender's refusal
        return captured instanceof CoreBanking.Answer.Refused no
                ? new CoreBanking.Answer.Refused(
                        new Refusal(RefusalCode.INTERNAL, no.refusal().toString()))
                : captured;
    }
}
