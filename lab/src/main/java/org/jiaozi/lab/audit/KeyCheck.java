package org.jiaozi.lab.audit;

import org.jiaozi.core.value.Bytes;

/** Whether a signature of 64 bytes stands under a compressed P-256 key of 33 bytes. */
@FunctionalInterface
public interface KeyCheck {
    boolean verifies(Bytes key, Bytes message, Bytes signature);
}
