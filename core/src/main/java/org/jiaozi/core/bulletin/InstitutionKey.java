package org.jiaozi.core.bulletin;

import org.jiaozi.core.codec.Cbor;
import org.jiaozi.core.codec.Fields;
import org.jiaozi.core.crypto.PublicKey;
import org.jiaozi.core.value.Limit;
import org.jiaozi.core.value.Timestamp;

/**
 * One key generation of an institution (spec 03, clauses 4 and 5). It stays listed until everything it signed is past
 * expiry and grace.
 *
 * @param generation 0 to 255
 * @param key signs notes and certificates, and names deposits
 * @param notBefore first second at which the institution signs with it
 * @param notAfter last second at which the institution signs with it
 */
public record InstitutionKey(int generation, PublicKey key, Timestamp notBefore, Timestamp notAfter) {
    public InstitutionKey {
        Limit.check("key generation", generation, Limit.UINT8);
        if (notBefore.isAfter(notAfter)) {
            throw new IllegalArgumentException("a key that ends before it begins");
        }
    }

    Cbor toCbor() {
        return Cbor.map()
                .put(1, Cbor.of(generation))
                .put(2, Cbor.of(key.compressed()))
                .put(3, Cbor.of(notBefore.seconds()))
                .put(4, Cbor.of(notAfter.seconds()))
                .build();
    }

    static InstitutionKey read(Cbor item) {
        Fields f = Fields.of(item);
        InstitutionKey key = new InstitutionKey((int) f.uint(1, Limit.UINT8), f.publicKey(2), f.time(3), f.time(4));
        f.end();
        return key;
    }
}
