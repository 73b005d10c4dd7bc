package org.jiaozi.crypto;

import com.amazon.corretto.crypto.provider.AmazonCorrettoCryptoProvider;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.Provider;
import java.security.Signature;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.PKCS8EncodedKeySpec;
import java.security.spec.X509EncodedKeySpec;
import java.util.Locale;
import java.util.Optional;
import org.jiaozi.core.crypto.PublicKey;
import org.jiaozi.core.value.Bytes;

/**
 * ES256 in Amazon Corretto's native library, several times as fast as Java. It is never registered with the JVM's list
 * of providers: whoever wants it holds it.
 */
final class CorrettoEs256 implements Es256Engine {
    /** SubjectPublicKeyInfo (RFC 5480) of a compressed P-256 point, up to the point. */
    private static final Bytes SPKI_PREFIX = Bytes.fromHex("3039301306072a8648ce3d020106082a8648ce3d030107032200");
    /** PrivateKeyInfo (RFC 5958) of a P-256 key without its public half, up to the scalar. */
    private static final Bytes PKCS8_PREFIX =
            Bytes.fromHex("3041020100301306072a8648ce3d020106082a8648ce3d030107042730250201010420");

    private static final String P1363 = "SHA256withECDSAinP1363Format";

    private final Provider provider;
    private final KeyFactory keys;
    private final AesGcm aesGcm;

    private CorrettoEs256(Provider provider) throws GeneralSecurityException {
        this.provider = provider;
        this.keys = KeyFactory.getInstance("EC", provider);
        this.aesGcm = new CorrettoAesGcm(provider);
    }

    /**
     * Loads the library and checks it on a known signature. Takes some hundred milliseconds of CPU.
     *
     * @throws GeneralSecurityException with the reason, when this machine cannot use it
     */
    static CorrettoEs256 load() throws GeneralSecurityException {
        String os = System.getProperty("os.name", "").toLowerCase(Locale.ROOT);
        String cpu = System.getProperty("os.arch", "");
        if (!os.equals("linux") || !cpu.equals("amd64")) {
            throw new GeneralSecurityException("no native library for " + os + "-" + cpu);
        }
        CorrettoEs256 engine;
        try {
            Throwable failure = AmazonCorrettoCryptoProvider.INSTANCE.getLoadingError();
            if (failure != null) {
                throw new GeneralSecurityException("native library does not load: " + failure.getMessage(), failure);
            }
            engine = new CorrettoEs256(AmazonCorrettoCryptoProvider.INSTANCE);
        } catch (LinkageError absent) {
            throw new GeneralSecurityException("native library is absent: " + absent.getMessage(), absent);
        }
        if (!SelfTest.passes(engine)) {
            throw new GeneralSecurityException("native library fails its self-test");
        }
        return engine;
    }

    @Override
    public String name() {
        return "Amazon Corretto " + provider.getVersionStr() + " (native)";
    }

    @Override
    public AesGcm aesGcm() {
        return aesGcm;
    }

    @Override
    public Optional<VerifyingKey> decode(PublicKey key) {
        java.security.PublicKey decoded;
        try {
            decoded = keys.generatePublic(
                    new X509EncodedKeySpec(SPKI_PREFIX.concat(key.compressed()).toArray()));
        } catch (InvalidKeySpecException notOnTheCurve) {
            return Optional.empty();
        }
        return Optional.of((message, rs) -> {
            try {
                Signature verifier = Signature.getInstance(P1363, provider);
                verifier.initVerify(decoded);
                verifier.update(message);
                return verifier.verify(rs);
            } catch (GeneralSecurityException malformed) {
                return false;
            }
        });
    }

    @Override
    public SigningKey signingKey(Bytes scalar) {
        PrivateKey key;
        try {
            key = keys.generatePrivate(
                    new PKCS8EncodedKeySpec(PKCS8_PREFIX.concat(scalar).toArray()));
        } catch (InvalidKeySpecException e) {
            // without its cause, which could quote the key
            throw new IllegalArgumentException("not the scalar of a P-256 key");
        }
        return message -> {
            try {
                Signature signer = Signature.getInstance(P1363, provider);
                signer.initSign(key);
                signer.update(message);
                return signer.sign();
            } catch (GeneralSecurityException e) {
                throw new IllegalStateException("signing failed", e);
            }
        };
    }
}
