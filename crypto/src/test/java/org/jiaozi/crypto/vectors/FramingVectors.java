package org.jiaozi.crypto.vectors;

import java.util.Optional;
import org.jiaozi.core.evidence.Evidence;
import org.jiaozi.core.evidence.Evidence.Admission;
import org.jiaozi.core.evidence.Evidence.ContradictionEvidence;
import org.jiaozi.core.evidence.Evidence.OverlapEvidence;
import org.jiaozi.core.evidence.Evidence.SequenceEvidence;
import org.jiaozi.core.refusal.RefusalCode;
import org.jiaozi.core.statement.NonReceipt;
import org.jiaozi.core.statement.Receipt;
import org.jiaozi.core.statement.Signed;
import org.jiaozi.core.statement.Transfer;
import org.jiaozi.core.value.InstitutionId;
import org.jiaozi.core.value.IssuerKeyId;

/** The part of {@code evidence.json} that convicts nobody: attempts to frame bob, and pairs that contradict nothing. */
final class FramingVectors {
    private final EvidenceCast cast;
    private final Chain chain;
    private final Refused file;

    /** Takes a file that is refused. */
    interface Refused {
        void add(RefusalCode code, String name, Evidence evidence);
    }

    FramingVectors(EvidenceCast cast, Refused file) {
        this.cast = cast;
        this.chain = cast.chain;
        this.file = file;
    }

    void make() {
        framings();
        contradictNothing();
    }

    private void no(RefusalCode code, String name, Evidence evidence) {
        file.add(code, name, evidence);
    }

    private void framings() {
        Signed<Transfer> genuine = cast.by("bob", cast.passedOn);
        Signed<Transfer> again = Again.signed("bob", cast.passedOn);
        RefusalCode nobody = RefusalCode.EVIDENCE_INVALID;
        no(nobody, "the same transfer twice", new OverlapEvidence(cast.bob, genuine, genuine));
        no(nobody, "the same transfer twice, as kind 2", new SequenceEvidence(cast.bob, genuine, genuine));
        no(nobody, "the same transfer signed again", new OverlapEvidence(cast.bob, genuine, again));
        no(nobody, "the same transfer signed again, as kind 2", new SequenceEvidence(cast.bob, genuine, again));
        no(
                nobody,
                "one request paid twice from disjoint ranges",
                new OverlapEvidence(
                        cast.bob,
                        genuine,
                        cast.by(
                                "bob",
                                cast.transfer(
                                        EvidenceCast.hash(cast.paid), 0, 300, 500, "carol", "request three", 2))));
        no(
                nobody,
                "the receipt of another request",
                cast.receipt("bob", cast.nothing, "request two", EvidenceCast.hash(cast.paid)));
        no(
                nobody,
                "the denial of another request, and what was spent",
                cast.spending(new NonReceipt(Chain.nonce("request two"), Optional.empty()), cast.passedOn, cast.paid));
        RefusalCode bad = RefusalCode.BAD_SIGNATURE;
        Transfer altered = cast.transfer(EvidenceCast.hash(cast.paid), 0, 100, 300, "carol", "request three", 2);
        no(
                bad,
                "another transfer under the genuine signature",
                new OverlapEvidence(cast.bob, genuine, new Signed<>(altered, genuine.signature())));
        no(
                bad,
                "one request paid by two payers",
                new SequenceEvidence(
                        cast.bob,
                        genuine,
                        cast.by("mallory", cast.transfer(cast.otherNote, 0, 0, 300, "carol", "request three", 1))));
        no(bad, "a clash signed by another", new OverlapEvidence(cast.bob, genuine, cast.by("mallory", altered)));
        no(
                bad,
                "a stranger's conflict under his certificate",
                new OverlapEvidence(
                        cast.bob,
                        cast.by("mallory", cast.paid),
                        cast.by("mallory", cast.transfer(cast.note, 0, 0, 500, "carol", "request two", 2))));
        Admission admits = new Admission.ByReceipt(Signed.by(
                chain.key("bob"), new Receipt(Chain.nonce("request one"), EvidenceCast.hash(cast.paid), Chain.NOW)));
        no(
                bad,
                "a non-receipt that another signed",
                new ContradictionEvidence(cast.bob, Signed.by(chain.key("mallory"), cast.nothing), admits));
        no(
                bad,
                "a receipt that another signed",
                new ContradictionEvidence(
                        cast.bob,
                        Signed.by(chain.key("bob"), cast.nothing),
                        new Admission.ByReceipt(Signed.by(
                                chain.key("mallory"),
                                new Receipt(Chain.nonce("request one"), EvidenceCast.hash(cast.paid), Chain.NOW)))));
        no(bad, "a certificate that a purse signed", cast.forged(Chain.BANK, "mallory"));
        no(
                bad,
                "a certificate under another generation's name",
                cast.forged(new IssuerKeyId(new InstitutionId(7), 2), "bank"));
        no(
                RefusalCode.UNKNOWN_ISSUER_KEY,
                "a certificate of an institution that nobody lists",
                cast.forged(new IssuerKeyId(new InstitutionId(8), 1), "bank eight"));
        no(
                RefusalCode.UNKNOWN_ISSUER_KEY,
                "a certificate of a generation that nobody lists",
                cast.forged(new IssuerKeyId(new InstitutionId(7), 3), "bank three"));
    }

    private void contradictNothing() {
        RefusalCode nobody = RefusalCode.EVIDENCE_INVALID;
        no(nobody, "ranges that touch", cast.fork(500, 1_000, 2));
        no(
                nobody,
                "one range of two outputs",
                new OverlapEvidence(
                        cast.mallory,
                        cast.by("mallory", cast.paid),
                        cast.by("mallory", cast.transfer(cast.note, 1, 0, 500, "carol", "request two", 2))));
        no(
                nobody,
                "one range of two parents",
                new OverlapEvidence(
                        cast.mallory,
                        cast.by("mallory", cast.paid),
                        cast.by("mallory", cast.transfer(cast.otherNote, 0, 0, 500, "carol", "request two", 2))));
        no(
                nobody,
                "an overlap as kind 2",
                cast.sequence(cast.transfer(cast.note, 0, 0, 500, "carol", "request two", 2)));
        no(
                nobody,
                "one number as kind 1",
                new OverlapEvidence(
                        cast.mallory,
                        cast.by("mallory", cast.paid),
                        cast.by("mallory", cast.transfer(cast.otherNote, 0, 0, 500, "carol", "request two", 1))));
        NonReceipt admits = new NonReceipt(Chain.nonce("request one"), Optional.of(EvidenceCast.hash(cast.paid)));
        no(
                nobody,
                "a non-receipt that names what was received",
                cast.receipt("bob", admits, "request one", EvidenceCast.hash(cast.paid)));
        no(nobody, "a non-receipt that names what was spent", cast.spending(admits, cast.passedOn, cast.paid));
        no(
                nobody,
                "spent something else",
                cast.spending(cast.nothing, cast.transfer(cast.note, 0, 0, 1, "carol", "request three", 1), cast.paid));
        Transfer toCarol = cast.transfer(cast.note, 0, 0, 500, "carol", "request one", 1);
        no(
                nobody,
                "spent what was paid to another",
                cast.spending(
                        cast.nothing,
                        cast.transfer(EvidenceCast.hash(toCarol), 0, 0, 1, "dave", "request three", 1),
                        toCarol));
        Transfer elsewhere = cast.transfer(cast.note, 0, 0, 500, "bob", "request two", 1);
        no(
                nobody,
                "spent what answered another request",
                cast.spending(
                        cast.nothing,
                        cast.transfer(EvidenceCast.hash(elsewhere), 0, 0, 1, "dave", "request three", 1),
                        elsewhere));
    }
}
