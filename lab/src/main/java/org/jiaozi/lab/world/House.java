package org.jiaozi.lab.world;

import org.jiaozi.core.crypto.Sealer;
import org.jiaozi.core.crypto.Signer;
import org.jiaozi.core.value.InstitutionId;
import org.jiaozi.core.value.IssuerKeyId;
import org.jiaozi.core.value.Thumbprint;

/**
 * An institution of the world.
 *
 * @param id its number
 * @param signer its one key
 * @param sealing opens what wallets send
 */
record House(InstitutionId id, Signer signer, Sealer.KeyPair sealing) {
    IssuerKeyId keyId() {
        return new IssuerKeyId(id, 0);
    }

    Thumbprint depositKey() {
        return signer.publicKey().thumbprint();
    }

    @Override
    public String toString() {
        return "institution " + id;
    }
}
