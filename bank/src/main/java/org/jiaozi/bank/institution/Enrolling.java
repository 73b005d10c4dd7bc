package org.jiaozi.bank.institution;

import java.util.List;
import java.util.Optional;
import org.jiaozi.core.message.WalletRequest.Enrol;
import org.jiaozi.core.policy.Tier;
import org.jiaozi.core.refusal.Refusal;
import org.jiaozi.core.refusal.RefusalCode;
import org.jiaozi.core.statement.PurseCertificate;
import org.jiaozi.core.value.Nonce;
import org.jiaozi.core.value.Timestamp;

/** Binds purse keys and an account key to an account, against a one-time code (spec 07, enrolment). */
public final class Enrolling {
    private Enrolling() {}

    /**
     * A one-time code as it was looked up.
     *
     * @param account what it opens
     * @param expires last second at which it works
     * @param used whether it has worked already
     */
    public record Code(AccountState account, Timestamp expires, boolean used) {}

    /**
     * What an enrolment does.
     *
     * @param account the account
     * @param keys the purse's keys, all active
     * @param certificates to be signed, one per key, in order
     */
    public record Enrolment(AccountState account, List<PurseKeyState> keys, List<PurseCertificate> certificates) {
        public Enrolment {
            keys = List.copyOf(keys);
            certificates = List.copyOf(certificates);
        }
    }

    /**
     * Judges an enrolment. The message's signature by the account key is the caller's business.
     *
     * @param code what the code opens, if there is such a code
     * @param known whether some purse key or account key is bound to an account already
     * @return the lowest of 107, 201, 306, 703, 707, 716
     */
    public static Decision<Enrolment> decide(
            Setting setting, Nonce message, Enrol enrol, Optional<Code> code, boolean known) {
        Optional<Refusal> badKeys = Certifying.refusesKeys(setting, message, enrol.keys(), 0);
        if (badKeys.isPresent()) {
            return Decision.denied(badKeys.get());
        }
        if (enrol.keys().stream().anyMatch(k -> k.key().equals(enrol.accountKey()))) {
            return Decision.denied(RefusalCode.OUT_OF_RANGE, "the account key is none of the purse's");
        }
        if (code.isPresent()
                && (!enrol.currency().equals(code.get().account().currency())
                        || !enrol.currency().equals(setting.policy().currency()))) {
            return Decision.denied(
                    RefusalCode.CURRENCY_MISMATCH,
                    "the account counts " + code.get().account().currency());
        }
        if (code.isPresent() && code.get().account().blocked()) {
            return Decision.denied(RefusalCode.ACCOUNT_BLOCKED, "");
        }
        if (code.isEmpty()
                || code.get().used()
                || setting.now().isAfter(code.get().expires())
                || known) {
            return Decision.denied(RefusalCode.BAD_ENROLMENT_CODE, known ? "a key that is bound already" : "");
        }
        AccountState account = code.get().account();
        List<PurseKeyState> keys = enrol.keys().stream()
                .map(k -> PurseKeyState.fresh(k.key(), enrol.element()))
                .toList();
        return switch (Certifying.tier(setting, account)) {
            case Decision.Denied<Tier> no -> Decision.denied(no.refusal());
            case Decision.Granted<Tier> tier ->
                Decision.granted(new Enrolment(
                        account, keys, Certifying.certificates(setting, tier.value(), account.currency(), keys)));
        };
    }
}
