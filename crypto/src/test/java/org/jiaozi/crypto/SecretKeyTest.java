package org.jiaozi.crypto;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayDeque;
import java.util.List;
import org.jiaozi.core.value.Bytes;
import org.junit.jupiter.api.Test;

final class SecretKeyTest {
    private static final String N = "ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551";
    private static final String ONE = "00".repeat(31) + "01";
    private static final InsecureSecretAccess ACCESS = InsecureSecretAccess.get();

    @Test
    void generationSkipsWhatIsNoScalar() {
        ArrayDeque<Bytes> drawn = new ArrayDeque<>(List.of(
                Bytes.fromHex("00".repeat(32)), Bytes.fromHex(N), Bytes.fromHex("ff".repeat(32)), Bytes.fromHex(ONE)));
        SecretKey key = SecretKey.generate(n -> drawn.removeFirst());
        assertThat(key.scalar(ACCESS).hex()).isEqualTo(ONE);
        // 1 times the base point
        assertThat(key.publicKey().compressed().hex())
                .isEqualTo("036b17d1f2e12c4247f8bce6e563a440f277037d812deb33a0f4a13945d898c296");
    }

    @Test
    void scalarsOutOfRangeAreRefused() {
        for (String bad : List.of("00".repeat(32), N, "ff".repeat(32), "01".repeat(31), "01".repeat(33), "")) {
            assertThatThrownBy(() -> SecretKey.fromScalar(Bytes.fromHex(bad), ACCESS))
                    .as(bad)
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageNotContaining(bad.isEmpty() ? "\n" : bad);
        }
    }

    @Test
    void nothingPrintsTheScalar() {
        Bytes scalar = new SystemEntropy().next(32).slice(1, 32);
        SecretKey key = SecretKey.fromScalar(Bytes.fromHex("01").concat(scalar), ACCESS);
        assertThat(key.toString()).doesNotContain(scalar.hex());
        assertThat(Es256Signer.of(key).toString()).doesNotContain(scalar.hex());
    }
}
