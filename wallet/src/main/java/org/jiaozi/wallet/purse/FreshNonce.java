package org.jiaozi.wallet.purse;

import java.nio.charset.StandardCharsets;
import org.jiaozi.core.crypto.Sha256;
import org.jiaozi.core.value.Bytes;
import org.jiaozi.core.value.Nonce;
import org.jiaozi.core.value.Thumbprint;

/**
 * A nonce that this purse never opened before, whatever it has forgotten since and whatever its host asks for (spec 06,
 * clause 2). The mark makes it new: it rises with every change and never restarts. The host's bytes hide the mark, so that
 * strangers cannot tell by it that two keys are one purse's. The key keeps a collision, should one be found, to one key.
 */
final class FreshNonce {
    private static final Bytes LABEL = Bytes.of("jiaozi/1/nonce".getBytes(StandardCharsets.US_ASCII));

    private FreshNonce() {}

    /** The nonce that {@code key} opens next; opening it must be a change. */
    static Nonce of(PurseState state, Thumbprint key, Nonce random) {
        byte[] mark = new byte[Long.BYTES];
        for (int i = 0; i < mark.length; i++) {
            mark[i] = (byte) (state.mark() >>> (Byte.SIZE * (mark.length - 1 - i)));
        }
        Bytes named = LABEL.concat(key.bytes()).concat(random.bytes()).concat(Bytes.of(mark));
        return new Nonce(Sha256.hash(named).bytes().slice(0, Nonce.SIZE));
    }
}
