package org.jiaozi.lab.audit;

import java.math.BigInteger;
import java.security.AlgorithmParameters;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.Signature;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.ECParameterSpec;
import java.security.spec.ECPoint;
import java.security.spec.ECPublicKeySpec;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.jiaozi.core.value.Bytes;

/**
 * ES256 by nothing but the JDK; points are decompressed here, and of the two signatures that verify only the one with the lower s
 * counts (spec 02, clause 7). Not thread-safe.
 */
public final class JdkP256 implements KeyCheck {
    private static final BigInteger P =
            new BigInteger("ffffffff00000001000000000000000000000000ffffffffffffffffffffffff", 16);
    private static final BigInteger B =
            new BigInteger("5ac635d8aa3a93e7b3ebbd55769886bc651d06b0cc53b0f63bce3c3e27d2604b", 16);
    private static final BigInteger HALF_ORDER =
            new BigInteger("ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551", 16).shiftRight(1);
    private static final BigInteger THREE = BigInteger.valueOf(3);

    private final Map<Bytes, Optional<PublicKey>> keys = new HashMap<>();

    @Override
    public boolean verifies(Bytes key, Bytes message, Bytes signature) {
        Optional<PublicKey> decoded = keys.computeIfAbsent(key, JdkP256::decode);
        if (decoded.isEmpty() || signature.size() != 64) {
            return false;
        }
        if (new BigInteger(1, signature.slice(32, 64).toArray()).compareTo(HALF_ORDER) > 0) {
            return false;
        }
        try {
            Signature check = Signature.getInstance("SHA256withECDSAinP1363Format");
            check.initVerify(decoded.get());
            check.update(message.toArray());
            return check.verify(signature.toArray());
        } catch (GeneralSecurityException e) {
            return false;
        }
    }

    private static Optional<PublicKey> decode(Bytes key) {
        if (key.size() != 33 || (key.at(0) != 2 && key.at(0) != 3)) {
            return Optional.empty();
        }
        BigInteger x = new BigInteger(1, key.slice(1, 33).toArray());
        BigInteger square =
                x.modPow(THREE, P).subtract(THREE.multiply(x)).add(B).mod(P);
        BigInteger y = square.modPow(P.add(BigInteger.ONE).shiftRight(2), P);
        if (x.compareTo(P) >= 0 || !y.multiply(y).mod(P).equals(square)) {
            return Optional.empty();
        }
        if (y.testBit(0) != (key.at(0) == 3)) {
            y = P.subtract(y);
        }
        try {
            AlgorithmParameters curve = AlgorithmParameters.getInstance("EC");
            curve.init(new ECGenParameterSpec("secp256r1"));
            ECPublicKeySpec spec =
                    new ECPublicKeySpec(new ECPoint(x, y), curve.getParameterSpec(ECParameterSpec.class));
            return Optional.of(KeyFactory.getInstance("EC").generatePublic(spec));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has P-256", e);
        }
    }
}
