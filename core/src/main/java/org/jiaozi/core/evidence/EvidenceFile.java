package org.jiaozi.core.evidence;

import org.jiaozi.core.bulletin.Bulletin;
import org.jiaozi.core.codec.Cbor;
import org.jiaozi.core.codec.DecodeException;
import org.jiaozi.core.codec.Fields;
import org.jiaozi.core.evidence.Evidence.Admission;
import org.jiaozi.core.evidence.Evidence.ContradictionEvidence;
import org.jiaozi.core.evidence.Evidence.Kind;
import org.jiaozi.core.evidence.Evidence.OverlapEvidence;
import org.jiaozi.core.evidence.Evidence.SequenceEvidence;
import org.jiaozi.core.refusal.RefusalCode;
import org.jiaozi.core.statement.NonReceipt;
import org.jiaozi.core.statement.PurseCertificate;
import org.jiaozi.core.statement.Receipt;
import org.jiaozi.core.statement.Signed;
import org.jiaozi.core.statement.Statement;
import org.jiaozi.core.statement.Transfer;
import org.jiaozi.core.value.Bytes;
import org.jiaozi.core.value.Limit;

/**
 * Evidence that travels alone: with the culprit's certificate and a bulletin that lists its issuer's key, whoever has
 * the root key can judge it (spec 07, clause E4).
 *
 * @param evidence the two statements and the certificate
 * @param bulletin any bulletin that lists the key of the certificate's issuer
 */
public record EvidenceFile(Evidence evidence, Signed<Bulletin> bulletin) {
    /** The longest file, in bytes. */
    public static final int MAX_BYTES = Limit.SERVICE_MESSAGE_BYTES;

    private static final long VERSION = 1;
    /** A certificate's payload has at most 512 bytes. */
    private static final int MAX_EVIDENCE = 512 << 10;

    public Bytes encode() {
        return Cbor.map()
                .put(1, Cbor.of(VERSION))
                .put(2, toCbor(evidence))
                .put(3, bulletin.cose())
                .build()
                .encode();
    }

    /**
     * Reads a file strictly.
     *
     * @throws DecodeException with the refusal; 110 for an unknown version or kind
     */
    public static EvidenceFile decode(Bytes bytes) {
        Fields f = Fields.decode(bytes, MAX_BYTES);
        if (Fields.asType(f.item(1)) != VERSION) {
            throw new DecodeException(RefusalCode.UNKNOWN_TYPE, "an evidence file of another version");
        }
        EvidenceFile file = new EvidenceFile(fromCbor(f.item(2)), Signed.fromCose(f.item(3), Bulletin::read));
        f.end();
        return file;
    }

    /** Reads evidence that travels between institutions, without a bulletin. */
    public static Evidence decodeEvidence(Bytes bytes) {
        return fromCbor(Cbor.decode(bytes, MAX_EVIDENCE));
    }

    /** Evidence without a bulletin: kind, certificate, the two statements and, for a spending, what was spent. */
    public static Cbor toCbor(Evidence evidence) {
        Cbor.DictBuilder map = Cbor.map()
                .put(1, Cbor.of(evidence.kind().number()))
                .put(2, evidence.certificate().cose());
        switch (evidence) {
            case OverlapEvidence e ->
                map.put(3, e.one().cose()).put(4, e.other().cose());
            case SequenceEvidence e ->
                map.put(3, e.one().cose()).put(4, e.other().cose());
            case ContradictionEvidence e -> {
                map.put(3, e.denial().cose());
                switch (e.admission()) {
                    case Admission.ByReceipt a -> map.put(4, a.receipt().cose());
                    case Admission.BySpending a ->
                        map.put(4, a.spending().cose())
                                .put(5, Cbor.of(a.received().payload()));
                }
            }
        }
        return map.build();
    }

    /** Reads what {@link #toCbor} writes. */
    public static Evidence fromCbor(Cbor item) {
        Fields f = Fields.of(item);
        int kind = Fields.asType(f.item(1));
        Signed<PurseCertificate> certificate = Signed.fromCose(f.item(2), PurseCertificate::read);
        Evidence evidence;
        if (kind == Kind.OVERLAP.number()) {
            evidence = new OverlapEvidence(certificate, transfer(f, 3), transfer(f, 4));
        } else if (kind == Kind.SEQUENCE.number()) {
            evidence = new SequenceEvidence(certificate, transfer(f, 3), transfer(f, 4));
        } else if (kind == Kind.CONTRADICTION.number()) {
            Signed<NonReceipt> denial = Signed.fromCose(f.item(3), NonReceipt::read);
            evidence = new ContradictionEvidence(certificate, denial, admission(f));
        } else {
            throw new DecodeException(RefusalCode.UNKNOWN_TYPE, "evidence of kind " + kind);
        }
        f.end();
        if (!toCbor(evidence).equals(item)) {
            throw new DecodeException(RefusalCode.NON_CANONICAL, "the two transfers are not in rising order");
        }
        return evidence;
    }

    private static Admission admission(Fields f) {
        if (!f.has(5)) {
            return new Admission.ByReceipt(Signed.fromCose(f.item(4), Receipt::read));
        }
        Bytes received = f.bytes(5, 128 * 1024);
        return new Admission.BySpending(
                transfer(f, 4), Fields.valid(() -> Transfer.read(Statement.KEYLESS_HEADER, received)));
    }

    private static Signed<Transfer> transfer(Fields f, long key) {
        return Signed.fromCose(f.item(key), Transfer::read);
    }
}
