package org.jiaozi.server;

import java.util.HexFormat;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Supplier;

/**
 * The request that a thread works for, so that what is logged on the way says so.
 *
 * @param id tells it from others in the log; chance, and no secret
 * @param route its method and the template of its path, never the path itself
 */
public record RequestInHand(String id, String route) {
    private static final ScopedValue<RequestInHand> CURRENT = ScopedValue.newInstance();

    /** One that just came. */
    public static RequestInHand fresh(String route) {
        return new RequestInHand(
                HexFormat.of().toHexDigits(ThreadLocalRandom.current().nextLong()), route);
    }

    static Optional<RequestInHand> current() {
        return CURRENT.isBound() ? Optional.of(CURRENT.get()) : Optional.empty();
    }

    /** Works for it. */
    public <T> T during(Supplier<T> work) {
        return ScopedValue.where(CURRENT, this).call(work::get);
    }
}
