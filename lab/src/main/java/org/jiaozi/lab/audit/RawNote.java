package org.jiaozi.lab.audit;

/**
 * A note as the auditor reads it.
 *
 * @param hash its name
 * @param issuer the institution that signed it
 * @param currency what it counts
 * @param value minor units
 * @param holder its first holder
 */
public record RawNote(String hash, int issuer, String currency, long value, String holder, RawStatement statement) {
    /** Reads a signed note. */
    public static RawNote of(RawStatement note) {
        Raw body = note.body();
        return new RawNote(
                note.hash(),
                note.kid().institution(),
                body.at(2).text(),
                body.at(3).integer(),
                body.at(6).bytes().hex(),
                note);
    }
}
