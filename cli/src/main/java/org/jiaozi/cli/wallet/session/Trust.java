package org.jiaozi.cli.wallet.session;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import javax.net.ssl.SSLContext;
import org.jiaozi.cli.CommandFailure;
import org.jiaozi.cli.output.Reason;
import org.jiaozi.core.crypto.PublicKey;
import org.jiaozi.core.value.Bytes;
import org.jiaozi.server.tls.TlsIdentity;

/**
 * Whom a device trusts: one central bank's root key, and the authority that vouches for its servers.
 *
 * @param rootKey signs bulletins
 * @param caPem the authority's certificate, PEM
 */
public record Trust(PublicKey rootKey, String caPem) {
    private static final long LONGEST = 1 << 20;

    /** Reads {@code trust.json}: {@code {"rootKey": hex, "caPem": "…"}}; other members are for others. */
    public static Trust read(Path file) {
        try {
            if (Files.size(file) > LONGEST) {
                throw new CommandFailure(file + " is too large for a trust file");
            }
            JsonNode node = new ObjectMapper().readTree(Files.readAllBytes(file));
            if (node == null || !node.path("rootKey").isTextual()) {
                throw new CommandFailure(file + " is no trust file: it has no \"rootKey\"");
            }
            return new Trust(
                    root(node.path("rootKey").asText()), node.path("caPem").asText(""));
        } catch (IOException e) {
            throw new CommandFailure("cannot read the trust file " + file + ": " + Reason.of(e), e);
        }
    }

    /** Reads a root key as people paste it. */
    public static PublicKey root(String hex) {
        try {
            return new PublicKey(Bytes.fromHex(hex.strip()));
        } catch (IllegalArgumentException e) {
            throw CommandFailure.usage("a root key is 66 hexadecimal digits that begin with 02 or 03");
        }
    }

    /** TLS that believes servers of that authority alone. */
    public SSLContext tls() {
        try {
            X509Certificate authority = (X509Certificate) CertificateFactory.getInstance("X.509")
                    .generateCertificate(new ByteArrayInputStream(caPem.getBytes(StandardCharsets.US_ASCII)));
            return TlsIdentity.trusting(authority);
        } catch (CertificateException e) {
            throw new CommandFailure("the trust file's \"caPem\" is no certificate: take a fresh trust.json", e);
        }
    }
}
