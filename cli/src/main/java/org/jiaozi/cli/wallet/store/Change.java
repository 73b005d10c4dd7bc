package org.jiaozi.cli.wallet.store;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jiaozi.core.message.WalletMessage;
import org.jiaozi.core.statement.Signed;
import org.jiaozi.core.value.Bytes;
import org.jiaozi.core.value.Nonce;
import org.jiaozi.wallet.host.WalletState;
import org.jspecify.annotations.Nullable;

/**
 * Everything that one act stores, in one transaction: the wallet's next state, what is to be sent, what was done.
 * Built up by the act, then given to {@link WalletStore#commit}.
 */
public final class Change {
    /**
     * One line of the wallet's own history.
     *
     * @param at seconds of the wallet's clock
     * @param what a word: {@code paid}, {@code received}
     * @param minor minor units, 0 where no money moved
     * @param text for people
     */
    public record Line(long at, String what, long minor, String text) {}

    final Map<String, Optional<Bytes>> meta = new LinkedHashMap<>();
    final Map<Nonce, Optional<Bytes>> outgoing = new LinkedHashMap<>();
    final java.util.List<Line> history = new java.util.ArrayList<>();

    @Nullable
    WalletState state;

    private Change() {}

    /** To the next state. */
    public static Change to(WalletState next) {
        Change change = new Change();
        change.state = next;
        return change;
    }

    /** The state stays. */
    public static Change only() {
        return new Change();
    }

    /** Puts a value beside the state. */
    public Change put(String name, Bytes value) {
        meta.put(name, Optional.of(value));
        return this;
    }

    /** Takes it away. */
    public Change drop(String name) {
        meta.put(name, Optional.empty());
        return this;
    }

    /** A message that will be sent, again and again until it is answered. */
    public Change send(Signed<WalletMessage> message) {
        outgoing.put(message.statement().id(), Optional.of(message.encode()));
        return this;
    }

    /** It was answered. */
    public Change answered(Nonce id) {
        outgoing.put(id, Optional.empty());
        return this;
    }

    /** A line of history. */
    public Change line(Line line) {
        history.add(line);
        return this;
    }
}
