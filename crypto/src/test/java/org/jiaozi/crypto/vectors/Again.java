package org.jiaozi.crypto.vectors;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import org.bouncycastle.crypto.digests.SHA512Digest;
import org.bouncycastle.crypto.ec.CustomNamedCurves;
import org.bouncycastle.crypto.params.ECDomainParameters;
import org.bouncycastle.crypto.params.ECPrivateKeyParameters;
import org.bouncycastle.crypto.signers.ECDSASigner;
import org.bouncycastle.crypto.signers.HMacDSAKCalculator;
import org.jiaozi.core.crypto.Sha256;
import org.jiaozi.core.crypto.Signature;
import org.jiaozi.core.statement.Signed;
import org.jiaozi.core.statement.Statement;
import org.jiaozi.core.value.Bytes;

/** A second sound signature of one statement: ECDSA has as many as there are nonces. */
final class Again {
    private Again() {}

    /** Signs as {@link Chain#key} of that name would, with the nonce that RFC 6979 gives for another hash. */
    static <T extends Statement> Signed<T> signed(String name, T statement) {
        var scalar = new BigInteger(
                1,
                Sha256.hash(("key " + name).getBytes(StandardCharsets.UTF_8))
                        .bytes()
                        .toArray());
        var signer = new ECDSASigner(new HMacDSAKCalculator(new SHA512Digest()));
        signer.init(
                true, new ECPrivateKeyParameters(scalar, new ECDomainParameters(CustomNamedCurves.getByName("P-256"))));
        BigInteger[] rs = signer.generateSignature(
                Sha256.hash(statement.sigStructure()).bytes().toArray());
        return new Signed<>(statement, Signature.normalise(wide(rs[0]).concat(wide(rs[1]))));
    }

    private static Bytes wide(BigInteger number) {
        String hex = number.toString(16);
        return Bytes.fromHex("0".repeat(64 - hex.length()) + hex);
    }
}
