package org.jiaozi.core.crypto;

import org.jiaozi.core.value.Bytes;

/** One private key's signing act, behind a port. */
public interface Signer {
    /** The public half. */
    PublicKey publicKey();

    /** ES256 over {@code message}, in normal form. */
    Signature sign(Bytes message);
}
