package org.jiaozi.wallet.sync;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jiaozi.core.crypto.PublicKey;
import org.jiaozi.core.refusal.Refusal;
import org.jiaozi.core.value.Amount;
import org.jiaozi.core.value.Bytes;

/**
 * One go at syncing: what the owner wants of it and what happened so far. It is not stored; a new go finds what is left.
 *
 * @param options what the owner wants
 * @param bulletinAsked the newest bulletin was asked for
 * @param renewed certificates and counters are fresh
 * @param skipped items that were refused in this go
 * @param progress what was done, for people
 * @param refusals what was refused
 * @param stopped the message under way stays there, its answer being a fault or a note for a full purse: nothing more is asked
 */
public record SyncRun(
        Options options,
        boolean bulletinAsked,
        boolean renewed,
        Set<Bytes> skipped,
        List<Progress> progress,
        List<Refusal> refusals,
        boolean stopped) {
    /**
     * What the owner wants.
     *
     * @param keep how much to leave in the purse; empty for the policy's amount
     * @param refreshAll deposit everything and load what is to be kept as one fresh note
     * @param fresh new keys that the element already holds; each takes the place of a key that holds nothing
     * @param accountKey the key outside the device, if at hand: an old copy needs it
     * @param account the account's name, if known: a deposit taken over from an institution that is gone names it
     */
    public record Options(
            Optional<Amount> keep,
            boolean refreshAll,
            List<PublicKey> fresh,
            Optional<PublicKey> accountKey,
            Optional<String> account) {
        public static final Options DEFAULT = new Options(Optional.empty(), false, List.of(), Optional.empty());

        public Options {
            fresh = List.copyOf(fresh);
        }

        /** Without the account's name. */
        public Options(
                Optional<Amount> keep, boolean refreshAll, List<PublicKey> fresh, Optional<PublicKey> accountKey) {
            this(keep, refreshAll, fresh, accountKey, Optional.empty());
        }
    }

    /** What a step did. */
    public enum Did {
        FETCHED_BULLETIN,
        SUBMITTED_EVIDENCE,
        UPLOADED,
        RETURNED,
        DEPOSITED,
        RENEWED,
        LOADED,
        RECOVERED
    }

    /**
     * One line of progress.
     *
     * @param did what
     * @param amount minor units, or how many items where it is not about money
     */
    public record Progress(Did did, Amount amount) {}

    public SyncRun {
        skipped = Set.copyOf(skipped);
        progress = List.copyOf(progress);
        refusals = List.copyOf(refusals);
    }

    /** A new go. */
    public static SyncRun start(Options options) {
        return new SyncRun(options, false, false, Set.of(), List.of(), List.of(), false);
    }

    SyncRun askedForBulletin() {
        return new SyncRun(options, true, renewed, skipped, progress, refusals, stopped);
    }

    SyncRun renewedNow() {
        return new SyncRun(options, bulletinAsked, true, skipped, progress, refusals, stopped);
    }

    SyncRun did(Did did, Amount amount) {
        List<Progress> more = new ArrayList<>(progress);
        more.add(new Progress(did, amount));
        return new SyncRun(options, bulletinAsked, renewed, skipped, more, refusals, stopped);
    }

    SyncRun refused(Bytes item, Refusal refusal) {
        Set<Bytes> more = new HashSet<>(skipped);
        more.add(item);
        List<Refusal> all = new ArrayList<>(refusals);
        all.add(refusal);
        return new SyncRun(options, bulletinAsked, renewed, more, progress, all, stopped);
    }

    SyncRun blocked(Refusal refusal) {
        SyncRun noted = refused(Bytes.EMPTY, refusal);
        return new SyncRun(options, bulletinAsked, renewed, noted.skipped, progress, noted.refusals, true);
    }

    boolean has(Did did) {
        return progress.stream().anyMatch(p -> p.did() == did);
    }

    boolean skips(Bytes item) {
        return skipped.contains(item);
    }
}
