package org.jiaozi.lab.fuzz;

/** A target's reader did what it must not: a bug in the product, never a refusal. */
public final class Finding extends RuntimeException {
    private static final long serialVersionUID = 1L;

    Finding(String message) {
        super(message);
    }

    Finding(String message, Throwable cause) {
        super(message, cause);
    }
}
