package org.jiaozi.server;

import org.jiaozi.core.refusal.Refusal;
import org.jiaozi.core.refusal.RefusalCode;

/**
 * The service around a step failed, not the step: storage full, database away, capacity reached. Carries the refusal
 * (spec/errors.md, 8xx) that the caller of the service is told. Steps that say no return a {@link Refusal} instead.
 */
public final class ServiceFault extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final transient Refusal refusal;

    /** A fault with its number and one line for people, without secrets. */
    public ServiceFault(RefusalCode code, String detail) {
        super(code.number() + " " + code.name() + ": " + detail);
        this.refusal = new Refusal(code, detail);
    }

    /** The same for another failure's sake. */
    public ServiceFault(RefusalCode code, String detail, Throwable cause) {
        super(code.number() + " " + code.name() + ": " + detail, cause);
        this.refusal = new Refusal(code, detail);
    }

    /** What the caller is told. */
    public Refusal refusal() {
        return refusal;
    }
}
