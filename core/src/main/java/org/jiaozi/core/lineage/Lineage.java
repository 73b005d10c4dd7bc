package org.jiaozi.core.lineage;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jiaozi.core.codec.DecodeException;
import org.jiaozi.core.refusal.RefusalCode;
import org.jiaozi.core.statement.Note;
import org.jiaozi.core.statement.PurseCertificate;
import org.jiaozi.core.statement.Signed;
import org.jiaozi.core.statement.SliceRef;
import org.jiaozi.core.statement.Transfer;
import org.jiaozi.core.statement.TransferInput;
import org.jiaozi.core.value.Hash;
import org.jiaozi.core.value.Thumbprint;

/**
 * Statements that together let anyone check slices offline: notes, the transfers after them in an order where every
 * parent comes before its children, and the certificate that each transfer was signed under (spec 05, clause 6).
 * Shared ancestors are held once.
 *
 * @param notes roots, each used or itself a head
 * @param links transfers, parents first
 */
public record Lineage(List<Signed<Note>> notes, List<Link> links) {
    /**
     * One hop with the certificate of the key that signed it.
     *
     * @param transfer the signed transfer
     * @param certificate the payer's, valid at the transfer's time
     */
    public record Link(Signed<Transfer> transfer, Signed<PurseCertificate> certificate) {
        public Thumbprint signer() {
            return certificate.statement().thumbprint();
        }
    }

    public Lineage {
        notes = List.copyOf(notes);
        links = List.copyOf(links);
    }

    /** A note nobody moved yet. */
    public static Lineage of(Signed<Note> note) {
        return new Lineage(List.of(note), List.of());
    }

    public Optional<Signed<Note>> note(Hash id) {
        return notes.stream().filter(n -> n.hash().equals(id)).findFirst();
    }

    public Optional<Link> link(Hash transfer) {
        return links.stream().filter(l -> l.transfer().hash().equals(transfer)).findFirst();
    }

    /** The last transfer: the payment or deposit that this lineage carries. */
    public Link head() {
        if (links.isEmpty()) {
            throw new DecodeException(RefusalCode.MALFORMED, "a lineage without a transfer");
        }
        return links.getLast();
    }

    /** This with one more transfer at its end. */
    public Lineage plus(Link link) {
        List<Link> longer = new ArrayList<>(links);
        longer.add(link);
        return new Lineage(notes, longer);
    }

    /** Both, shared statements once. Parents stay before children. */
    public Lineage merge(Lineage other) {
        Map<Hash, Signed<Note>> allNotes = new LinkedHashMap<>();
        Map<Hash, Link> allLinks = new LinkedHashMap<>();
        notes.forEach(n -> allNotes.putIfAbsent(n.hash(), n));
        other.notes.forEach(n -> allNotes.putIfAbsent(n.hash(), n));
        links.forEach(l -> allLinks.putIfAbsent(l.transfer().hash(), l));
        other.links.forEach(l -> allLinks.putIfAbsent(l.transfer().hash(), l));
        return new Lineage(List.copyOf(allNotes.values()), List.copyOf(allLinks.values()));
    }

    /** Only what the given outputs descend from. An output that is not here throws: the caller asks for its own. */
    public Lineage ancestorsOf(Set<SliceRef> outputs) {
        Map<Hash, Link> byHash = new HashMap<>();
        links.forEach(l -> byHash.put(l.transfer().hash(), l));
        Set<Hash> wanted = new HashSet<>();
        outputs.forEach(o -> wanted.add(o.parent()));
        List<Link> kept = new ArrayList<>();
        for (Link link : links.reversed()) {
            if (wanted.contains(link.transfer().hash())) {
                kept.add(link);
                for (TransferInput input : link.transfer().statement().inputs()) {
                    wanted.add(input.source().parent());
                }
            }
        }
        List<Signed<Note>> roots =
                notes.stream().filter(n -> wanted.contains(n.hash())).toList();
        if (roots.size() + kept.size() != wanted.size()) {
            throw new IllegalStateException("the lineage of a held slice is incomplete");
        }
        return new Lineage(roots, kept.reversed());
    }
}
