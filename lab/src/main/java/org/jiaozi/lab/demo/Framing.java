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
     * @param honest two payments by one honest key, or by two, with their certificates
     */
    Map<String, Path> write(
            Path folder, Signed<Transfer> honest, Signed<PurseCertificate> honestCertificate, Signed<Transfer> other)
            throws IOException {
        Files.createDirectories(folder);
        Map<String, Path> attempts = new LinkedHashMap<>();
        attempts.put("altered bytes", put(folder, "altered", altered(file)));
        attempts.put("the same transfer twice", put(folder, "twice", overlap(honestCertificate, honest, honest)));
        attempts.put("one request replayed", put(folder, "replayed", sequence(honestCertificate, honest, other)));
        attempts.put("a foreign certificate", put(folder, "foreign", foreign(honestCertificate)));
        attempts.put("a randomised re-signature", put(folder, "resigned", resigned(honestCertificate, honest)));
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

    /**
     * The other value that ECDSA allows for a signature is its s taken from the group order. In this wire form it is not
     * even a signature; the file carries it in raw bytes.
     */
    private Bytes resigned(Signed<PurseCertificate> certificate, Signed<Transfer> honest) {
        BigInteger order = new BigInteger("ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551", 16);
        Bytes raw = honest.signature().bytes();
        BigInteger s =
                order.subtract(new BigInteger(1, raw.slice(32, Signature.SIZE).toArray()));
        byte[] fixed = new byte[32];
        byte[] bytes = s.toByteArray();
        int from = Math.max(0, bytes.length - 32);
        System.arraycopy(bytes, from, fixed, 32 - (bytes.length - from), bytes.length - from);
        String twice = overlap(certificate, honest, honest).hex();
        int second = twice.lastIndexOf(raw.hex());
        String spoilt = twice.substring(0, second)
                + raw.slice(0, 32).hex()
                + Bytes.of(fixed).hex()
                + twice.substring(second + 2 * Signature.SIZE);
        return Bytes.fromHex(spoilt);
    }
}
