package org.jiaozi.server.institution;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Supplier;
import org.jiaozi.core.refusal.RefusalCode;

/** What customers and operators ask for while a disk fills up under the databases: of each kind one after the other. */
final class FullDiskWork {
    private static final int MOST = 2000;
    private static final int ONCE = 150;
    private static final int DIFFERENT = 12;

    /** What changes a row and adds a few bytes, or takes the place of what it removes, may find room on any disk. */
    private static final Set<String> FITS = Set.of("flag", "quota", "code", "block", "revoke");
    /** Asked for last, so that there is much to net and no room for a posting more. */
    private static final String LAST = "net";

    private final Map<String, Supplier<Asked>> kinds;
    private final Asked.Due due;

    /** Prepares what they ask with. */
    FullDiskWork(World world, KilledBooks books) {
        DurableWork work = new DurableWork(world, MOST, ONCE, DIFFERENT);
        kinds = work.kinds();
        due = work.due(books);
    }

    /**
     * Asks for one of each kind after the other, until one of each is refused.
     *
     * @param said what they are refused with, by kind
     * @return those that were refused
     */
    List<Asked> untilAllAreRefused(Map<String, Set<RefusalCode>> said) {
        Map<String, Asked> waiting = new LinkedHashMap<>();
        Set<String> first = tooMuch();
        first.remove(LAST);
        for (int i = 0; !waiting.keySet().containsAll(first); i++) {
            if (i == MOST / 10) {
                throw new AssertionError("the disk fills up for none but " + waiting.keySet());
            }
            kinds.forEach((what, fresh) -> {
                if (!what.equals(LAST) && !waiting.containsKey(what)) {
                    attempt(what, fresh.get(), said, waiting);
                }
            });
        }
        attempt(LAST, kinds.get(LAST).get(), said, waiting);
        return List.copyOf(waiting.values());
    }

    private Set<String> tooMuch() {
        Set<String> kept = new TreeSet<>(kinds.keySet());
        kept.removeAll(FITS);
        return kept;
    }

    /** Whether a full disk has been the reason for each kind. */
    boolean allWereRefused(Map<String, Set<RefusalCode>> said) {
        return tooMuch().stream()
                .allMatch(what -> said.getOrDefault(what, Set.of()).contains(RefusalCode.STORAGE_FULL));
    }

    private void attempt(String what, Asked asked, Map<String, Set<RefusalCode>> said, Map<String, Asked> waiting) {
        try {
            asked.attempt();
            asked.leaves().accept(due);
        } catch (WasRefused e) {
            if (!e.code().isFault()) {
                throw e;
            }
            said.computeIfAbsent(what, w -> new TreeSet<>()).add(e.code());
            waiting.put(what, asked);
        }
    }

    /** Asks until it is done. */
    void insist(Asked asked) {
        asked.insist();
        asked.leaves().accept(due);
    }

    /** What must be the case once all is settled. */
    void check() {
        due.check();
    }
}
