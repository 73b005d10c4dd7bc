package org.jiaozi.server.tls;

import java.io.IOException;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.regex.Pattern;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509ExtensionUtils;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.jiaozi.server.StartFailure;
import org.jiaozi.server.durable.DurableFile;

/**
 * The authority that the central bank creates once, for connections between it, the institutions and their customers.
 * Its files are {@code ca.pem} and {@code ca.key} (owner only) in a folder of its own.
 */
public final class CertificateAuthority {
    private static final Duration ROOT_VALIDITY = Duration.ofDays(3650);
    private static final Duration LEAF_VALIDITY = Duration.ofDays(730);
    private static final Duration RENEW_BEFORE = Duration.ofDays(90);
    private static final Duration CLOCK_SLACK = Duration.ofDays(1);
    private static final Pattern NAME = Pattern.compile("[a-z0-9][a-z0-9-]{0,62}");

    private final X509Certificate certificate;
    private final PrivateKey key;
    private final SecureRandom random;

    private CertificateAuthority(X509Certificate certificate, PrivateKey key, SecureRandom random) {
        this.certificate = certificate;
        this.key = key;
        this.random = random;
    }

    /**
     * Opens the authority in a folder, creating it where there is none.
     *
     * @throws StartFailure in one line where the folder cannot be written or its files are damaged
     */
    public static CertificateAuthority openOrCreate(Path folder, Instant now, SecureRandom random) {
        Path certificateFile = folder.resolve("ca.pem");
        Path keyFile = folder.resolve("ca.key");
        try {
            // The certificate is written last, so its presence means that both are whole.
            if (!Files.exists(certificateFile)) {
                createPrivateFolder(folder);
                KeyPair pair = generate(random);
                X500Name name = new X500Name("CN=Jiaozi connections");
                JcaX509v3CertificateBuilder builder = builder(name, name, pair.getPublic(), now, ROOT_VALIDITY, random);
                builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(0));
                builder.addExtension(Extension.keyUsage, true, new KeyUsage(KeyUsage.keyCertSign | KeyUsage.cRLSign));
                X509Certificate root = sign(builder, pair.getPrivate());
                Pem.writePrivateKey(keyFile, pair.getPrivate());
                Pem.writeCertificate(certificateFile, root);
            }
        } catch (IOException | GeneralSecurityException | OperatorCreationException e) {
            throw new StartFailure("Cannot create the certificate authority in " + folder + ": " + e, e);
        }
        return new CertificateAuthority(Pem.readCertificate(certificateFile), Pem.readPrivateKey(keyFile), random);
    }

    /** The root that everybody who connects must hold; public. */
    public X509Certificate certificate() {
        return certificate;
    }

    /**
     * Gives a member its key and certificate, for serving on this machine and for calling others, unless the folder holds
     * a fitting one that is valid for another 90 days. The folder then has {@code ca.pem}, {@code tls.pem} and
     * {@code tls.key} (owner only).
     *
     * @param name the member's name, which servers see as the caller's: lower-case letters, digits, hyphens
     */
    public TlsIdentity issueInto(Path folder, String name, Instant now) {
        if (!NAME.matcher(name).matches()) {
            throw new IllegalArgumentException("not a member's name: " + name);
        }
        try {
            if (Files.exists(folder.resolve(TlsIdentity.CERTIFICATE))) {
                TlsIdentity present = TlsIdentity.load(folder);
                if (fits(present, name, now)) {
                    return present;
                }
            }
            createPrivateFolder(folder);
            KeyPair pair = generate(random);
            X509Certificate leaf = leaf(name, pair.getPublic(), now);
            DurableFile.remove(folder.resolve(TlsIdentity.CERTIFICATE));
            Pem.writeCertificate(folder.resolve(TlsIdentity.AUTHORITY), certificate);
            Pem.writePrivateKey(folder.resolve(TlsIdentity.KEY), pair.getPrivate());
            Pem.writeCertificate(folder.resolve(TlsIdentity.CERTIFICATE), leaf);
            return TlsIdentity.load(folder);
        } catch (IOException | GeneralSecurityException | OperatorCreationException e) {
            throw new StartFailure("Cannot write a certificate into " + folder + ": " + e, e);
        }
    }

    private boolean fits(TlsIdentity present, String name, Instant now) {
        return present.authority().equals(certificate)
                && present.name().equals(name)
                && present.certificate().getNotAfter().toInstant().isAfter(now.plus(RENEW_BEFORE));
    }

    private X509Certificate leaf(String name, PublicKey subject, Instant now)
            throws IOException, GeneralSecurityException, OperatorCreationException {
        JcaX509v3CertificateBuilder builder = builder(
                new X500Name(certificate.getSubjectX500Principal().getName()),
                new X500Name("CN=" + name),
                subject,
                now,
                LEAF_VALIDITY,
                random);
        JcaX509ExtensionUtils extensions = new JcaX509ExtensionUtils();
        builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(false));
        builder.addExtension(Extension.keyUsage, true, new KeyUsage(KeyUsage.digitalSignature));
        builder.addExtension(Extension.extendedKeyUsage, false, new ExtendedKeyUsage(new KeyPurposeId[] {
            KeyPurposeId.id_kp_serverAuth, KeyPurposeId.id_kp_clientAuth
        }));
        builder.addExtension(Extension.subjectAlternativeName, false, new GeneralNames(new GeneralName[] {
            new GeneralName(GeneralName.dNSName, "localhost"), new GeneralName(GeneralName.iPAddress, "127.0.0.1")
        }));
        builder.addExtension(
                Extension.authorityKeyIdentifier, false, extensions.createAuthorityKeyIdentifier(certificate));
        return sign(builder, key);
    }

    private static JcaX509v3CertificateBuilder builder(
            X500Name issuer, X500Name subject, PublicKey key, Instant now, Duration validity, SecureRandom random) {
        // 128 random bits, never negative or zero.
        BigInteger serial = new BigInteger(127, random).setBit(126);
        return new JcaX509v3CertificateBuilder(
                issuer, serial, Date.from(now.minus(CLOCK_SLACK)), Date.from(now.plus(validity)), subject, key);
    }

    private static X509Certificate sign(JcaX509v3CertificateBuilder builder, PrivateKey key)
            throws GeneralSecurityException, OperatorCreationException {
        return new JcaX509CertificateConverter()
                .getCertificate(builder.build(new JcaContentSignerBuilder("SHA256withECDSA").build(key)));
    }

    private static KeyPair generate(SecureRandom random) throws GeneralSecurityException {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
        generator.initialize(new ECGenParameterSpec("secp256r1"), random);
        return generator.generateKeyPair();
    }

    private static void createPrivateFolder(Path folder) throws IOException {
        if (!Files.isDirectory(folder)) {
            DurableFile.createFolders(
                    folder, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        }
    }
}
