package org.jiaozi.wallet.host;

import java.util.function.Function;
import org.jiaozi.core.crypto.PublicKey;
import org.jiaozi.core.crypto.Sealer;
import org.jiaozi.core.crypto.SignatureVerifier;
import org.jiaozi.core.crypto.Signer;
import org.jiaozi.core.tap.TapContext;
import org.jiaozi.core.value.Timestamp;
import org.jiaozi.wallet.purse.PurseContext;
import org.jiaozi.wallet.purse.SecureElement;

/**
 * The world as one call sees it.
 *
 * @param now the device's clock
 * @param pinVerified whether the owner has just given the PIN
 * @param verifier checks signatures
 * @param sealer seals and opens
 * @param keys the signer behind each own key
 * @param element the purse behind its port
 */
public record WalletContext(
        Timestamp now,
        boolean pinVerified,
        SignatureVerifier verifier,
        Sealer sealer,
        Function<PublicKey, Signer> keys,
        SecureElement element) {
    /** As the purse sees it. */
    public PurseContext purse(WalletState state) {
        return new PurseContext(
                now, state.settings().region(), pinVerified, state.bulletin().statement(), verifier, keys);
    }

    /** As one side of a tap sees it. */
    public TapContext tap(WalletState state) {
        return new TapContext(
                now,
                state.settings().region(),
                verifier,
                sealer,
                state.bulletin(),
                state.settings().rootKey());
    }
}
