package org.jiaozi.crypto.vectors;

import java.util.List;
import java.util.Optional;
import org.jiaozi.core.evidence.Evidence;
import org.jiaozi.core.lineage.Lineage;
import org.jiaozi.core.statement.NonReceipt;
import org.jiaozi.core.statement.Note;
import org.jiaozi.core.statement.Receipt;
import org.jiaozi.core.statement.Signed;
import org.jiaozi.core.statement.Transfer;
import org.jiaozi.core.value.Nonce;

/** Evidence of every kind. */
final class EvidenceSamples {
    private EvidenceSamples() {}

    static List<Evidence> all(Chain chain) {
        Lineage hop = chain.hops(1, 5);
        Signed<Note> note = hop.notes().getFirst();
        Signed<Transfer> one = hop.head().transfer();
        Signed<Transfer> other =
                Signed.by(chain.key("h0"), chain.transfer("h3", 2, 9_500, Chain.input(note, 0, 8_000, 8_500)));
        Signed<Transfer> sameNumber =
                Signed.by(chain.key("h0"), chain.transfer("h3", 1, 9_500, Chain.input(note, 0, 9_000, 9_500)));
        Signed<Transfer> spending = Signed.by(chain.key("h1"), chain.transfer("h2", 1, 5, Chain.input(one, 0, 0, 5)));
        Nonce paid = one.statement().nonce();
        var no = Signed.by(chain.key("h1"), new NonReceipt(paid, Optional.empty()));
        var receipt = Signed.by(chain.key("h1"), new Receipt(paid, one.hash(), Chain.NOW));
        var certificate = chain.certificate("h1");
        return List.of(
                new Evidence.OverlapEvidence(chain.certificate("h0"), one, other),
                new Evidence.SequenceEvidence(chain.certificate("h0"), one, sameNumber),
                new Evidence.ContradictionEvidence(certificate, no, new Evidence.Admission.ByReceipt(receipt)),
                new Evidence.ContradictionEvidence(
                        certificate, no, new Evidence.Admission.BySpending(spending, one.statement())));
    }
}
