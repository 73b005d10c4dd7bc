package org.jiaozi.core.lineage;

/**
 * How much lineage a reader takes in (spec 05, clause 8).
 *
 * @param notes most notes
 * @param links most transfers
 * @param inputs most inputs of the last transfer; all others keep to a tap's 8
 * @param bytes most bytes on the wire
 */
public record LineageBounds(int notes, int links, int inputs, int bytes) {
    /** Between purses. */
    public static final LineageBounds TAP = new LineageBounds(64, 128, 8, 60_000);
    /** To an institution and on to the registry. */
    public static final LineageBounds DEPOSIT = new LineageBounds(4096, 16_384, 1024, 6 << 20);
}
