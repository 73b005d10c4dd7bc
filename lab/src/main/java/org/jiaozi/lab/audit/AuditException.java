package org.jiaozi.lab.audit;

/** Bytes that say nothing the auditor can read: a breach wherever they are on record. */
public final class AuditException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public AuditException(String message) {
        super(message);
    }
}
