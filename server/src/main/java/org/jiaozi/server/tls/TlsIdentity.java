package org.jiaozi.server.tls;

import java.io.IOException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.PBEParameterSpec;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import javax.security.auth.x500.X500Principal;
import org.jiaozi.server.StartFailure;
import org.jspecify.annotations.Nullable;

/**
 * A member's key and certificate with the authority it trusts: what it needs to serve and to call others. Trust is in
 * that one authority alone, never in those of the system.
 */
public final class TlsIdentity {
    static final String AUTHORITY = "ca.pem";
    static final String CERTIFICATE = "tls.pem";
    static final String KEY = "tls.key";

    private static final String PREFIX = "CN=";
    /** The key store lives in memory only, but its interface wants a password, and encrypts: a single round is enough then. */
    private static final char[] IN_MEMORY = "memory".toCharArray();

    private static final KeyStore.PasswordProtection PROTECTION = new KeyStore.PasswordProtection(
            IN_MEMORY,
            "PBEWithHmacSHA256AndAES_256",
            new PBEParameterSpec(new byte[16], 1, new IvParameterSpec(new byte[16])));

    private final X509Certificate authority;
    private final X509Certificate certificate;
    private final PrivateKey key;

    private TlsIdentity(X509Certificate authority, X509Certificate certificate, PrivateKey key) {
        this.authority = authority;
        this.certificate = certificate;
        this.key = key;
    }

    /**
     * Loads {@code ca.pem}, {@code tls.pem} and {@code tls.key} from a folder.
     *
     * @throws StartFailure in one line where one is missing or damaged
     */
    public static TlsIdentity load(Path folder) {
        return new TlsIdentity(
                Pem.readCertificate(folder.resolve(AUTHORITY)),
                Pem.readCertificate(folder.resolve(CERTIFICATE)),
                Pem.readPrivateKey(folder.resolve(KEY)));
    }

    /** The authority's certificate. */
    public X509Certificate authority() {
        return authority;
    }

    /** The member's own certificate. */
    public X509Certificate certificate() {
        return certificate;
    }

    /** The member's name. */
    public String name() {
        return nameOf(certificate);
    }

    /** The member's name in a certificate of this authority. */
    public static String nameOf(X509Certificate certificate) {
        String subject = certificate.getSubjectX500Principal().getName(X500Principal.RFC2253);
        return subject.startsWith(PREFIX) ? subject.substring(PREFIX.length()) : subject;
    }

    /** A context that shows this identity and trusts the authority; for serving and for calling the central bank. */
    public SSLContext context() {
        return context(authority, this);
    }

    /** A context that trusts an authority and shows nothing; for wallets and whoever reads what is public. */
    public static SSLContext trusting(X509Certificate authority) {
        return context(authority, null);
    }

    private static SSLContext context(X509Certificate authority, @Nullable TlsIdentity identity) {
        try {
            KeyStore trusted = KeyStore.getInstance("PKCS12");
            trusted.load(null, null);
            trusted.setCertificateEntry("ca", authority);
            TrustManagerFactory trust = TrustManagerFactory.getInstance("PKIX");
            trust.init(trusted);

            KeyStore own = KeyStore.getInstance("PKCS12");
            own.load(null, null);
            if (identity != null) {
                own.setEntry(
                        "tls",
                        new KeyStore.PrivateKeyEntry(
                                identity.key, new X509Certificate[] {identity.certificate, identity.authority}),
                        PROTECTION);
            }
            // this one takes the key out of its store once, the other at each handshake
            KeyManagerFactory keys = KeyManagerFactory.getInstance("SunX509");
            keys.init(own, IN_MEMORY);

            SSLContext context = SSLContext.getInstance("TLSv1.3");
            context.init(keys.getKeyManagers(), trust.getTrustManagers(), null);
            return context;
        } catch (GeneralSecurityException | IOException e) {
            throw new StartFailure("Cannot set up TLS: " + e, e);
        }
    }
}
