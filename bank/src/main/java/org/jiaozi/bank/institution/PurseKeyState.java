package org.jiaozi.bank.institution;

import org.jiaozi.core.crypto.PublicKey;
import org.jiaozi.core.statement.PurseCertificate.ElementClass;
import org.jiaozi.core.value.Thumbprint;

/**
 * One pseudonym of a purse as the institution knows it.
 *
 * @param key the purse key
 * @param element the secure element's class
 * @param status what the key may still do
 * @param seq its last transfer's number at the last sync
 * @param spent minor units it had paid in all at the last sync
 */
public record PurseKeyState(PublicKey key, ElementClass element, Status status, long seq, long spent) {
    /** What a key may still do. Value that it holds can be deposited in any case. */
    public enum Status {
        /** Gets certificates. */
        ACTIVE,
        /** Was given up at a sync and signs no payment again. */
        RETIRED,
        /** Lost or convicted: the bulletin lists it. */
        REVOKED
    }

    /** A key nobody has used yet. */
    public static PurseKeyState fresh(PublicKey key, ElementClass element) {
        return new PurseKeyState(key, element, Status.ACTIVE, 0, 0);
    }

    public Thumbprint thumbprint() {
        return key.thumbprint();
    }

    public boolean active() {
        return status == Status.ACTIVE;
    }
}
