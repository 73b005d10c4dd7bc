package org.jiaozi.core.policy;

import org.jiaozi.core.statement.PurseCertificate.Limits;
import org.jiaozi.core.value.Limit;

/** Scaling of limits in thousandths, rounded down and never beyond 2^48-1. */
final class PerMille {
    static final int ONE = 1000;
    /** Ten times: 2^48 times this still fits a long. */
    static final int MAX = 10_000;

    private PerMille() {}

    static long of(long value, int perMille) {
        return Math.min(Limit.UINT48, Math.multiplyExact(value, (long) perMille) / ONE);
    }

    static Limits of(Limits limits, int perMille) {
        return new Limits(
                of(limits.perPayment(), perMille),
                of(limits.total(), perMille),
                Math.min(Limit.UINT32, of(limits.count(), perMille)),
                of(limits.holding(), perMille));
    }
}
