package org.jiaozi.core.statement;

import java.util.List;
import java.util.function.BiFunction;
import org.jiaozi.core.codec.Cbor;
import org.jiaozi.core.codec.DecodeException;
import org.jiaozi.core.codec.Fields;
import org.jiaozi.core.crypto.PublicKey;
import org.jiaozi.core.crypto.Sha256;
import org.jiaozi.core.crypto.Signature;
import org.jiaozi.core.crypto.SignatureVerifier;
import org.jiaozi.core.crypto.Signer;
import org.jiaozi.core.refusal.RefusalCode;
import org.jiaozi.core.value.Bytes;
import org.jiaozi.core.value.Hash;

/**
 * A statement with its signature. Two are equal when their signed payloads are: ECDSA signatures of the same statement
 * differ from one signing to the next and prove nothing (spec 05, clause 2).
 */
public final class Signed<T extends Statement> {
    private final T statement;
    private final Signature signature;
    private final Bytes header;
    private final Bytes payload;
    private final Bytes toBeSigned;
    private final Hash hash;

    public Signed(T statement, Signature signature) {
        this(statement, signature, statement.protectedHeader(), statement.payload());
    }

    private Signed(T statement, Signature signature, Bytes header, Bytes payload) {
        this(statement, signature, header, payload, Statement.sigStructure(statement.type(), header, payload));
    }

    /** Encoding is most of the work, so what was encoded or read once is kept. */
    private Signed(T statement, Signature signature, Bytes header, Bytes payload, Bytes toBeSigned) {
        this.statement = statement;
        this.signature = signature;
        this.header = header;
        this.payload = payload;
        this.toBeSigned = toBeSigned;
        this.hash = Sha256.hash(toBeSigned);
    }

    /** Signs {@code statement}. */
    public static <T extends Statement> Signed<T> by(Signer signer, T statement) {
        Bytes header = statement.protectedHeader();
        Bytes payload = statement.payload();
        Bytes toBeSigned = Statement.sigStructure(statement.type(), header, payload);
        return new Signed<>(statement, signer.sign(toBeSigned), header, payload, toBeSigned);
    }

    public T statement() {
        return statement;
    }

    public Signature signature() {
        return signature;
    }

    /** SHA-256 of the Sig_structure: the statement's name. */
    public Hash hash() {
        return hash;
    }

    public boolean verifies(SignatureVerifier verifier, PublicKey key) {
        return verifier.verify(key, toBeSigned, signature);
    }

    /** The COSE_Sign1 array, untagged: protected, empty unprotected, payload, signature. */
    public Cbor cose() {
        return Cbor.array(Cbor.of(header), Cbor.map().build(), Cbor.of(payload), Cbor.of(signature.bytes()));
    }

    /** The COSE_Sign1 bytes. */
    public Bytes encode() {
        return cose().encode();
    }

    /**
     * Reads a COSE_Sign1 array. The reader gets header and payload; a statement that would write other bytes than those
     * read is refused.
     */
    public static <T extends Statement> Signed<T> fromCose(Cbor item, BiFunction<Bytes, Bytes, T> reader) {
        List<Cbor> parts = Fields.asArray(item, 4);
        if (parts.size() != 4) {
            throw new DecodeException(RefusalCode.MALFORMED, "not a COSE_Sign1");
        }
        Bytes header = Fields.asBytes(parts.get(0), 64);
        Fields.of(parts.get(1)).end();
        Bytes payload = Fields.asBytes(parts.get(2), org.jiaozi.core.value.Limit.SERVICE_MESSAGE_BYTES);
        Signature signature = Fields.asSignature(Fields.exactly(parts.get(3), Signature.SIZE));
        T statement = Fields.valid(() -> reader.apply(header, payload));
        if (!statement.protectedHeader().equals(header) || !statement.payload().equals(payload)) {
            throw new DecodeException(RefusalCode.UNKNOWN_FIELD, "header or payload differ from the statement's own");
        }
        return new Signed<>(statement, signature, header, payload);
    }

    /** Reads COSE_Sign1 bytes of at most {@code maxBytes}. */
    public static <T extends Statement> Signed<T> decode(
            Bytes bytes, int maxBytes, BiFunction<Bytes, Bytes, T> reader) {
        return fromCose(Cbor.decode(bytes, maxBytes), reader);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Signed<?> that && hash.equals(that.hash);
    }

    @Override
    public int hashCode() {
        return hash.hashCode();
    }

    @Override
    public String toString() {
        return statement.toString();
    }
}
