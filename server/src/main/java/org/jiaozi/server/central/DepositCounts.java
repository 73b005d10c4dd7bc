package org.jiaozi.server.central;

import io.micrometer.core.instrument.Counter;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import org.jiaozi.core.message.BankAnswer;
import org.jiaozi.core.message.Outcome;
import org.jiaozi.core.message.RegistryAnswer;
import org.jiaozi.server.metrics.Metrics;

/** Counts what the registry has decided and made durable; a repeated answer counts no more. */
final class DepositCounts {
    private static final String NAME = "jiaozi.deposit.slices";
    private static final String DESCRIPTION = "Parts of deposits settled, by what became of them.";

    private final Metrics metrics;
    private final Map<Outcome.Kind, Counter> slices = new EnumMap<>(Outcome.Kind.class);
    private final Counter refusedWhole;

    DepositCounts(Metrics metrics) {
        this.metrics = metrics;
        for (Outcome.Kind kind : Outcome.Kind.values()) {
            slices.put(
                    kind,
                    metrics.counter(NAME, DESCRIPTION, "outcome", kind.name().toLowerCase(Locale.ROOT)));
        }
        refusedWhole = metrics.counter("jiaozi.deposits.refused", "Deposits refused as a whole.");
    }

    void decided(BankAnswer answer) {
        switch (answer) {
            case BankAnswer.Refused(var refusal) -> metrics.refused(refusal.code());
            case BankAnswer.OwnersChanged changed -> {
                for (RegistryAnswer.Settlement each :
                        changed.answer().statement().settlements()) {
                    each.outcomes()
                            .forEach(outcome -> slices.get(outcome.kind()).increment());
                    each.refusals().forEach(refusal -> {
                        refusedWhole.increment();
                        metrics.refused(refusal.code());
                    });
                }
            }
            default -> {
                // is counted as a request
            }
        }
    }
}
