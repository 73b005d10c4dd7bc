package org.jiaozi.lab.bench;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jiaozi.core.value.Bytes;

/** How deposits are handed in, and what else there is meanwhile; in a run of two phases that of the second one. */
final class Load implements AutoCloseable {
    private final LoadOptions options;
    private final Optional<Phase> first;
    private final Optional<BadRequests> bad;
    private final Optional<SlowConnections> slow;

    private Load(
            LoadOptions options, Optional<Phase> first, Optional<BadRequests> bad, Optional<SlowConnections> slow) {
        this.options = options;
        this.first = first;
        this.bad = bad;
        this.slow = slow;
    }

    /** Clients and nobody else. */
    static Load ofClients(LoadOptions options) {
        return new Load(options, Optional.empty(), Optional.empty(), Optional.empty());
    }

    /**
     * What the options ask for, which begins now.
     *
     * @param first the phase before, of clients and nobody else
     * @param good an envelope that the institution takes
     */
    static Load begin(LoadOptions options, Phase first, SettleServers servers, Bytes good) throws InterruptedException {
        return begin(options, Optional.of(first), servers, good);
    }

    /**
     * Before the clock starts: clients, and all others that the options ask for, so that neither servers nor bench meet them for
     * the first time when it counts. Nothing is offered yet.
     *
     * @param good an envelope that the institution takes
     */
    static Load ahead(LoadOptions options, SettleServers servers, Bytes good) throws InterruptedException {
        return begin(options, Optional.empty(), servers, good);
    }

    private static Load begin(LoadOptions options, Optional<Phase> first, SettleServers servers, Bytes good)
            throws InterruptedException {
        Optional<SlowConnections> slow = options.slowConnections() == 0
                ? Optional.empty()
                : Optional.of(new SlowConnections(servers.url(), servers.trust().tls(), options.slowConnections()));
        Optional<BadRequests> bad = options.badRequests() == 0
                ? Optional.empty()
                : Optional.of(new BadRequests(servers.url(), servers.trust().tls(), good, options.badRequests()));
        return new Load(options, first, bad, slow);
    }

    /** Hands in all of it, or as much as so much time allows. */
    void go(SettleRun run, Letters.Reader letters, long most) throws InterruptedException {
        if (first.isPresent() && options.offers()) {
            run.offer(letters, options.offered(first.get().perSecond()), most);
        } else {
            run.go(letters, most);
        }
    }

    /** Whether all that is bad was refused. */
    boolean borne() {
        return bad.map(b -> b.taken() == 0 && b.unanswered() == 0).orElse(true);
    }

    /** What it came to. */
    Map<String, Object> of(Phase phase) {
        Map<String, Object> told = new LinkedHashMap<>();
        first.ifPresent(f -> {
            double ratio = Rounded.of(phase.perSecond() / f.perSecond());
            told.put("firstPerSecond", Rounded.of(f.perSecond()));
            told.put("firstP50Ms", Rounded.of(f.millis(0.5)));
            told.put("firstP99Ms", Rounded.of(f.millis(0.99)));
            if (options.offers()) {
                told.put("offer", options.offer());
                told.put("offeredPerSecond", Rounded.of(phase.offeredPerSecond()));
                told.put("ofPeak", ratio);
            }
            if (options.disturbs()) {
                told.put("ofClean", ratio);
            }
        });
        bad.ifPresent(b -> {
            told.put("badRequests", options.badRequests());
            told.put("badPerSecond", Rounded.of(b.perSecond()));
            told.put("badRefused", b.refused());
            told.put("badTaken", b.taken());
            told.put("badUnanswered", b.unanswered());
        });
        slow.ifPresent(s -> {
            told.put("slowConnections", options.slowConnections());
            told.put("slowCutOff", s.cutOff());
        });
        return told;
    }

    @Override
    public void close() {
        bad.ifPresent(BadRequests::close);
        slow.ifPresent(SlowConnections::close);
    }
}
