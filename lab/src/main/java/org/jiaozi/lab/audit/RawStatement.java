package org.jiaozi.lab.audit;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import org.jiaozi.core.value.Bytes;

/**
 * A COSE_Sign1 as the auditor reads it (RFC 9052).
 *
 * @param label the statement's type, part of what is signed
 * @param header the protected header's bytes
 * @param payload the payload's bytes
 * @param signature 64 bytes
 */
public record RawStatement(String label, Bytes header, Bytes payload, Bytes signature) {
    /** Reads the array of four. */
    public static RawStatement of(String label, Raw cose) {
        List<Raw> parts = cose.list();
        if (parts.size() != 4) {
            throw new AuditException("a COSE_Sign1 of " + parts.size() + " parts");
        }
        if (!parts.get(1).holds()) {
            throw new AuditException("a COSE_Sign1 with something beside what is signed");
        }
        return new RawStatement(
                label, parts.get(0).bytes(), parts.get(2).bytes(), parts.get(3).bytes());
    }

    /** Reads bytes. */
    public static RawStatement of(String label, Bytes cose) {
        return of(label, Raw.read(cose));
    }

    /** The Sig_structure. */
    public Bytes toBeSigned() {
        Bytes context = Bytes.of("Signature1".getBytes(StandardCharsets.US_ASCII));
        Bytes aad = Bytes.of(("jiaozi/1/" + label).getBytes(StandardCharsets.US_ASCII));
        ByteArrayOutputStream all = new ByteArrayOutputStream(64 + payload.size());
        Raw.head(4, 4).appendTo(all);
        Raw.head(3, context.size()).appendTo(all);
        context.appendTo(all);
        for (Bytes string : List.of(header, aad, payload)) {
            Raw.head(2, string.size()).appendTo(all);
            string.appendTo(all);
        }
        return Bytes.of(all.toByteArray());
    }

    /** The statement's name, hexadecimal. */
    public String hash() {
        return sha256(toBeSigned());
    }

    public Raw body() {
        return Raw.read(payload);
    }

    public boolean signedBy(Bytes key, KeyCheck check) {
        return check.verifies(key, toBeSigned(), signature);
    }

    /** Institution and generation from the header's kid. */
    public Kid kid() {
        Bytes kid = Raw.read(header).at(4).bytes();
        if (kid.size() != 3) {
            throw new AuditException("a kid of " + kid.size() + " bytes");
        }
        return new Kid(kid.at(0) << 8 | kid.at(1), kid.at(2));
    }

    /** Who signed, by number. */
    public record Kid(int institution, int generation) {}

    static String sha256(Bytes message) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            message.feed(digest);
            return HexFormat.of().formatHex(digest.digest());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    /** The name of a key: SHA-256 of its COSE_Key in deterministic encoding, hexadecimal. */
    public static String thumbprint(Bytes key) {
        return sha256(Bytes.fromHex("a4010220012158" + "20")
                .concat(key.slice(1, 33))
                .concat(Bytes.fromHex(key.at(0) == 3 ? "22f5" : "22f4")));
    }

    /** The key that a purse certificate speaks of, compressed. */
    public static Bytes certifiedKey(RawStatement certificate) {
        Raw key = certificate.body().at(8).at(1);
        return Bytes.of(new byte[] {(byte) (key.at(-3).bool() ? 3 : 2)})
                .concat(key.at(-2).bytes());
    }
}
