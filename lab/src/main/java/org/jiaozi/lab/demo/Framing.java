package org.jiaozi.lab.demo;

import java.io.IOException;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jiaozi.core.crypto.Signature;
import org.jiaozi.core.evidence.Evidence;
import org.jiaozi.core.evidence.EvidenceFile;
import org.jiaozi.core.statement.PurseCertificate;
import org.jiaozi.core.statement.Signed;
import org.jiaozi.core.statement.Transfer;
import org.jiaozi.core.value.Bytes;

/** Files that try to convict an honest key, and the true one spoilt; {@code evidence verify} has to refuse each. */
final class Framing {
    private final EvidenceFile truth;
    private final Bytes file;

    Framing(Bytes file) {
        this.file = file;
        this.truth = EvidenceFile.decode(file);
    }

    /**
     * Writes the attempts.
     *
     * @param honest a payment by an honest key
     * @param honestCertificate that key's
     * @param other a payment by somebody else
     * @param fresh another signature of the honest payment by its own key
     */
    Map<String, Path> write(
            Path folder,
            Signed<Transfer> honest,
            Signed<PurseCertificate> honestCertificate,
            Signed<Transfer> other,
            Signature fresh)
            throws IOException {
        Files.createDirectories(folder);
        Map<String, Path> attempts = new LinkedHashMap<>();
        attempts.put("altered bytes", put(folder, "altered", altered(file)));
        attempts.put("the same transfer twice", put(folder, "twice", overlap(honestCertificate, honest, honest)));
        attempts.put("one request replayed", put(folder, "replayed", sequence(honestCertificate, honest, other)));
        attempts.put("a foreign certificate", put(folder, "foreign", foreign(honestCertificate)));
        attempts.put("a randomised re-signature", put(folder, "resigned", resigned(honestCertificate, honest, fresh)));
        attempts.put("a mirrored signature", put(folder, "mirrored", mirrored(honestCertificate, honest)));
        return attempts;
    }

    private static Path put(Path folder, String name, Bytes bytes) throws IOException {
        return Files.write(folder.resolve(name + ".evidence"), bytes.toArray());
    }

    /** One bit of a signed payload. */
    private static Bytes altered(Bytes file) {
        byte[] raw = file.toArray();
        raw[raw.length / 3] ^= 4;
        return Bytes.of(raw);
    }

    private Bytes overlap(Signed<PurseCertificate> certificate, Signed<Transfer> one, Signed<Transfer> other) {
        return new EvidenceFile(new Evidence.OverlapEvidence(certificate, one, other), truth.bulletin()).encode();
    }

    private Bytes sequence(Signed<PurseCertificate> certificate, Signed<Transfer> one, Signed<Transfer> other) {
        return new EvidenceFile(new Evidence.SequenceEvidence(certificate, one, other), truth.bulletin()).encode();
    }

    /** The cheat's two transfers under an honest person's certificate. */
    private Bytes foreign(Signed<PurseCertificate> honest) {
        return truth.evidence() instanceof Evidence.OverlapEvidence e
                ? overlap(honest, e.one(), e.other())
                : overlap(honest, honestTransfers(), honestTransfers());
    }

    private Signed<Transfer> honestTransfers() {
        throw new DemoFailure("the conviction is not of an overlap");
    }

    /** The honest transfer beside itself under another signature by the same key. */
    private Bytes resigned(Signed<PurseCertificate> certificate, Signed<Transfer> honest, Signature fresh) {
        return overlap(certificate, honest, new Signed<>(honest.statement(), fresh));
    }

    /** The other s that ECDSA allows for a signature, which anybody can work out; the wire form has no room for it. */
    private Bytes mirrored(Signed<PurseCertificate> certificate, Signed<Transfer> honest) {
        BigInteger order = new BigInteger("ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551", 16);
        Bytes raw = honest.signature().bytes();
        BigInteger s =
                order.subtract(new BigInteger(1, raw.slice(32, Signature.SIZE).toArray()));
        // s was in the lower half, so the other one takes all 32 bytes
        byte[] bytes = s.toByteArray();
        Bytes other = Bytes.of(bytes).slice(bytes.length - 32, bytes.length);
        String twice = overlap(certificate, honest, honest).hex();
        int second = twice.lastIndexOf(raw.hex());
        return Bytes.fromHex(twice.substring(0, second)
                + raw.slice(0, 32).hex()
                + other.hex()
                + twice.substring(second + 2 * Signature.SIZE));
    }
}
