package org.jiaozi.lab.audit;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigInteger;
import java.util.stream.LongStream;
import org.jiaozi.core.crypto.PublicKey;
import org.jiaozi.core.crypto.Signature;
import org.jiaozi.core.crypto.Signer;
import org.jiaozi.core.value.Bytes;
import org.jiaozi.crypto.Es256Signer;
import org.jiaozi.crypto.Es256Verifier;
import org.jiaozi.crypto.SecretKey;
import org.jiaozi.crypto.fake.SeededEntropy;
import org.junit.jupiter.api.Test;

/** The auditor's signature check, written apart from the platform's, says the same of the same bytes. */
final class JdkP256Test {
    private static final Bytes MESSAGE = Bytes.fromHex("6d657373616765");
    private static final BigInteger ORDER =
            new BigInteger("ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551", 16);

    /** With an even y, as any first byte that is no 3 might be taken to say. */
    private final Signer signer = LongStream.range(1, 100)
            .mapToObj(seed -> Es256Signer.deterministic(SecretKey.generate(new SeededEntropy(seed))))
            .filter(s -> s.publicKey().compressed().at(0) == 2)
            .findFirst()
            .orElseThrow();

    private final Bytes key = signer.publicKey().compressed();
    private final Bytes signature = signer.sign(MESSAGE).bytes();

    @Test
    void whatWasSignedVerifiesAndTheOtherSignatureOfTheSameDoesNot() {
        assertThat(new JdkP256().verifies(key, MESSAGE, signature)).isTrue();
        byte[] other = ORDER.subtract(new BigInteger(signature.slice(32, 64).hex(), 16))
                .toByteArray();
        Bytes mirrored = signature.slice(0, 32).concat(Bytes.of(other, other.length - 32, other.length));
        assertThat(Signature.normalise(mirrored).bytes()).isEqualTo(signature);
        assertThat(new JdkP256().verifies(key, MESSAGE, mirrored)).isFalse();
    }

    @Test
    void whateverBitIsChangedItVerifiesWhereThePlatformDoes() {
        JdkP256 check = new JdkP256();
        byte[] all = key.concat(signature).concat(MESSAGE).toArray();
        int head = PublicKey.SIZE + Signature.SIZE;
        for (int bit = 0; bit < 8 * all.length; bit++) {
            all[bit / 8] ^= (byte) (1 << bit % 8);
            Bytes bent = Bytes.of(all);
            all[bit / 8] ^= (byte) (1 << bit % 8);
            assertThat(check.verifies(
                            bent.slice(0, PublicKey.SIZE),
                            bent.slice(head, bent.size()),
                            bent.slice(PublicKey.SIZE, head)))
                    .as("bit %s of byte %s", bit % 8, bit / 8)
                    .isEqualTo(byThePlatform(
                            bent.slice(0, PublicKey.SIZE),
                            bent.slice(head, bent.size()),
                            bent.slice(PublicKey.SIZE, head)));
        }
    }

    private static boolean byThePlatform(Bytes key, Bytes message, Bytes signature) {
        try {
            return new Es256Verifier().verify(new PublicKey(key), message, new Signature(signature));
        } catch (IllegalArgumentException e) {
            return false;
        }
    }
}
