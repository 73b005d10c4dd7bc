package org.jiaozi.wallet.purse;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jiaozi.core.lineage.Slice;
import org.jiaozi.core.statement.SliceRef;
import org.jiaozi.core.statement.TransferInput;
import org.jiaozi.core.value.Nonce;
import org.jiaozi.core.value.Range;
import org.jiaozi.core.value.Thumbprint;
import org.jiaozi.wallet.purse.PurseState.Answered;
import org.jiaozi.wallet.purse.PurseState.LogEntry;
import org.jiaozi.wallet.purse.PurseState.OpenRequest;

/** Edits one purse state into the next; {@link #done} raises the mark. */
final class Ledger {
    private final long mark;
    private final List<Pseudonym> pseudonyms;
    private final SortedMap<SliceRef, Slice> slices;
    private final SortedMap<Nonce, OpenRequest> requests;
    private final SortedMap<Nonce, Thumbprint> loads;
    private final List<Answered> answered;
    private final SortedMap<Nonce, LogEntry> log;

    Ledger(PurseState state) {
        this.mark = state.mark();
        this.pseudonyms = new ArrayList<>(state.pseudonyms());
        this.slices = new TreeMap<>(state.slices());
        this.requests = new TreeMap<>(state.requests());
        this.loads = new TreeMap<>(state.loads());
        this.answered = new ArrayList<>(state.answered());
        this.log = new TreeMap<>(state.log());
    }

    Ledger add(Pseudonym pseudonym) {
        pseudonyms.add(pseudonym);
        return this;
    }

    Ledger replace(Pseudonym pseudonym) {
        pseudonyms.replaceAll(p -> p.key().equals(pseudonym.key()) ? pseudonym : p);
        return this;
    }

    /** Takes a slice from an output it never held: an output that came back would move its pointer down again. */
    Ledger credit(Slice slice) {
        if (slices.putIfAbsent(slice.source(), slice) != null) {
            throw new IllegalStateException("credited twice: " + slice.source());
        }
        return this;
    }

    /** Moves the pointers: what is left of each slice begins where its input ends. */
    Ledger debit(List<TransferInput> inputs) {
        for (TransferInput input : inputs) {
            slices.computeIfPresent(input.source(), (ref, slice) -> {
                long from = input.range().hi();
                return from == slice.range().hi()
                        ? null
                        : new Slice(
                                ref,
                                new Range(from, slice.range().hi()),
                                slice.note(),
                                slice.currency(),
                                slice.holder(),
                                slice.hops(),
                                slice.maxHops(),
                                slice.expiry());
            });
        }
        return this;
    }

    Ledger forfeit(SliceRef source) {
        slices.remove(source);
        return this;
    }

    Ledger open(Nonce nonce, OpenRequest request) {
        requests.put(nonce, request);
        return this;
    }

    Ledger openLoad(Nonce nonce, Thumbprint key) {
        loads.put(nonce, key);
        return this;
    }

    Ledger closeLoad(Nonce nonce) {
        loads.remove(nonce);
        return this;
    }

    /** The request is no longer open, and how it ended is remembered. */
    Ledger answer(Answered answer) {
        requests.remove(answer.nonce());
        answered.removeIf(a -> a.nonce().equals(answer.nonce()));
        answered.add(answer);
        if (answered.size() > PurseState.MAX_ANSWERED) {
            answered.removeFirst();
        }
        return this;
    }

    Ledger log(Nonce nonce, LogEntry entry) {
        log.put(nonce, entry);
        return this;
    }

    Ledger unlog(Nonce nonce) {
        log.remove(nonce);
        return this;
    }

    /**
     * Forgets keys that are done with: nothing held, asked, answered or unsettled needs them. Never the newest: the host
     * takes keys that are newer than all it knows for unused, and a used one would begin its numbers anew.
     */
    Ledger forgetDone() {
        Set<Thumbprint> needed = new HashSet<>();
        slices.values().forEach(s -> needed.add(s.holder()));
        requests.values().forEach(r -> needed.add(r.key()));
        needed.addAll(loads.values());
        answered.forEach(a -> needed.add(a.key()));
        log.values().stream()
                .filter(e -> !e.settled())
                .forEach(e -> needed.add(e.certificate().statement().thumbprint()));
        if (!pseudonyms.isEmpty()) {
            needed.add(pseudonyms.getLast().thumbprint());
        }
        pseudonyms.removeIf(p -> (p.status() == Pseudonym.Status.RETIRED || p.status() == Pseudonym.Status.DEAD)
                && !needed.contains(p.thumbprint()));
        return this;
    }

    PurseState done() {
        return new PurseState(mark + 1, pseudonyms, slices, requests, loads, answered, log);
    }
}
