package org.jiaozi.core.testing;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import org.bouncycastle.asn1.sec.SECNamedCurves;
import org.bouncycastle.asn1.x9.X9ECParameters;
import org.bouncycastle.crypto.params.ECDomainParameters;
import org.bouncycastle.crypto.params.ECPrivateKeyParameters;
import org.bouncycastle.crypto.params.ECPublicKeyParameters;
import org.bouncycastle.crypto.signers.DSAKCalculator;
import org.bouncycastle.crypto.signers.ECDSASigner;
import org.bouncycastle.util.BigIntegers;
import org.jiaozi.core.crypto.PublicKey;
import org.jiaozi.core.crypto.Sha256;
import org.jiaozi.core.crypto.Signature;
import org.jiaozi.core.crypto.SignatureVerifier;
import org.jiaozi.core.crypto.Signer;
import org.jiaozi.core.value.Bytes;

/** P-256 keys made from a name, signing the same way in every run. For tests only: whoever knows the name has the key. */
public final class TestKeys {
    private static final X9ECParameters CURVE = SECNamedCurves.getByName("secp256r1");
    private static final ECDomainParameters DOMAIN =
            new ECDomainParameters(CURVE.getCurve(), CURVE.getG(), CURVE.getN(), CURVE.getH());

    public static final SignatureVerifier VERIFIER = TestKeys::verify;

    private TestKeys() {}

    /** The key called {@code name}. */
    public static Signer signer(String name) {
        return signer(name, "");
    }

    /** The same key as {@code signer(name)}, whose signatures of the same statement differ by {@code salt}. */
    public static Signer signer(String name, String salt) {
        BigInteger secret = scalar(name);
        PublicKey publicKey =
                new PublicKey(Bytes.of(CURVE.getG().multiply(secret).getEncoded(true)));
        return new Signer() {
            @Override
            public PublicKey publicKey() {
                return publicKey;
            }

            @Override
            public Signature sign(Bytes message) {
                ECDSASigner ecdsa = new ECDSASigner(new Derived(salt));
                ecdsa.init(true, new ECPrivateKeyParameters(secret, DOMAIN));
                BigInteger[] rs = ecdsa.generateSignature(hash(message));
                return Signature.normalise(Bytes.of(BigIntegers.asUnsignedByteArray(32, rs[0]))
                        .concat(Bytes.of(BigIntegers.asUnsignedByteArray(32, rs[1]))));
            }
        };
    }

    public static PublicKey key(String name) {
        return signer(name).publicKey();
    }

    private static boolean verify(PublicKey key, Bytes message, Signature signature) {
        ECDSASigner ecdsa = new ECDSASigner();
        try {
            ecdsa.init(
                    false,
                    new ECPublicKeyParameters(
                            CURVE.getCurve().decodePoint(key.compressed().toArray()), DOMAIN));
        } catch (IllegalArgumentException e) {
            // a point off the curve verifies nothing
            return false;
        }
        return ecdsa.verifySignature(
                hash(message),
                new BigInteger(1, signature.bytes().slice(0, 32).toArray()),
                new BigInteger(1, signature.bytes().slice(32, 64).toArray()));
    }

    private static byte[] hash(Bytes message) {
        return Sha256.hash(message).bytes().toArray();
    }

    private static BigInteger scalar(String text) {
        byte[] digest = hash(Bytes.of(text.getBytes(StandardCharsets.UTF_8)));
        return new BigInteger(1, digest)
                .mod(CURVE.getN().subtract(BigInteger.ONE))
                .add(BigInteger.ONE);
    }

    /** The nonce as a function of key, message and salt. */
    private static final class Derived implements DSAKCalculator {
        private final String salt;
        private String seed = "";

        Derived(String salt) {
            this.salt = salt;
        }

        @Override
        public boolean isDeterministic() {
            return true;
        }

        @Override
        public void init(BigInteger n, SecureRandom random) {
            throw new UnsupportedOperationException("deterministic");
        }

        @Override
        public void init(BigInteger n, BigInteger d, byte[] message) {
            seed = salt + d.toString(16) + Bytes.of(message).hex();
        }

        @Override
        public BigInteger nextK() {
            seed = seed + ".";
            return scalar(seed);
        }
    }
}
