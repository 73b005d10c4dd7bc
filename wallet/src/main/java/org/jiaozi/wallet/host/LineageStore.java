package org.jiaozi.wallet.host;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
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

    private record Numbered(Thumbprint signer, long seq) {}

    private final Map<Hash, Signed<Note>> notes;
    private final Map<Hash, Lineage.Link> links;
    private final Map<SliceRef, List<Lineage.Link>> bySource = new HashMap<>();
    private final Map<Numbered, List<Lineage.Link>> byNumber = new HashMap<>();

    private LineageStore(Map<Hash, Signed<Note>> notes, Map<Hash, Lineage.Link> links) {
        this.notes = Collections.unmodifiableMap(notes);
        this.links = Collections.unmodifiableMap(links);
        for (Lineage.Link link : links.values()) {
            byNumber.computeIfAbsent(number(link), k -> new ArrayList<>(1)).add(link);
            for (SliceRef source : sources(link)) {
                bySource.computeIfAbsent(source, k -> new ArrayList<>(1)).add(link);
            }
        }
    }

    private static Set<SliceRef> sources(Lineage.Link link) {
        Set<SliceRef> sources = new HashSet<>();
        link.transfer().statement().inputs().forEach(i -> sources.add(i.source()));
        return sources;
    }

    private static Numbered number(Lineage.Link link) {
        return new Numbered(link.signer(), link.transfer().statement().seq());
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
        LineageStore both = plus(lineage);
        for (Lineage.Link link : lineage.links()) {
            List<Lineage.Link> near = new ArrayList<>(both.byNumber.getOrDefault(number(link), List.of()));
            sources(link).forEach(source -> near.addAll(both.bySource.getOrDefault(source, List.of())));
            for (Lineage.Link other : near) {
                if (other.signer().equals(link.signer())) {
                    Optional<Evidence> evidence =
                            Evidence.between(link.transfer(), other.transfer(), link.certificate());
                    if (evidence.isPresent()) {
                        return evidence;
                    }
                }
            }
        }
        return Optional.empty();
    }

    /**
     * Without what no longer matters: notes past expiry and grace that {@code held} does not need, and every transfer
     * that comes from them alone.
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
        return new LineageStore(keptNotes, keptLinks);
    }
}
