package org.jiaozi.bank.institution;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import org.jiaozi.core.message.KeyProof;
import org.jiaozi.core.policy.Tier;
import org.jiaozi.core.refusal.Refusal;
import org.jiaozi.core.refusal.RefusalCode;
import org.jiaozi.core.statement.PurseCertificate;
import org.jiaozi.core.value.Currency;
import org.jiaozi.core.value.Nonce;
import org.jiaozi.core.value.Thumbprint;

/** Certificates for a purse's pseudonyms (spec 03; spec 08, clause 5). */
public final class Certifying {
    private Certifying() {}

    /**
     * One certificate for each key, in order. Their limits add up to the tier's; what the policy says of certificates
     * applies from now on, and counters start from what the purse reported.
     */
    public static List<PurseCertificate> certificates(
            Setting setting, Tier tier, Currency currency, List<PurseKeyState> keys) {
        List<PurseCertificate> all = new ArrayList<>();
        for (int i = 0; i < keys.size(); i++) {
            PurseKeyState key = keys.get(i);
            all.add(new PurseCertificate(
                    setting.key(),
                    key.key(),
                    tier.number(),
                    key.element(),
                    currency,
                    setting.policy().limitsFor(tier, key.element(), i, keys.size()),
                    // a device whose clock is a little behind may use it at once
                    setting.now().minus(setting.policy().clockSkew()),
                    setting.now().plus(setting.policy().certificateValidity()),
                    key.seq(),
                    key.spent()));
        }
        return List.copyOf(all);
    }

    /**
     * Whether the sender holds every key it offers, none twice, and no more than the policy certifies.
     *
     * @param already keys that stay
     * @return 107 or 201
     */
    static Optional<Refusal> refusesKeys(Setting setting, Nonce message, List<KeyProof> offered, int already) {
        TreeSet<Thumbprint> seen = new TreeSet<>();
        for (KeyProof proof : offered) {
            if (!seen.add(proof.key().thumbprint())) {
                return Optional.of(new Refusal(RefusalCode.OUT_OF_RANGE, "a key offered twice"));
            }
        }
        int most = setting.policy().pseudonyms();
        if (offered.size() + already < 1 || offered.size() + already > most) {
            return Optional.of(
                    new Refusal(RefusalCode.OUT_OF_RANGE, offered.size() + already + " keys, allowed 1 to " + most));
        }
        for (KeyProof proof : offered) {
            if (!proof.verifies(setting.verifier(), setting.self(), message)) {
                return Optional.of(new Refusal(
                        RefusalCode.BAD_SIGNATURE, "proof of " + proof.key().thumbprint()));
            }
        }
        return Optional.empty();
    }

    /** The account's tier under the policy in force: 716 where the policy no longer has it. */
    public static Decision<Tier> tier(Setting setting, AccountState account) {
        Optional<Tier> tier = setting.policy().tier(account.tier());
        if (tier.isEmpty()) {
            return Decision.denied(RefusalCode.IDENTITY_REQUIRED, "the policy has no tier " + account.tier());
        }
        return Decision.granted(tier.get());
    }
}
