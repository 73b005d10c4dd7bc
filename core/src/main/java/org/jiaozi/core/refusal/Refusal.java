package org.jiaozi.core.refusal;

/**
 * An answer that says no: a number from {@code spec/errors.md} and what the reader needs to act.
 *
 * @param code the numbered reason
 * @param detail one line for people, without secrets
 */
public record Refusal(RefusalCode code, String detail) {
    public static Refusal of(RefusalCode code) {
        return new Refusal(code, "");
    }

    @Override
    public String toString() {
        return "refused " + code.number() + " " + code.name() + (detail.isEmpty() ? "" : ": " + detail);
    }
}
