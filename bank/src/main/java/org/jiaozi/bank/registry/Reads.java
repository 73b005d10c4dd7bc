package org.jiaozi.bank.registry;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jiaozi.core.lineage.Lineage;
import org.jiaozi.core.lineage.Slice;
import org.jiaozi.core.statement.Note;
import org.jiaozi.core.statement.Signed;
import org.jiaozi.core.statement.TransferInput;
import org.jiaozi.core.value.Hash;
import org.jiaozi.core.value.Nonce;
import org.jiaozi.core.value.Range;
import org.jiaozi.core.value.Thumbprint;

/**
 * What a decision on lineages is going to ask the record for, known before it is made: so that all of it can be fetched at
 * once. A hint only: a decision may ask for more, or for less.
 *
 * @param notes for {@link RegistryView#note}; what is on record under their ids is they
 * @param transfers for {@link RegistryView#transfer}, and what each takes, for {@link RegistryView#spending(TransferInput)}; each
 *     comes after those that it takes from. Whatever is on record is there with all that it takes from
 * @param signings for {@link RegistryView#signed}
 * @param requests for {@link RegistryView#denials}
 * @param parts for {@link RegistryView#settled}
 */
public record Reads(
        Map<Hash, Signed<Note>> notes,
        Map<Hash, List<TransferInput>> transfers,
        Set<Signing> signings,
        Set<Request> requests,
        Set<Part> parts) {

    /** A key's use of a sequence number. */
    public record Signing(Thumbprint signer, long seq) {}

    /** What a payee asked for, and may have denied to have got. */
    public record Request(Thumbprint payee, Nonce nonce) {}

    /** A part of a note. */
    public record Part(Hash note, Range range) {}

    static Reads of(List<CheckedLineage> lineages) {
        Reads reads = new Reads(
                new LinkedHashMap<>(),
                new LinkedHashMap<>(),
                new LinkedHashSet<>(),
                new LinkedHashSet<>(),
                new LinkedHashSet<>());
        for (CheckedLineage lineage : lineages) {
            if (lineage instanceof CheckedLineage.Good good) {
                reads.add(good);
            }
        }
        return reads;
    }

    private void add(CheckedLineage.Good good) {
        for (Signed<Note> note : good.lineage().notes()) {
            notes.put(note.hash(), note);
        }
        Map<Hash, Nonce> nonces = new HashMap<>();
        for (Lineage.Link link : good.lineage().links()) {
            transfers.put(link.transfer().hash(), link.transfer().statement().inputs());
            nonces.put(link.transfer().hash(), link.transfer().statement().nonce());
            signings.add(new Signing(link.signer(), link.transfer().statement().seq()));
            for (TransferInput input : link.transfer().statement().inputs()) {
                // of a lineage that holds, every parent is in it
                Nonce received = nonces.get(input.source().parent());
                if (received != null) {
                    requests.add(new Request(link.signer(), received));
                }
            }
        }
        for (Slice slice : good.headSlices()) {
            parts.add(new Part(slice.note(), slice.range()));
        }
    }
}
