package org.jiaozi.wallet.purse;

import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jiaozi.core.lineage.Slice;
import org.jiaozi.core.statement.NonReceipt;
import org.jiaozi.core.statement.PurseCertificate;
import org.jiaozi.core.statement.Receipt;
import org.jiaozi.core.statement.Signed;
import org.jiaozi.core.statement.SliceRef;
import org.jiaozi.core.statement.Transfer;
import org.jiaozi.core.value.Amount;
import org.jiaozi.core.value.Currency;
import org.jiaozi.core.value.Hash;
import org.jiaozi.core.value.Limit;
import org.jiaozi.core.value.Nonce;
import org.jiaozi.core.value.Thumbprint;
import org.jiaozi.core.value.Timestamp;

/**
 * All that a purse remembers apart from its private keys. A slice is what is left of one output: paying moves its lower
 * bound up, so what was signed away cannot be signed again.
 *
 * @param mark rises with every change; a copy outside the directory unmasks a directory restored from an old backup
 * @param pseudonyms keys, oldest first
 * @param slices what it holds, by the output each is left of
 * @param requests requests of its own that are neither paid nor closed
 * @param loads load nonces opened and not yet answered with a note, with the key that will hold it
 * @param answered requests paid or closed, oldest first, at most {@value #MAX_ANSWERED}
 * @param log transfers signed, by the nonce they answer
 */
public record PurseState(
        long mark,
        List<Pseudonym> pseudonyms,
        SortedMap<SliceRef, Slice> slices,
        SortedMap<Nonce, OpenRequest> requests,
        SortedMap<Nonce, Thumbprint> loads,
        List<Answered> answered,
        SortedMap<Nonce, LogEntry> log) {
    /** The most requests that are open at a time. */
    public static final int MAX_REQUESTS = 1024;
    /** The most loads that are open at a time, beside those of deposits that wait in the log. */
    public static final int MAX_LOADS = 1024;
    /** The most answered requests it remembers; of an older one nothing is said again, nor is it ever reopened. */
    public static final int MAX_ANSWERED = 1024;

    /**
     * A request of its own.
     *
     * @param key the pseudonym that asked and will hold the value
     * @param amount what was asked
     * @param currency of what
     * @param at when
     */
    public record OpenRequest(Thumbprint key, Amount amount, Currency currency, Timestamp at) {}

    /**
     * How a request ended. A receipt and a non-receipt about another transfer do not contradict each other.
     *
     * @param nonce the request, or a load whose note was credited: then both others are empty
     * @param key the pseudonym that asked
     * @param receipt of the one transfer it credited
     * @param nonReceipt signed once and repeated
     */
    public record Answered(
            Nonce nonce, Thumbprint key, Optional<Signed<Receipt>> receipt, Optional<Signed<NonReceipt>> nonReceipt) {}

    /**
     * A transfer it signed, kept to be repeated as it is.
     *
     * @param transfer with the one signature made for it
     * @param certificate under which its key signed it; a later one would not cover its counters
     * @param request the request's hash; for a deposit the hash of nothing, 32 zero bytes
     * @param settled a receipt came or an institution acknowledged it: the entry may be reused
     */
    public record LogEntry(
            Signed<Transfer> transfer, Signed<PurseCertificate> certificate, Hash request, boolean settled) {
        static final Hash NO_REQUEST = Hash.of(new byte[Hash.SIZE]);

        /** Whether it answers no request: a deposit. */
        public boolean isDeposit() {
            return request.equals(NO_REQUEST);
        }

        LogEntry settledNow() {
            return new LogEntry(transfer, certificate, request, true);
        }
    }

    /** A new purse. */
    public static final PurseState EMPTY =
            new PurseState(0, List.of(), new TreeMap<>(), new TreeMap<>(), new TreeMap<>(), List.of(), new TreeMap<>());

    public PurseState {
        Limit.check("mark", mark, Limit.UINT48);
        pseudonyms = List.copyOf(pseudonyms);
        slices = frozen(slices);
        requests = frozen(requests);
        loads = frozen(loads);
        answered = List.copyOf(answered);
        log = frozen(log);
    }

    private static <K extends Comparable<K>, V> SortedMap<K, V> frozen(Map<K, V> map) {
        return Collections.unmodifiableSortedMap(new TreeMap<>(map));
    }

    public Optional<Pseudonym> pseudonym(Thumbprint key) {
        return pseudonyms.stream().filter(p -> p.thumbprint().equals(key)).findFirst();
    }

    public Optional<Answered> answer(Nonce nonce) {
        return answered.stream().filter(a -> a.nonce().equals(nonce)).findFirst();
    }

    /** Whether it is an old copy that signs nothing until a sync retires its keys. */
    public boolean rolledBack() {
        return pseudonyms.stream().anyMatch(p -> p.status() == Pseudonym.Status.SUSPECT);
    }

    /** The open loads that are not a deposit's. */
    public List<Nonce> loadsAsked() {
        return loads.keySet().stream()
                .filter(nonce -> {
                    LogEntry entry = log.get(nonce);
                    return entry == null || !entry.isDeposit();
                })
                .toList();
    }

    /** What one key holds. */
    public Amount holding(Thumbprint key) {
        return slices.values().stream()
                .filter(s -> s.holder().equals(key))
                .map(Slice::amount)
                .reduce(Amount.ZERO, Amount::plus);
    }

    /** What all keys hold. */
    public Amount holding() {
        return slices.values().stream().map(Slice::amount).reduce(Amount.ZERO, Amount::plus);
    }
}
