package org.jiaozi.wallet.host;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.jiaozi.core.evidence.Evidence;
import org.jiaozi.core.lineage.Lineage;
import org.jiaozi.core.statement.Note;
import org.jiaozi.core.statement.Signed;
import org.jiaozi.core.statement.SliceRef;
import org.jiaozi.core.statement.TransferInput;
import org.jiaozi.core.value.Hash;
import org.jiaozi.core.value.Period;
import org.jiaozi.core.value.Thumbprint;
import org.jiaozi.core.value.Timestamp;

/**
 * Every note and transfer this wallet has checked: the lineages of what it holds, and the memory in which a fork shows
 * (spec 06, clause 7). Immutable; adding copies.
 */
public final class LineageStore {
    /** An empty one. */
    public static final LineageStore EMPTY = new LineageStore(Map.of(), Map.of());

    private final Map<Hash, Signed<Note>> notes;
    private final Map<Hash, Lineage.Link> links;

    private LineageStore(Map<Hash, Signed<Note>> notes, Map<Hash, Lineage.Link> links) {
        this.notes = Collections.unmodifiableMap(notes);
        this.links = Collections.unmodifiableMap(links);
    }

    /** A store of these statements, as storage gives them back. */
    public static LineageStore of(Map<Hash, Signed<Note>> notes, Map<Hash, Lineage.Link> links) {
        return new LineageStore(new LinkedHashMap<>(notes), new LinkedHashMap<>(links));
    }

    public Map<Hash, Signed<Note>> notes() {
        return notes;
    }

    public Map<Hash, Lineage.Link> links() {
        return links;
    }

    /** This with everything in a checked lineage. */
    public LineageStore plus(Lineage lineage) {
        if (lineage.notes().stream().allMatch(n -> notes.containsKey(n.hash()))
                && lineage.links().stream()
                        .allMatch(l -> links.containsKey(l.transfer().hash()))) {
            return this;
        }
        Map<Hash, Signed<Note>> moreNotes = new LinkedHashMap<>(notes);
        Map<Hash, Lineage.Link> moreLinks = new LinkedHashMap<>(links);
        lineage.notes().forEach(n -> moreNotes.putIfAbsent(n.hash(), n));
        lineage.links().forEach(l -> moreLinks.putIfAbsent(l.transfer().hash(), l));
        return new LineageStore(moreNotes, moreLinks);
    }

    /** What the outputs descend from, parents first. An output that is not here throws: the caller asks for its own. */
    public Lineage lineageOf(Iterable<SliceRef> outputs) {
        Map<Hash, Signed<Note>> roots = new LinkedHashMap<>();
        Map<Hash, Lineage.Link> path = new LinkedHashMap<>();
        for (SliceRef output : outputs) {
            gather(output.parent(), roots, path);
        }
        return new Lineage(List.copyOf(roots.values()), List.copyOf(path.values()));
    }

    private void gather(Hash hash, Map<Hash, Signed<Note>> roots, Map<Hash, Lineage.Link> path) {
        Signed<Note> note = notes.get(hash);
        if (note != null) {
            roots.put(hash, note);
            return;
        }
        Lineage.Link link = links.get(hash);
        if (link == null) {
            throw new IllegalStateException("the lineage of a held slice is incomplete");
        }
        if (!path.containsKey(hash)) {
            for (TransferInput input : link.transfer().statement().inputs()) {
                gather(input.source().parent(), roots, path);
            }
            path.put(hash, link);
        }
    }

    /**
     * Two transfers of one key, one of them in {@code lineage}, that no honest purse signs both.
     *
     * @param lineage whose signatures are checked
     */
    public Optional<Evidence> conflict(Lineage lineage) {
        Map<Thumbprint, List<Lineage.Link>> bySigner = new HashMap<>();
        lineage.links().forEach(l -> bySigner.put(l.signer(), new ArrayList<>(1)));
        // the lineage's own come last: whatever of it is here already is the same statement
        Stream.concat(links.values().stream(), lineage.links().stream()).forEach(link -> {
            List<Lineage.Link> same = bySigner.get(link.signer());
            if (same != null) {
                same.add(link);
            }
        });
        for (Lineage.Link link : lineage.links()) {
            for (Lineage.Link other : Objects.requireNonNull(bySigner.get(link.signer()))) {
                Optional<Evidence> evidence = Evidence.between(link.transfer(), other.transfer(), link.certificate());
                if (evidence.isPresent()) {
                    return evidence;
                }
            }
        }
        return Optional.empty();
    }

    /**
     * Without what no longer matters: notes past expiry and grace that {@code held} does not need, and every transfer
     * that comes from them alone. What stays of a transfer stays whole, for it may still have to be uploaded: with notes of
     * its own that lapsed, too.
     */
    public LineageStore pruned(Iterable<SliceRef> held, Timestamp now, Period grace) {
        Lineage needed = lineageOf(held);
        Map<Hash, Signed<Note>> keptNotes = new LinkedHashMap<>();
        notes.forEach((hash, note) -> {
            if (!now.isAfter(note.statement().expiry().plus(grace))) {
                keptNotes.put(hash, note);
            }
        });
        needed.notes().forEach(n -> keptNotes.put(n.hash(), n));
        Set<Hash> reachable = new HashSet<>(keptNotes.keySet());
        Map<Hash, Lineage.Link> keptLinks = new LinkedHashMap<>();
        needed.links().forEach(l -> keptLinks.put(l.transfer().hash(), l));
        boolean grown = true;
        while (grown) {
            // storage may give links back in any order
            grown = false;
            for (Map.Entry<Hash, Lineage.Link> e : links.entrySet()) {
                if (!reachable.contains(e.getKey())
                        && e.getValue().transfer().statement().inputs().stream()
                                .anyMatch(i -> reachable.contains(i.source().parent()))) {
                    reachable.add(e.getKey());
                    keptLinks.put(e.getKey(), e.getValue());
                    grown = true;
                }
            }
        }
        Lineage whole = lineageOf(
                keptLinks.keySet().stream().map(link -> new SliceRef(link, 0)).toList());
        whole.notes().forEach(n -> keptNotes.putIfAbsent(n.hash(), n));
        whole.links().forEach(l -> keptLinks.putIfAbsent(l.transfer().hash(), l));
        return new LineageStore(keptNotes, keptLinks);
    }
}
