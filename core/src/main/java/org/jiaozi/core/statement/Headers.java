package org.jiaozi.core.statement;

import org.jiaozi.core.codec.DecodeException;
import org.jiaozi.core.codec.Fields;
import org.jiaozi.core.refusal.RefusalCode;
import org.jiaozi.core.value.Bytes;
import org.jiaozi.core.value.IssuerKeyId;

/** Reads protected headers. */
public final class Headers {
    private Headers() {}

    /** The key a header names: algorithm ES256 and a three-byte kid, nothing else. */
    public static IssuerKeyId issuer(Bytes header) {
        Fields fields = Fields.decode(header, 64);
        if (!fields.item(1).equals(org.jiaozi.core.codec.Cbor.of(-7))) {
            throw new DecodeException(RefusalCode.MALFORMED, "algorithm is not ES256");
        }
        IssuerKeyId key = IssuerKeyId.fromKid(fields.exactly(4, 3));
        fields.end();
        return key;
    }
}
