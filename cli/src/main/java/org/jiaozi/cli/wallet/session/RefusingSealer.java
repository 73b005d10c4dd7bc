package org.jiaozi.cli.wallet.session;

import java.util.Optional;
import org.jiaozi.core.codec.DecodeException;
import org.jiaozi.core.crypto.Sealer;
import org.jiaozi.core.refusal.RefusalCode;
import org.jiaozi.core.value.Bytes;

/** Refuses keys to which nothing can be sealed: whoever sent one sent no usable message. */
final class RefusingSealer implements Sealer {
    private final Sealer sealer;

    RefusingSealer(Sealer sealer) {
        this.sealer = sealer;
    }

    @Override
    public KeyPair newKeyPair() {
        return sealer.newKeyPair();
    }

    @Override
    public Bytes seal(Bytes recipient, Bytes info, Bytes aad, Bytes plaintext) {
        try {
            return sealer.seal(recipient, info, aad, plaintext);
        } catch (IllegalArgumentException e) {
            throw new DecodeException(RefusalCode.MALFORMED, "a sealing key that opens nothing");
        }
    }

    @Override
    public Optional<Bytes> open(KeyPair recipient, Bytes info, Bytes aad, Bytes sealed) {
        return sealer.open(recipient, info, aad, sealed);
    }
}
