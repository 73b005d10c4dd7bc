package org.jiaozi.core.codec;

import org.jiaozi.core.refusal.Refusal;
import org.jiaozi.core.refusal.RefusalCode;

/** Bytes that are refused before their meaning is looked at. Carries the refusal; caught where bytes enter. */
public final class DecodeException extends RuntimeException {
    private static final long serialVersionUID = 1;
    private final transient Refusal refusal;

    public DecodeException(RefusalCode code, String detail) {
        super(code.number() + " " + code.name() + ": " + detail, null, false, false);
        this.refusal = new Refusal(code, detail);
    }

    static DecodeException malformed(String detail) {
        return new DecodeException(RefusalCode.MALFORMED, detail);
    }

    public Refusal refusal() {
        return refusal;
    }
}
