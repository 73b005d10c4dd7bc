package org.jiaozi.core.refusal;

import org.jiaozi.core.value.PlainText;

/**
 * An answer that says no: a number from {@code spec/errors.md} and what the reader needs to act.
 *
 * @param code the numbered reason
 * @param detail one line for people, without secrets; it may quote what a stranger sent, so it is made plain
 */
public record Refusal(RefusalCode code, String detail) {
    public Refusal {
        detail = PlainText.of(detail);
    }

    public static Refusal of(RefusalCode code) {
        return new Refusal(code, "");
    }

    @Override
    public String toString() {
        return "refused " + code.number() + " " + code.name() + (detail.isEmpty() ? "" : ": " + detail);
    }
}
