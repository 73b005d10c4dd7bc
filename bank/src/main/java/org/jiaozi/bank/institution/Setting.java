package org.jiaozi.bank.institution;

import org.jiaozi.core.bulletin.Bulletin;
import org.jiaozi.core.crypto.SignatureVerifier;
import org.jiaozi.core.policy.Profile;
import org.jiaozi.core.value.InstitutionId;
import org.jiaozi.core.value.IssuerKeyId;
import org.jiaozi.core.value.Limit;
import org.jiaozi.core.value.Timestamp;

/**
 * Where and when a rule is applied.
 *
 * @param key the key under which this institution signs now
 * @param quota the central-bank quota that new notes count against
 * @param bulletin the newest one
 * @param now the institution's clock
 * @param verifier checks signatures
 */
public record Setting(IssuerKeyId key, long quota, Bulletin bulletin, Timestamp now, SignatureVerifier verifier) {
    public Setting {
        Limit.check("quota", quota, Limit.UINT32);
    }

    /** This institution. */
    public InstitutionId self() {
        return key.institution();
    }

    /** The policy in force. */
    public Profile policy() {
        return bulletin.policy();
    }
}
