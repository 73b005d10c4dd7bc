package org.jiaozi.core.evidence;

import java.util.Optional;
import org.jiaozi.core.bulletin.Bulletin;
import org.jiaozi.core.codec.DecodeException;
import org.jiaozi.core.crypto.PublicKey;
import org.jiaozi.core.crypto.SignatureVerifier;
import org.jiaozi.core.evidence.Evidence.Admission;
import org.jiaozi.core.evidence.Evidence.ContradictionEvidence;
import org.jiaozi.core.evidence.Evidence.Kind;
import org.jiaozi.core.evidence.Evidence.OverlapEvidence;
import org.jiaozi.core.evidence.Evidence.SequenceEvidence;
import org.jiaozi.core.refusal.Refusal;
import org.jiaozi.core.refusal.RefusalCode;
import org.jiaozi.core.statement.PurseCertificate;
import org.jiaozi.core.statement.Signed;
import org.jiaozi.core.value.Bytes;
import org.jiaozi.core.value.Hash;
import org.jiaozi.core.value.InstitutionId;
import org.jiaozi.core.value.Thumbprint;

/**
 * Says whether two statements convict (spec 07, clauses E5 and E6). It compares signed payloads, never signatures: the
 * same transfer signed again is the same transfer. The certificate's dates, the tier and the present time do not matter.
 */
public final class EvidenceCheck {
    private EvidenceCheck() {}

    /** The answer. */
    public sealed interface Verdict {
        /**
         * The key made both statements.
         *
         * @param culprit the purse key
         * @param kind which rule it broke
         * @param first hash of the first statement
         * @param second hash of the second statement
         * @param certifier the institution that certified the key, and owes for it
         */
        record Convicts(Thumbprint culprit, Kind kind, Hash first, Hash second, InstitutionId certifier)
                implements Verdict {}

        /** Nobody is convicted: 201, 202, 210 or 714. */
        record Refused(Refusal refusal) implements Verdict {}
    }

    /** Judges the bytes of a file; bytes that are no evidence file are refused with their own number. */
    public static Verdict verify(Bytes file, PublicKey rootKey, SignatureVerifier verifier) {
        try {
            return verify(EvidenceFile.decode(file), rootKey, verifier);
        } catch (DecodeException e) {
            return new Verdict.Refused(e.refusal());
        }
    }

    /** Judges a file by nothing but the root key. */
    public static Verdict verify(EvidenceFile file, PublicKey rootKey, SignatureVerifier verifier) {
        Verdict verdict = judge(file.evidence(), file.bulletin().statement(), verifier);
        // a lower-numbered refusal comes first; 210 comes before 714
        boolean formStands = switch (verdict) {
            case Verdict.Convicts ignored -> true;
            case Verdict.Refused r -> r.refusal().code() == RefusalCode.EVIDENCE_INVALID;
        };
        if (formStands && !file.bulletin().verifies(verifier, rootKey)) {
            return refused(RefusalCode.WRONG_ROOT, "the file's bulletin");
        }
        return verdict;
    }

    /** Judges evidence by a bulletin that the caller already trusts. */
    public static Verdict judge(Evidence evidence, Bulletin bulletin, SignatureVerifier verifier) {
        Signed<PurseCertificate> certificate = evidence.certificate();
        PublicKey key = certificate.statement().key();
        boolean signed = switch (evidence) {
            case OverlapEvidence e ->
                e.one().verifies(verifier, key) && e.other().verifies(verifier, key);
            case SequenceEvidence e ->
                e.one().verifies(verifier, key) && e.other().verifies(verifier, key);
            case ContradictionEvidence e ->
                e.denial().verifies(verifier, key) && admissionVerifies(e.admission(), key, verifier);
        };
        if (!signed) {
            return refused(RefusalCode.BAD_SIGNATURE, "not both statements are of the certified key");
        }
        Optional<PublicKey> issuer = bulletin.issuerKey(certificate.statement().issuer());
        if (issuer.isEmpty()) {
            return refused(RefusalCode.UNKNOWN_ISSUER_KEY, "the bulletin does not list the certificate's issuer");
        }
        if (!certificate.verifies(verifier, issuer.get())) {
            return refused(RefusalCode.BAD_SIGNATURE, "the certificate");
        }
        if (!evidence.contradicts()) {
            return refused(RefusalCode.EVIDENCE_INVALID, "an honest purse may have signed both");
        }
        return new Verdict.Convicts(
                evidence.culprit(),
                evidence.kind(),
                evidence.first(),
                evidence.second(),
                certificate.statement().issuer().institution());
    }

    private static boolean admissionVerifies(Admission admission, PublicKey key, SignatureVerifier verifier) {
        return switch (admission) {
            case Admission.ByReceipt a -> a.receipt().verifies(verifier, key);
            case Admission.BySpending a -> a.spending().verifies(verifier, key);
        };
    }

    private static Verdict refused(RefusalCode code, String detail) {
        return new Verdict.Refused(new Refusal(code, detail));
    }
}
