package org.jiaozi.crypto;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.Consumer;
import org.jiaozi.core.value.Bytes;
import org.jiaozi.crypto.fake.SeededEntropy;
import org.junit.jupiter.api.Test;

final class PinVaultTest {
    private static final char[] PIN = "482913".toCharArray();
    private static final Bytes PLACE = Bytes.fromHex("aabb");
    private static final Bytes CONTENT = Bytes.fromHex("00112233445566778899");
    /** Sealed by version 1 of the format; must open for ever. */
    private static final Bytes GOLDEN_V1 =
            Bytes.fromHex("01000000200101783825822a6f9e62da2190e828e4c9d2532deabf88729cb43995ab5a"
                    + "aeca747fc04d66b915752de98f401f1b98a6e2ca142ff354865e");

    private final PinVault vault = new PinVault(Argon2Cost.CHEAP_FOR_TESTS, new SeededEntropy(3));

    @Test
    void derivationIsArgon2id() {
        // from the reference implementation's own tests
        byte[] salt = "somesalt".getBytes(StandardCharsets.US_ASCII);
        assertThat(Bytes.of(PinVault.derive("password".toCharArray(), new Argon2Cost(256, 2, 1), salt))
                        .hex())
                .isEqualTo("9dfeb910e80bad0311fee20f9c0e2b12c17987b4cac90c2ef54d5b3021c68bfe");
        assertThat(Bytes.of(PinVault.derive("password".toCharArray(), new Argon2Cost(256, 2, 2), salt))
                        .hex())
                .isEqualTo("6d093c501fd5999645e0ea3bf620d7b8be7fd2db59c20d9fff9539da2bf57037");
    }

    @Test
    void opensWithThePinInThePlaceItWasSealedFor() {
        Bytes sealed = vault.seal(PIN, PLACE, CONTENT);
        assertThat(sealed.size()).isEqualTo(CONTENT.size() + PinVault.OVERHEAD);
        assertContent(vault.open(PIN, PLACE, sealed), CONTENT);
        assertThat(vault.open("482914".toCharArray(), PLACE, sealed)).isEqualTo(new PinVault.Refused());
        assertThat(vault.open(PIN, Bytes.EMPTY, sealed)).isEqualTo(new PinVault.Refused());
        assertThat(vault.seal(PIN, PLACE, CONTENT))
                .as("salt and nonce are fresh")
                .isNotEqualTo(sealed);
    }

    @Test
    void theStandardCostOpensInAVaultOfAnother() {
        Bytes sealed = new PinVault(Argon2Cost.STANDARD, new SeededEntropy(4)).seal(PIN, PLACE, Bytes.EMPTY);
        assertContent(vault.open(PIN, PLACE, sealed), Bytes.EMPTY);
    }

    @Test
    void vaultsOfTheFirstVersionOpen() {
        assertContent(vault.open(PIN, PLACE, GOLDEN_V1), CONTENT);
    }

    @Test
    void nothingAlteredOpens() {
        for (int i = 0; i < GOLDEN_V1.size(); i++) {
            // the parameters' bytes have a test of their own
            if (i == 0 || i > 6) {
                byte[] bent = GOLDEN_V1.toArray();
                bent[i] ^= 0x40;
                assertThat(vault.open(PIN, PLACE, Bytes.of(bent)))
                        .as("byte " + i)
                        .isNotInstanceOf(PinVault.Content.class);
            }
            assertThat(vault.open(PIN, PLACE, GOLDEN_V1.slice(0, i)))
                    .as("first " + i)
                    .isNotInstanceOf(PinVault.Content.class);
        }
    }

    @Test
    void hostileParametersAreRefusedBeforeAnyWork() {
        for (int memory : List.of(-1, 0, 7, Argon2Cost.MAX_MEMORY_KIB + 1, 1 << 22, Integer.MAX_VALUE)) {
            assertUnreadable(altered(file -> file.putInt(1, memory)), "memory");
        }
        for (int passes : List.of(0, 11, 255)) {
            assertUnreadable(altered(file -> file.put(5, (byte) passes)), "passes");
        }
        for (int lanes : List.of(0, 5, 255)) {
            assertUnreadable(altered(file -> file.put(6, (byte) lanes)), "lanes");
        }
        assertUnreadable(altered(file -> file.put(0, (byte) 2)), "version 2");
        assertUnreadable(Bytes.of(new byte[PinVault.OVERHEAD + PinVault.MAX_CONTENT + 1]), "bytes");
        assertThatThrownBy(() -> vault.seal(PIN, PLACE, Bytes.of(new byte[PinVault.MAX_CONTENT + 1])))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void contentHasNoTextForm() {
        assertThat(vault.open(PIN, PLACE, GOLDEN_V1).toString()).doesNotContain(CONTENT.hex());
    }

    private static Bytes altered(Consumer<ByteBuffer> change) {
        byte[] file = GOLDEN_V1.toArray();
        change.accept(ByteBuffer.wrap(file));
        return Bytes.of(file);
    }

    private void assertUnreadable(Bytes sealed, String reason) {
        assertThat(vault.open(PIN, PLACE, sealed))
                .isInstanceOfSatisfying(
                        PinVault.Unreadable.class,
                        refusal -> assertThat(refusal.reason()).contains(reason));
    }

    private static void assertContent(PinVault.Opened opened, Bytes expected) {
        assertThat(opened)
                .isInstanceOfSatisfying(
                        PinVault.Content.class,
                        content -> assertThat(content.bytes()).isEqualTo(expected));
    }
}
