package org.jiaozi.wallet.purse;

import java.util.function.Function;
import org.jiaozi.core.bulletin.Bulletin;
import org.jiaozi.core.crypto.PublicKey;
import org.jiaozi.core.crypto.SignatureVerifier;
import org.jiaozi.core.crypto.Signer;
import org.jiaozi.core.policy.Profile;
import org.jiaozi.core.value.Timestamp;

/**
 * What a purse is told with a command. A card takes clock, region and bulletin on the host's word: they can misdirect a
 * payment, never cause overlapping signatures.
 *
 * @param now the host's clock
 * @param region for regional rules, {@code ""} if none
 * @param pinVerified whether the owner has just given the PIN
 * @param bulletin the one in hand
 * @param verifier checks certificates before they are installed
 * @param keys the signer behind each own key
 */
public record PurseContext(
        Timestamp now,
        String region,
        boolean pinVerified,
        Bulletin bulletin,
        SignatureVerifier verifier,
        Function<PublicKey, Signer> keys) {
    public Profile policy() {
        return bulletin.policy();
    }
}
