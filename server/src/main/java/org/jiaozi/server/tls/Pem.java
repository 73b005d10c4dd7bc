package org.jiaozi.server.tls;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jiaozi.server.StartFailure;
import org.jiaozi.server.durable.DurableFile;

/** Certificates and P-256 keys as PEM files, the form that other tools read as well. */
public final class Pem {
    private static final String CERTIFICATE = "CERTIFICATE";
    private static final String PRIVATE_KEY = "PRIVATE KEY";
    private static final Pattern BLOCK =
            Pattern.compile("-----BEGIN ([A-Z ]+)-----([A-Za-z0-9+/=\\s]+)-----END \\1-----");

    private Pem() {}

    /**
     * Reads the first certificate of a file.
     *
     * @throws StartFailure in one line where the file is missing or holds none
     */
    public static X509Certificate readCertificate(Path file) {
        return parseCertificate(read(file, CERTIFICATE), file);
    }

    private static X509Certificate parseCertificate(byte[] der, Path file) {
        try {
            return (X509Certificate)
                    CertificateFactory.getInstance("X.509").generateCertificate(new ByteArrayInputStream(der));
        } catch (CertificateException e) {
            throw new StartFailure("The certificate in " + file + " is damaged.", e);
        }
    }

    static PrivateKey readPrivateKey(Path file) {
        try {
            return KeyFactory.getInstance("EC").generatePrivate(new PKCS8EncodedKeySpec(read(file, PRIVATE_KEY)));
        } catch (GeneralSecurityException e) {
            throw new StartFailure("The key in " + file + " is damaged.", e);
        }
    }

    private static byte[] read(Path file, String type) {
        String text;
        try {
            text = Files.readString(file, StandardCharsets.US_ASCII);
        } catch (IOException e) {
            throw new StartFailure("Cannot read " + file + ": " + e, e);
        }
        Matcher block = BLOCK.matcher(text);
        while (block.find()) {
            if (block.group(1).equals(type)) {
                try {
                    return Base64.getMimeDecoder().decode(block.group(2));
                } catch (IllegalArgumentException e) {
                    throw new StartFailure("The " + type + " in " + file + " is damaged.", e);
                }
            }
        }
        throw new StartFailure("The file " + file + " holds no " + type + ".");
    }

    static void writeCertificate(Path file, X509Certificate certificate) throws IOException, CertificateException {
        write(file, CERTIFICATE, certificate.getEncoded(), DurableFile.Access.EVERYBODY);
    }

    static void writePrivateKey(Path file, PrivateKey key) throws IOException {
        write(file, PRIVATE_KEY, key.getEncoded(), DurableFile.Access.OWNER);
    }

    /** Writes whole or not at all; the permissions are set before the content is there. */
    private static void write(Path file, String type, byte[] der, DurableFile.Access access) throws IOException {
        String body = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der);
        String text = "-----BEGIN " + type + "-----\n" + body + "\n-----END " + type + "-----\n";
        DurableFile.write(file, text.getBytes(StandardCharsets.US_ASCII), access);
    }
}
