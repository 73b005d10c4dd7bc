package org.jiaozi.core.statement;

import org.jiaozi.core.codec.Cbor;
import org.jiaozi.core.value.Bytes;
import org.jiaozi.core.value.IssuerKeyId;

/**
 * Something one key says under its signature: COSE_Sign1 (RFC 9052) with ES256. What is signed is the Sig_structure of
 * the protected header, the type's own external_aad and the payload (spec 02, clause 5).
 */
public interface Statement {
    Bytes KEYLESS_HEADER = Cbor.map().put(1, Cbor.of(-7)).build().encode();

    StatementType type();

    /** The payload in deterministic encoding. */
    Bytes payload();

    /** The protected header: algorithm, and the kid where an institution or the central bank signs. */
    default Bytes protectedHeader() {
        return KEYLESS_HEADER;
    }

    /** What ES256 signs; its SHA-256 is the statement's hash. */
    default Bytes sigStructure() {
        return sigStructure(type(), protectedHeader(), payload());
    }

    /** The same of header and payload that were encoded before. */
    static Bytes sigStructure(StatementType type, Bytes header, Bytes payload) {
        return Cbor.array(Cbor.of("Signature1"), Cbor.of(header), Cbor.of(type.aad()), Cbor.of(payload))
                .encode();
    }

    /** The protected header naming an institution's key. */
    static Bytes headerFor(IssuerKeyId key) {
        return Cbor.map().put(1, Cbor.of(-7)).put(4, Cbor.of(key.kid())).build().encode();
    }
}
