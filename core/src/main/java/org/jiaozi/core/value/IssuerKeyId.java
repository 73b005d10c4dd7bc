package org.jiaozi.core.value;

/**
 * Which key of which institution signed: three bytes on the wire, the COSE {@code kid} of notes and certificates.
 *
 * @param institution the signer
 * @param generation 0 to 255, never used for another key of that institution
 */
public record IssuerKeyId(InstitutionId institution, int generation) {
    public IssuerKeyId {
        Limit.check("key generation", generation, Limit.UINT8);
    }

    /** The COSE kid: institution (2 bytes, big endian), generation (1 byte). */
    public Bytes kid() {
        int n = institution.number();
        return Bytes.of(new byte[] {(byte) (n >> 8), (byte) n, (byte) generation});
    }

    /** Reads a kid of exactly three bytes. */
    public static IssuerKeyId fromKid(Bytes kid) {
        if (kid.size() != 3) {
            throw new IllegalArgumentException("kid of " + kid.size() + " bytes, expected 3");
        }
        return new IssuerKeyId(new InstitutionId(kid.at(0) << 8 | kid.at(1)), kid.at(2));
    }
}
