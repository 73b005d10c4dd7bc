package org.jiaozi.server.institution;

import io.micrometer.core.instrument.Counter;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import org.jiaozi.core.message.BankMessage;
import org.jiaozi.core.message.WalletAnswer;
import org.jiaozi.core.statement.Signed;
import org.jiaozi.server.metrics.Metrics;

/** Counts the operations that came to their end, and the refusals that only a wallet can read. */
final class OperationCounts {
    private static final String NAME = "jiaozi.operations";
    private static final String DESCRIPTION = "Operations that came to their end, by kind and what became of them.";

    private final Metrics metrics;
    private final Map<Operation.Kind, Counter> done = new EnumMap<>(Operation.Kind.class);
    private final Map<Operation.Kind, Counter> refused = new EnumMap<>(Operation.Kind.class);

    OperationCounts(Metrics metrics) {
        this.metrics = metrics;
        for (Operation.Kind kind : Operation.Kind.values()) {
            String name = kind.name().toLowerCase(Locale.ROOT);
            done.put(kind, metrics.counter(NAME, DESCRIPTION, "kind", name, "outcome", "done"));
            refused.put(kind, metrics.counter(NAME, DESCRIPTION, "kind", name, "outcome", "refused"));
        }
    }

    void ended(Operation.Kind kind, WalletAnswer answer) {
        (answer instanceof WalletAnswer.Refused ? refused : done).get(kind).increment();
    }

    /** So many that were done together. */
    void done(Operation.Kind kind, int count) {
        done.get(kind).increment(count);
    }

    void answered(Signed<BankMessage> answer) {
        if (WalletAnswer.read(answer.statement().body()) instanceof WalletAnswer.Refused no) {
            metrics.refused(no.refusal().code());
        }
    }
}
