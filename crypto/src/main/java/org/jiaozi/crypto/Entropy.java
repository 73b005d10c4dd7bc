package org.jiaozi.crypto;

import org.jiaozi.core.value.Bytes;

/** Where unpredictable bytes come from; an argument wherever any are drawn. Implementations are thread-safe. */
@FunctionalInterface
public interface Entropy {
    /** The next {@code n} bytes, {@code n} at least 0. */
    Bytes next(int n);
}
