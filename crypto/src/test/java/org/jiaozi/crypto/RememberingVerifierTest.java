package org.jiaozi.crypto;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.jiaozi.core.crypto.PublicKey;
import org.jiaozi.core.crypto.Signature;
import org.jiaozi.core.crypto.SignatureVerifier;
import org.jiaozi.core.value.Bytes;
import org.jiaozi.crypto.fake.SeededEntropy;
import org.junit.jupiter.api.Test;

final class RememberingVerifierTest {
    private final Es256Verifier real = new Es256Verifier();
    private final List<Bytes> asked = new ArrayList<>();
    private final Es256Signer signer = Es256Signer.of(SecretKey.generate(new SeededEntropy(1)));
    private final Es256Signer other = Es256Signer.of(SecretKey.generate(new SeededEntropy(2)));
    private final SignatureVerifier remembering = new RememberingVerifier(this::count, 4);

    private boolean count(PublicKey key, Bytes message, Signature signature) {
        asked.add(message);
        return real.verify(key, message, signature);
    }

    private static Bytes message(int number) {
        return Bytes.of(new byte[] {(byte) number, 1});
    }

    @Test
    void whatHeldOnceIsNotVerifiedAgain() {
        Signature signature = signer.sign(message(1));
        assertThat(remembering.verify(signer.publicKey(), message(1), signature))
                .isTrue();
        assertThat(remembering.verify(signer.publicKey(), message(1), signature))
                .isTrue();
        assertThat(asked).hasSize(1);
    }

    @Test
    void whatIsRememberedSpeaksOfNoOtherMessageKeyOrSignature() {
        Signature signature = signer.sign(message(1));
        Signature another = signer.sign(message(2));
        assertThat(remembering.verify(signer.publicKey(), message(1), signature))
                .isTrue();
        assertThat(remembering.verify(signer.publicKey(), message(2), signature))
                .isFalse();
        assertThat(remembering.verify(other.publicKey(), message(1), signature)).isFalse();
        assertThat(remembering.verify(signer.publicKey(), message(1), another)).isFalse();
        assertThat(asked).hasSize(4);
    }

    @Test
    void whatDoesNotHoldIsVerifiedEachTime() {
        Signature foreign = other.sign(message(1));
        assertThat(remembering.verify(signer.publicKey(), message(1), foreign)).isFalse();
        assertThat(remembering.verify(signer.publicKey(), message(1), foreign)).isFalse();
        assertThat(asked).hasSize(2);
    }

    @Test
    void whatIsOldestIsForgotten() {
        List<Signature> signatures = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            signatures.add(signer.sign(message(i)));
            assertThat(remembering.verify(signer.publicKey(), message(i), signatures.get(i)))
                    .isTrue();
        }
        assertThat(asked).hasSize(8);
        assertThat(remembering.verify(signer.publicKey(), message(7), signatures.get(7)))
                .isTrue();
        assertThat(asked).hasSize(8);
        assertThat(remembering.verify(signer.publicKey(), message(0), signatures.get(0)))
                .isTrue();
        assertThat(asked).hasSize(9);
    }
}
