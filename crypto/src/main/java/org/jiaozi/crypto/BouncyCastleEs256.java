package org.jiaozi.crypto;

import java.math.BigInteger;
import java.util.Arrays;
import java.util.Optional;
import org.bouncycastle.asn1.x9.X9ECParameters;
import org.bouncycastle.crypto.digests.SHA256Digest;
import org.bouncycastle.crypto.ec.CustomNamedCurves;
import org.bouncycastle.crypto.params.ECDomainParameters;
import org.bouncycastle.crypto.params.ECPrivateKeyParameters;
import org.bouncycastle.crypto.params.ECPublicKeyParameters;
import org.bouncycastle.crypto.signers.ECDSASigner;
import org.bouncycastle.crypto.signers.HMacDSAKCalculator;
import org.bouncycastle.math.ec.FixedPointCombMultiplier;
import org.bouncycastle.util.BigIntegers;
import org.jiaozi.core.crypto.PublicKey;
import org.jiaozi.core.crypto.Sha256;
import org.jiaozi.core.value.Bytes;

/**
 * ES256 in Java. Its nonces follow RFC 6979, so that a signature never leans on the machine's randomness and the same
 * message always gets the same one.
 */
final class BouncyCastleEs256 implements Es256Engine {
    static final BouncyCastleEs256 INSTANCE = new BouncyCastleEs256();

    private static final X9ECParameters CURVE = CustomNamedCurves.getByName("P-256");
    private static final ECDomainParameters DOMAIN = new ECDomainParameters(CURVE);

    /** The order n of P-256's base point. */
    static final BigInteger ORDER = CURVE.getN();

    private static final int FIELD_BYTES = 32;

    private BouncyCastleEs256() {}

    /** The public key of a scalar in [1, n-1]. */
    static PublicKey publicKey(Bytes scalar) {
        BigInteger d = new BigInteger(1, scalar.toArray());
        return new PublicKey(Bytes.of(new FixedPointCombMultiplier()
                .multiply(CURVE.getG(), d)
                .normalize()
                .getEncoded(true)));
    }

    @Override
    public String name() {
        return "BouncyCastle";
    }

    @Override
    public AesGcm aesGcm() {
        return BouncyCastleAesGcm.INSTANCE;
    }

    @Override
    public Optional<VerifyingKey> decode(PublicKey key) {
        ECPublicKeyParameters parameters;
        try {
            parameters = new ECPublicKeyParameters(
                    CURVE.getCurve().decodePoint(key.compressed().toArray()), DOMAIN);
        } catch (IllegalArgumentException notOnTheCurve) {
            return Optional.empty();
        }
        return Optional.of((message, rs) -> {
            ECDSASigner verifier = new ECDSASigner();
            verifier.init(false, parameters);
            BigInteger r = new BigInteger(1, Arrays.copyOfRange(rs, 0, FIELD_BYTES));
            BigInteger s = new BigInteger(1, Arrays.copyOfRange(rs, FIELD_BYTES, rs.length));
            return verifier.verifySignature(digest(message), r, s);
        });
    }

    @Override
    public SigningKey signingKey(Bytes scalar) {
        ECPrivateKeyParameters parameters = new ECPrivateKeyParameters(new BigInteger(1, scalar.toArray()), DOMAIN);
        return message -> {
            ECDSASigner signer = new ECDSASigner(new HMacDSAKCalculator(new SHA256Digest()));
            signer.init(true, parameters);
            BigInteger[] pair = signer.generateSignature(digest(message));
            byte[] rs = new byte[2 * FIELD_BYTES];
            BigIntegers.asUnsignedByteArray(pair[0], rs, 0, FIELD_BYTES);
            BigIntegers.asUnsignedByteArray(pair[1], rs, FIELD_BYTES, FIELD_BYTES);
            return rs;
        };
    }

    private static byte[] digest(byte[] message) {
        return Sha256.hash(message).bytes().toArray();
    }
}
