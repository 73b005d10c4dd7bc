package org.jiaozi.core.evidence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.jiaozi.core.testing.TestWorld.bulletin;
import static org.jiaozi.core.testing.TestWorld.certificate;
import static org.jiaozi.core.testing.TestWorld.institution;
import static org.jiaozi.core.testing.TestWorld.nonce;
import static org.jiaozi.core.testing.TestWorld.signed;
import static org.jiaozi.core.testing.TestWorld.transfer;

import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.jiaozi.core.bulletin.Bulletin;
import org.jiaozi.core.crypto.PublicKey;
import org.jiaozi.core.evidence.Evidence.Admission;
import org.jiaozi.core.evidence.Evidence.ContradictionEvidence;
import org.jiaozi.core.evidence.Evidence.Kind;
import org.jiaozi.core.evidence.Evidence.OverlapEvidence;
import org.jiaozi.core.evidence.Evidence.SequenceEvidence;
import org.jiaozi.core.evidence.EvidenceCheck.Verdict;
import org.jiaozi.core.refusal.RefusalCode;
import org.jiaozi.core.statement.NonReceipt;
import org.jiaozi.core.statement.PurseCertificate;
import org.jiaozi.core.statement.Receipt;
import org.jiaozi.core.statement.Signed;
import org.jiaozi.core.statement.Transfer;
import org.jiaozi.core.testing.TestKeys;
import org.jiaozi.core.testing.TestWorld;
import org.jiaozi.core.value.Bytes;
import org.jiaozi.core.value.Hash;
import org.jiaozi.core.value.InstitutionId;
import org.jiaozi.core.value.IssuerKeyId;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class EvidenceTest {
    private static final PublicKey ROOT = TestKeys.key("root");
    private static final Signed<Bulletin> BULLETIN = signed(bulletin(1, Set.of(), institution(1, 0)));
    private static final IssuerKeyId ISSUER = new IssuerKeyId(new InstitutionId(1), 0);
    private static final Signed<PurseCertificate> M = certificate("m", ISSUER, "bank-1-0");
    private static final Signed<PurseCertificate> B = certificate("b", ISSUER, "bank-1-0");

    /** What M pays first. */
    private static final Transfer PAID = transfer("note", 0, 0, 500, "b", "request-1", 1);
    /** The same range to somebody else. */
    private static final Transfer AGAIN = transfer("note", 0, 400, 900, "c", "request-2", 2);
    /** What B, honest, passes on of what M paid. */
    private static final Transfer PASSED_ON = transfer(hash(PAID), 0, 0, 300, "d", "request-3", 1);

    private static final NonReceipt NOTHING = new NonReceipt(nonce("request-1"), Optional.empty());

    static Stream<Object[]> pairs() {
        Transfer disjoint = transfer("note", 0, 500, 900, "c", "request-2", 2);
        Transfer otherOutput = transfer("note", 1, 0, 500, "c", "request-2", 2);
        Transfer otherParent = transfer("other", 0, 0, 500, "c", "request-2", 2);
        Transfer sameSeq = transfer("other", 0, 0, 500, "c", "request-2", 1);
        Transfer both = transfer("note", 0, 0, 500, "c", "request-2", 1);
        return Stream.of(
                new Object[] {"overlap", AGAIN, Kind.OVERLAP},
                new Object[] {"same seq", sameSeq, Kind.SEQUENCE},
                new Object[] {"both", both, Kind.OVERLAP},
                new Object[] {"disjoint ranges", disjoint, null},
                new Object[] {"another output", otherOutput, null},
                new Object[] {"another parent", otherParent, null},
                new Object[] {"the same transfer", PAID, null});
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("pairs")
    void twoTransfersConvictByOverlapOrSequence(String name, Transfer other, Kind kind) {
        Optional<Evidence> found = Evidence.between(by("m", PAID), by("m", other), M);
        assertThat(found.map(Evidence::kind).orElse(null)).isEqualTo(kind);
        found.ifPresent(evidence -> {
            assertConvicts(evidence, "m", kind);
            assertThat(EvidenceFile.toCbor(
                            Evidence.between(by("m", other), by("m", PAID), M).orElseThrow()))
                    .as("the same pair is the same evidence whoever comes first")
                    .isEqualTo(EvidenceFile.toCbor(evidence));
        });
    }

    static Stream<Object[]> contradictions() {
        Transfer otherPayee = transfer("note", 0, 0, 500, "x", "request-1", 1);
        Transfer otherRequest = transfer("note", 0, 0, 500, "b", "request-9", 1);
        NonReceipt elsewhere = new NonReceipt(nonce("request-9"), Optional.empty());
        NonReceipt admits = new NonReceipt(nonce("request-1"), Optional.of(hash(PAID)));
        NonReceipt namesOther = new NonReceipt(nonce("request-1"), Optional.of(hash(AGAIN)));
        return Stream.of(
                new Object[] {"denies, has a receipt", NOTHING, receipt(PAID), true},
                new Object[] {"names another, has a receipt", namesOther, receipt(PAID), true},
                new Object[] {"admits, has a receipt", admits, receipt(PAID), false},
                new Object[] {"denies another request", elsewhere, receipt(PAID), false},
                new Object[] {"denies, spent it", NOTHING, spending(PASSED_ON, PAID), true},
                new Object[] {"names another, spent it", namesOther, spending(PASSED_ON, PAID), true},
                new Object[] {"admits, spent it", admits, spending(PASSED_ON, PAID), false},
                new Object[] {"denies another request, spent it", elsewhere, spending(PASSED_ON, PAID), false},
                new Object[] {"spent something else", NOTHING, spending(AGAIN, PAID), false},
                new Object[] {
                    "spent what was paid to another",
                    NOTHING,
                    spending(transfer(hash(otherPayee), 0, 0, 1, "d", "r", 1), otherPayee),
                    false
                },
                new Object[] {
                    "spent what answered another request",
                    NOTHING,
                    spending(transfer(hash(otherRequest), 0, 0, 1, "d", "r", 1), otherRequest),
                    false
                });
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("contradictions")
    void aDenialConvictsAgainstAnAdmission(String name, NonReceipt denial, Admission admission, boolean convicts) {
        Evidence evidence = new ContradictionEvidence(B, Signed.by(TestKeys.signer("b"), denial), admission);
        if (convicts) {
            assertConvicts(evidence, "b", Kind.CONTRADICTION);
        } else {
            assertRefused(evidence, RefusalCode.EVIDENCE_INVALID);
        }
    }

    /** Attempts to frame B, who signed PASSED_ON and nothing that conflicts with it. */
    static Stream<Object[]> framings() {
        Transfer altered = transfer(hash(PAID), 0, 100, 300, "d", "request-3", 2);
        Signed<Transfer> genuine = by("b", PASSED_ON);
        Signed<Transfer> resigned = Signed.by(TestKeys.signer("b", "other nonce"), PASSED_ON);
        Transfer byOtherPayer = transfer("note-2", 0, 0, 300, "d", "request-3", 1);
        Transfer clash = transfer(hash(PAID), 0, 0, 300, "m", "request-4", 2);
        return Stream.of(
                new Object[] {
                    "altered bytes under the genuine signature",
                    new OverlapEvidence(B, genuine, new Signed<>(altered, genuine.signature())),
                    RefusalCode.BAD_SIGNATURE
                },
                new Object[] {
                    "the same transfer twice", new OverlapEvidence(B, genuine, genuine), RefusalCode.EVIDENCE_INVALID
                },
                new Object[] {
                    "the same transfer twice, as sequence",
                    new SequenceEvidence(B, genuine, genuine),
                    RefusalCode.EVIDENCE_INVALID
                },
                new Object[] {
                    "the same transfer signed again",
                    new OverlapEvidence(B, genuine, resigned),
                    RefusalCode.EVIDENCE_INVALID
                },
                new Object[] {
                    "the same transfer signed again, as sequence",
                    new SequenceEvidence(B, genuine, resigned),
                    RefusalCode.EVIDENCE_INVALID
                },
                new Object[] {
                    "one request paid by two payers",
                    new SequenceEvidence(B, genuine, by("m", byOtherPayer)),
                    RefusalCode.BAD_SIGNATURE
                },
                new Object[] {
                    "one request paid twice by the same payer, disjoint",
                    new OverlapEvidence(B, genuine, by("b", transfer(hash(PAID), 0, 300, 500, "d", "request-3", 2))),
                    RefusalCode.EVIDENCE_INVALID
                },
                new Object[] {
                    "a conflict of M's under B's certificate",
                    new OverlapEvidence(B, by("m", PAID), by("m", AGAIN)),
                    RefusalCode.BAD_SIGNATURE
                },
                new Object[] {
                    "a clash signed by M", new OverlapEvidence(B, genuine, by("m", clash)), RefusalCode.BAD_SIGNATURE
                },
                new Object[] {
                    "a certificate by an institution nobody lists",
                    new OverlapEvidence(
                            certificate("m", new IssuerKeyId(new InstitutionId(9), 0), "bank-9-0"),
                            by("m", PAID),
                            by("m", AGAIN)),
                    RefusalCode.UNKNOWN_ISSUER_KEY
                },
                new Object[] {
                    "a certificate that its issuer did not sign",
                    new OverlapEvidence(certificate("m", ISSUER, "m"), by("m", PAID), by("m", AGAIN)),
                    RefusalCode.BAD_SIGNATURE
                },
                new Object[] {
                    "a non-receipt that M signed for B",
                    new ContradictionEvidence(B, Signed.by(TestKeys.signer("m"), NOTHING), receipt(PAID)),
                    RefusalCode.BAD_SIGNATURE
                },
                new Object[] {
                    "a receipt that M signed for B",
                    new ContradictionEvidence(
                            B,
                            Signed.by(TestKeys.signer("b"), NOTHING),
                            new Admission.ByReceipt(Signed.by(
                                    TestKeys.signer("m"), new Receipt(nonce("request-1"), hash(PAID), TestWorld.NOW)))),
                    RefusalCode.BAD_SIGNATURE
                });
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("framings")
    void nobodyIsFramed(String name, Evidence evidence, RefusalCode code) {
        assertRefused(evidence, code);
    }

    @Test
    void aBulletinOfAnotherRootProvesNothing() {
        Evidence evidence = new OverlapEvidence(M, by("m", PAID), by("m", AGAIN));
        Signed<Bulletin> forged = Signed.by(TestKeys.signer("other-root"), BULLETIN.statement());
        assertCode(verify(new EvidenceFile(evidence, forged)), RefusalCode.WRONG_ROOT);
    }

    @Test
    void noFlippedByteConvicts() {
        byte[] file = new EvidenceFile(new OverlapEvidence(M, by("m", PAID), by("m", AGAIN)), BULLETIN)
                .encode()
                .toArray();
        // every 17th byte: flips in fields, frames and signatures
        for (int i = 0; i < file.length; i += 17) {
            byte[] flipped = file.clone();
            flipped[i] ^= 0x10;
            assertThat(EvidenceCheck.verify(Bytes.of(flipped), ROOT, TestKeys.VERIFIER))
                    .as("byte " + i)
                    .isInstanceOf(Verdict.Refused.class);
        }
        for (int length : new int[] {0, 1, file.length / 2, file.length - 1}) {
            assertThat(EvidenceCheck.verify(Bytes.of(file).slice(0, length), ROOT, TestKeys.VERIFIER))
                    .isInstanceOf(Verdict.Refused.class);
        }
        assertCode(
                EvidenceCheck.verify(Bytes.of(file).concat(Bytes.fromHex("00")), ROOT, TestKeys.VERIFIER),
                RefusalCode.TRAILING_BYTES);
    }

    private static Verdict verify(EvidenceFile file) {
        Bytes bytes = file.encode();
        assertThat(EvidenceFile.decode(bytes)).isEqualTo(file);
        return EvidenceCheck.verify(bytes, ROOT, TestKeys.VERIFIER);
    }

    private static void assertConvicts(Evidence evidence, String culprit, Kind kind) {
        assertThat(verify(new EvidenceFile(evidence, BULLETIN)))
                .isEqualTo(new Verdict.Convicts(
                        TestKeys.key(culprit).thumbprint(),
                        kind,
                        evidence.first(),
                        evidence.second(),
                        new InstitutionId(1)));
    }

    private static void assertRefused(Evidence evidence, RefusalCode code) {
        assertCode(verify(new EvidenceFile(evidence, BULLETIN)), code);
    }

    private static void assertCode(Verdict verdict, RefusalCode code) {
        assertThat(verdict)
                .isInstanceOfSatisfying(
                        Verdict.Refused.class,
                        r -> assertThat(r.refusal().code()).isEqualTo(code));
    }

    private static Signed<Transfer> by(String name, Transfer transfer) {
        return Signed.by(TestKeys.signer(name), transfer);
    }

    private static Admission receipt(Transfer transfer) {
        return new Admission.ByReceipt(
                Signed.by(TestKeys.signer("b"), new Receipt(nonce("request-1"), hash(transfer), TestWorld.NOW)));
    }

    private static Admission spending(Transfer spending, Transfer received) {
        return new Admission.BySpending(by("b", spending), received);
    }

    private static Hash hash(Transfer transfer) {
        return org.jiaozi.core.crypto.Sha256.hash(transfer.sigStructure());
    }
}
