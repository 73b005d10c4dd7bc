package org.jiaozi.crypto.vectors;

import java.util.List;
import java.util.Optional;
import org.jiaozi.core.bulletin.Bulletin;
import org.jiaozi.core.crypto.Sha256;
import org.jiaozi.core.evidence.Evidence;
import org.jiaozi.core.evidence.Evidence.Admission;
import org.jiaozi.core.evidence.Evidence.ContradictionEvidence;
import org.jiaozi.core.evidence.Evidence.OverlapEvidence;
import org.jiaozi.core.evidence.Evidence.SequenceEvidence;
import org.jiaozi.core.statement.NonReceipt;
import org.jiaozi.core.statement.PurseCertificate;
import org.jiaozi.core.statement.Receipt;
import org.jiaozi.core.statement.Signed;
import org.jiaozi.core.statement.SliceRef;
import org.jiaozi.core.statement.Transfer;
import org.jiaozi.core.statement.TransferInput;
import org.jiaozi.core.value.Hash;
import org.jiaozi.core.value.IssuerKeyId;
import org.jiaozi.core.value.Range;
import org.jiaozi.core.value.Timestamp;

/** Who is in {@code evidence.json}, what they signed, and the statements that are set against each other. */
final class EvidenceCast {
    final BulletinVectors banks = new BulletinVectors();
    final Chain chain = banks.chain;
    final Signed<Bulletin> bulletin = banks.first();

    final Signed<PurseCertificate> mallory = chain.certificate("mallory");
    final Signed<PurseCertificate> bob = chain.certificate("bob");

    final Hash note = chain.note("mallory", 1_000, 5).hash();
    final Hash otherNote = chain.note("mallory", 900, 5).hash();
    /** Mallory pays Bob. */
    final Transfer paid = transfer(note, 0, 0, 500, "bob", "request one", 1);
    /** Bob, honest, pays on what he got. */
    final Transfer passedOn = transfer(hash(paid), 0, 0, 300, "carol", "request three", 1);

    final NonReceipt nothing = new NonReceipt(Chain.nonce("request one"), Optional.empty());

    Transfer transfer(Hash parent, int index, long lo, long hi, String payee, String request, long seq) {
        return new Transfer(
                List.of(new TransferInput(new SliceRef(parent, index), new Range(lo, hi))),
                chain.thumb(payee),
                Chain.nonce(request),
                seq,
                1_000 * seq,
                Chain.NOW);
    }

    static Hash hash(Transfer transfer) {
        return Sha256.hash(transfer.sigStructure());
    }

    Signed<Transfer> by(String name, Transfer transfer) {
        return Signed.by(chain.key(name), transfer);
    }

    Evidence fork(long lo, long hi, long seq) {
        return new OverlapEvidence(
                mallory, by("mallory", paid), by("mallory", transfer(note, 0, lo, hi, "carol", "request two", seq)));
    }

    Evidence sequence(Transfer other) {
        return new SequenceEvidence(mallory, by("mallory", paid), by("mallory", other));
    }

    Evidence receipt(String payee, NonReceipt denial, String request, Hash transfer) {
        return new ContradictionEvidence(
                chain.certificate(payee),
                Signed.by(chain.key(payee), denial),
                new Admission.ByReceipt(Signed.by(
                        chain.key(payee), new Receipt(Chain.nonce(request), transfer, new Timestamp(1_800_000_100L)))));
    }

    Evidence spending(NonReceipt denial, Transfer spending, Transfer received) {
        return new ContradictionEvidence(
                bob, Signed.by(chain.key("bob"), denial), new Admission.BySpending(by("bob", spending), received));
    }

    /** A sound fork under a certificate that is not. */
    Evidence forged(IssuerKeyId issuer, String signer) {
        PurseCertificate c = mallory.statement();
        var certificate = Signed.by(
                chain.key(signer),
                new PurseCertificate(
                        issuer,
                        c.key(),
                        c.tier(),
                        c.element(),
                        c.currency(),
                        c.limits(),
                        c.notBefore(),
                        c.expiry(),
                        0,
                        0));
        return new OverlapEvidence(
                certificate, by("mallory", paid), by("mallory", transfer(note, 0, 0, 500, "carol", "request two", 2)));
    }
}
