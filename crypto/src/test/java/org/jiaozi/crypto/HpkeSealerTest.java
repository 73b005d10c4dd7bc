package org.jiaozi.crypto;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.bouncycastle.crypto.AsymmetricCipherKeyPair;
import org.bouncycastle.crypto.hpke.HPKE;
import org.bouncycastle.crypto.hpke.HPKEContext;
import org.bouncycastle.crypto.hpke.HPKEContextWithEncapsulation;
import org.bouncycastle.crypto.params.X25519PrivateKeyParameters;
import org.bouncycastle.crypto.params.X25519PublicKeyParameters;
import org.jiaozi.core.crypto.Sealer;
import org.jiaozi.core.value.Bytes;
import org.jiaozi.crypto.fake.SeededEntropy;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

final class HpkeSealerTest {
    /** RFC 9180, A.1.1: DHKEM(X25519, HKDF-SHA256), HKDF-SHA256, AES-128-GCM, base mode. */
    private static final Bytes INFO = Bytes.fromHex("4f6465206f6e2061204772656369616e2055726e");

    private static final Bytes EPHEMERAL =
            Bytes.fromHex("52c4a758a802cd8b936eceea314432798d5baf2d7e9235dc084ab1b9cfa2f736");
    private static final Bytes ENC = Bytes.fromHex("37fda3567bdbd628e88668c3c8d7e97d1d1253b6d4ea6d44c150f741f1bf4431");
    private static final Sealer.KeyPair RECIPIENT = new Sealer.KeyPair(
            Bytes.fromHex("3948cfe0ad1ddb695d780e59077195da6c56506b027329794ab02bca80815c4d"),
            Bytes.fromHex("4612c550263fc8ad58375df3f557aac531d26850903e55a9f23f21d8534e8ac8"));
    private static final Bytes TEXT = Bytes.fromHex("4265617574792069732074727574682c20747275746820626561757479");
    /** A.1.1.1, all that are published, by sequence number; the associated data is "Count-" and the number. */
    private static final Map<Integer, String> CIPHERTEXTS = Map.of(
            0, "f938558b5d72f1a23810b4be2ab4f84331acc02fc97babc53a52ae8218a355a96d8770ac83d07bea87e13c512a",
            1, "af2d7e9ac9ae7e270f46ba1f975be53c09f8d875bdc8535458c2494e8a6eab251c03d0c22a56b8ca42c2063b84",
            2, "498dfcabd92e8acedc281e85af1cb4e3e31c7dc394a1ca20e173cb72516491588d96a19ad4a683518973dcc180",
            4, "583bd32bc67a5994bb8ceaca813d369bca7b2a42408cddef5e22f880b631215a09fc0012bc69fccaa251c0246d",
            255, "7175db9717964058640a3a11fb9007941a5d1757fda1a6935c805c21af32505bf106deefec4a49ac38d71c9e0a",
            256, "957f9800542b0b8891badb026d79cc54597cb2d225b54c00c5238c25d05c30e3fbeda97d2e0e1aba483a2df9f2");
    /** A.1.1.2: 32 bytes for each exporter context. */
    private static final Map<String, String> EXPORTED = Map.of(
            "", "3853fe2b4035195a573ffc53856e77058e15d9ea064de3e59f4961d0095250ee",
            "00", "2e8f0b54673c7029649d4eb9d5e33bf1872cf76d623ff164ac185da9e88c21a5",
            "54657374436f6e74657874", "e9e43065102c3836401bed8c3c3c75ae46be1639869391d62c61f1ec7af54931");

    private static final Bytes COUNT_0 = Bytes.fromHex("436f756e742d30");

    private static final Bytes KEY = Bytes.fromHex("4531685d41d65f03dc48f6b8302c05b0");
    private static final Bytes BASE_NONCE = Bytes.fromHex("56d890e5accaaf011cff4b7d");

    /** One on each engine. */
    static Stream<HpkeSealer> sealers() throws GeneralSecurityException {
        return Engines.all()
                .map(engine -> new HpkeSealer(
                        new SeededEntropy(7),
                        new Es256Choice(Es256Choice.Setting.CORRETTO, () -> engine, Runnable::run)));
    }

    private static HPKE suite() {
        return new HPKE(HPKE.mode_base, HPKE.kem_X25519_SHA256, HPKE.kdf_HKDF_SHA256, HPKE.aead_AES_GCM128);
    }

    @Test
    void theKeysAreThoseOfRfc9180() {
        HpkeKeys keys = HpkeKeys.agree(
                new X25519PrivateKeyParameters(EPHEMERAL.toArray()),
                new X25519PublicKeyParameters(RECIPIENT.publicKey().toArray()),
                ENC,
                RECIPIENT.publicKey(),
                INFO);
        assertThat(keys).isEqualTo(new HpkeKeys(KEY, BASE_NONCE));
        assertThat(keys.toString()).doesNotContain(KEY.hex());
    }

    @ParameterizedTest
    @MethodSource("sealers")
    void sealsAndOpensTheExampleOfRfc9180(HpkeSealer sealer) {
        Bytes sealed = sealer.seal(
                new X25519PrivateKeyParameters(EPHEMERAL.toArray()), RECIPIENT.publicKey(), INFO, COUNT_0, TEXT);
        assertThat(sealed).isEqualTo(ENC.concat(Bytes.fromHex(CIPHERTEXTS.get(0))));
        assertThat(sealer.open(RECIPIENT, INFO, COUNT_0, sealed)).contains(TEXT);
    }

    @Test
    void theSuiteIsTheOneOfRfc9180() throws Exception {
        X25519PrivateKeyParameters secret =
                new X25519PrivateKeyParameters(RECIPIENT.privateKey().toArray());
        assertThat(Bytes.of(secret.generatePublicKey().getEncoded())).isEqualTo(RECIPIENT.publicKey());
        HPKEContext receiver = suite().setupBaseR(
                        ENC.toArray(), new AsymmetricCipherKeyPair(secret.generatePublicKey(), secret), INFO.toArray());
        X25519PrivateKeyParameters ephemeral = new X25519PrivateKeyParameters(EPHEMERAL.toArray());
        HPKEContext sender = suite().setupBaseS(
                        new X25519PublicKeyParameters(RECIPIENT.publicKey().toArray()),
                        INFO.toArray(),
                        new AsymmetricCipherKeyPair(ephemeral.generatePublicKey(), ephemeral));
        for (int i = 0; i <= 256; i++) {
            byte[] aad = ("Count-" + i).getBytes(StandardCharsets.US_ASCII);
            Bytes sealed = Bytes.of(sender.seal(aad, TEXT.toArray()));
            if (CIPHERTEXTS.containsKey(i)) {
                assertThat(sealed.hex()).as("sequence number " + i).isEqualTo(CIPHERTEXTS.get(i));
            }
            assertThat(Bytes.of(receiver.open(aad, sealed.toArray()))).isEqualTo(TEXT);
        }
        EXPORTED.forEach((about, secretBytes) -> assertThat(
                        Bytes.of(receiver.export(Bytes.fromHex(about).toArray(), 32))
                                .hex())
                .isEqualTo(secretBytes));
    }

    /** Of any length: what one seals the other opens, BouncyCastle's own HPKE among them. */
    @ParameterizedTest
    @MethodSource("sealers")
    void agreesWithBouncyCastlesHpke(HpkeSealer sealer) throws Exception {
        Entropy entropy = new SeededEntropy(11);
        for (int size : List.of(0, 1, 15, 16, 17, 31, 32, 33, 1_000, 4_096, 131_072)) {
            Bytes text = size == 0 ? Bytes.EMPTY : entropy.next(size);
            Bytes info = size % 3 == 0 ? Bytes.EMPTY : entropy.next(size % 70 + 1);
            Bytes aad = size % 2 == 0 ? Bytes.EMPTY : entropy.next(size % 50 + 1);
            Sealer.KeyPair recipient = sealer.newKeyPair();
            X25519PrivateKeyParameters secret =
                    new X25519PrivateKeyParameters(recipient.privateKey().toArray());
            HPKE other = suite();
            HPKEContextWithEncapsulation sender = other.setupBaseS(secret.generatePublicKey(), info.toArray());
            Bytes theirs =
                    Bytes.of(sender.getEncapsulation()).concat(Bytes.of(sender.seal(aad.toArray(), text.toArray())));
            assertThat(sealer.open(recipient, info, aad, theirs))
                    .as("%d bytes", size)
                    .contains(text);
            Bytes mine = sealer.seal(recipient.publicKey(), info, aad, text);
            byte[] opened = other.setupBaseR(
                            mine.slice(0, Sealer.PUBLIC_KEY_SIZE).toArray(),
                            new AsymmetricCipherKeyPair(secret.generatePublicKey(), secret),
                            info.toArray())
                    .open(
                            aad.toArray(),
                            mine.slice(Sealer.PUBLIC_KEY_SIZE, mine.size()).toArray());
            assertThat(Bytes.of(opened)).as("%d bytes", size).isEqualTo(text);
        }
    }

    @ParameterizedTest
    @MethodSource("sealers")
    void opensOnlyWhatWasSealedToItUnaltered(HpkeSealer sealer) {
        Sealer.KeyPair mine = sealer.newKeyPair();
        Sealer.KeyPair theirs = sealer.newKeyPair();
        assertThat(mine.publicKey()).isNotEqualTo(theirs.publicKey());
        Bytes info = Bytes.fromHex("01");
        Bytes aad = Bytes.fromHex("02");
        Bytes sealed = sealer.seal(mine.publicKey(), info, aad, TEXT);
        assertThat(sealed.size()).isEqualTo(TEXT.size() + Sealer.OVERHEAD);
        assertThat(sealer.open(mine, info, aad, sealed)).contains(TEXT);
        assertThat(sealer.seal(mine.publicKey(), info, aad, TEXT)).isNotEqualTo(sealed);
        assertThat(sealer.open(theirs, info, aad, sealed)).isEmpty();
        assertThat(sealer.open(mine, aad, aad, sealed)).isEmpty();
        assertThat(sealer.open(mine, info, info, sealed)).isEmpty();
        for (int i = 0; i < sealed.size(); i++) {
            byte[] bent = sealed.toArray();
            bent[i] ^= 0x10;
            assertThat(sealer.open(mine, info, aad, Bytes.of(bent)))
                    .as("byte " + i)
                    .isEmpty();
            assertThat(sealer.open(mine, info, aad, sealed.slice(0, i)))
                    .as("first " + i)
                    .isEmpty();
        }
        assertThat(sealer.open(mine, info, aad, sealed.concat(Bytes.fromHex("00"))))
                .isEmpty();
        Bytes empty = sealer.seal(mine.publicKey(), info, aad, Bytes.EMPTY);
        assertThat(sealer.open(mine, info, aad, empty)).contains(Bytes.EMPTY);
    }

    @ParameterizedTest
    @MethodSource("sealers")
    void pointsOfLowOrderAreRefused(HpkeSealer sealer) {
        Sealer.KeyPair mine = sealer.newKeyPair();
        for (String low : List.of("00".repeat(32), "01" + "00".repeat(31))) {
            Bytes point = Bytes.fromHex(low);
            assertThatThrownBy(() -> sealer.seal(point, INFO, COUNT_0, TEXT))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("low order");
            assertThat(sealer.open(mine, INFO, COUNT_0, point.concat(Bytes.fromHex("00".repeat(16)))))
                    .isEmpty();
        }
        assertThatThrownBy(() -> sealer.seal(Bytes.fromHex("00"), INFO, COUNT_0, TEXT))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
