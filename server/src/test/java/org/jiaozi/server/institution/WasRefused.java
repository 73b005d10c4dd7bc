package org.jiaozi.server.institution;

import org.jiaozi.core.refusal.Refusal;
import org.jiaozi.core.refusal.RefusalCode;

/** A server said no where a test asks for something that it should do. */
final class WasRefused extends AssertionError {
    private static final long serialVersionUID = 1L;

    private final RefusalCode code;

    WasRefused(String asked, Refusal refusal) {
        super(asked + ": " + refusal);
        this.code = refusal.code();
    }

    /** Which no it was. */
    RefusalCode code() {
        return code;
    }
}
