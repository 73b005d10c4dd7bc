package org.jiaozi.crypto;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.security.GeneralSecurityException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jiaozi.core.crypto.PublicKey;
import org.jiaozi.core.crypto.Signature;
import org.jiaozi.core.value.Bytes;
import org.jiaozi.crypto.Es256Choice.Setting;
import org.junit.jupiter.api.Test;

final class Es256ChoiceTest {
    private static final Es256Choice.NativeLoader BROKEN = () -> {
        throw new GeneralSecurityException("native library fails its self-test");
    };

    @Test
    void settingsAreReadInAnyCaseAndOthersRefused() {
        assertThat(Setting.parse("Auto")).isEqualTo(Setting.AUTO);
        assertThat(Setting.parse("bouncycastle")).isEqualTo(Setting.BOUNCYCASTLE);
        assertThatThrownBy(() -> Setting.parse("sun"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("allowed are auto, bouncycastle and corretto");
    }

    @Test
    void bouncyCastleWhenSetNeverLoadsNativeCode() {
        Es256Choice choice = new Es256Choice(
                Setting.BOUNCYCASTLE,
                () -> {
                    throw new AssertionError("loaded");
                },
                Runnable::run);
        choice.loadNative();
        assertThat(choice.engine()).isInstanceOf(BouncyCastleEs256.class);
        assertThat(choice.describe()).isEqualTo("BouncyCastle (as set)");
    }

    @Test
    void correttoWhenSetFailsLoudly() {
        assertThatThrownBy(() -> new Es256Choice(Setting.CORRETTO, BROKEN, Runnable::run))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("fails its self-test");
    }

    @Test
    void aNativeLibraryThatFailsIsTriedOnceAndReported() {
        AtomicInteger tries = new AtomicInteger();
        Es256Choice choice = new Es256Choice(
                Setting.AUTO,
                () -> {
                    tries.incrementAndGet();
                    return BROKEN.call();
                },
                Runnable::run);
        choice.loadNative();
        choice.loadNative();
        assertThat(tries).hasValue(1);
        assertThat(choice.describe()).isEqualTo("BouncyCastle (native library fails its self-test)");
    }

    @Test
    void theSelfTestRefusesEnginesThatErr() throws Exception {
        assertThat(Engines.all().toList()).allMatch(SelfTest::passes);
        assertThat(SelfTest.passes(new Scripted(key -> Optional.of((message, rs) -> true))))
                .as("accepts everything")
                .isFalse();
        assertThat(SelfTest.passes(new Scripted(key -> Optional.of((message, rs) -> false))))
                .as("accepts nothing")
                .isFalse();
        assertThat(SelfTest.passes(new Scripted(key -> Optional.empty())))
                .as("knows no key")
                .isFalse();
    }

    @Test
    void theSelfTestRefusesEnginesThatCipherWrongly() {
        AesGcm right = BouncyCastleAesGcm.INSTANCE;
        assertThat(SelfTest.passes(new Scripted(BouncyCastleEs256.INSTANCE::decode, right)))
                .isTrue();
        assertThat(SelfTest.passes(new Scripted(BouncyCastleEs256.INSTANCE::decode, new AesGcm() {
                    @Override
                    public byte[] seal(byte[] key, byte[] nonce, byte[] aad, byte[] text) {
                        return right.seal(key, nonce, aad, new byte[text.length + 1]);
                    }

                    @Override
                    public Optional<byte[]> open(byte[] key, byte[] nonce, byte[] aad, byte[] sealed) {
                        return right.open(key, nonce, aad, sealed);
                    }
                })))
                .as("seals something else")
                .isFalse();
        assertThat(SelfTest.passes(new Scripted(BouncyCastleEs256.INSTANCE::decode, opening(any -> true))))
                .as("opens everything")
                .isFalse();
        assertThat(SelfTest.passes(new Scripted(BouncyCastleEs256.INSTANCE::decode, opening(any -> false))))
                .as("opens nothing")
                .isFalse();
        assertThat(SelfTest.passes(new Scripted(BouncyCastleEs256.INSTANCE::decode, opening(any -> {
                    throw new IllegalStateException("no such cipher");
                }))))
                .as("has no cipher")
                .isFalse();
    }

    private static AesGcm opening(Predicate<byte[]> opens) {
        return new AesGcm() {
            @Override
            public byte[] seal(byte[] key, byte[] nonce, byte[] aad, byte[] text) {
                return BouncyCastleAesGcm.INSTANCE.seal(key, nonce, aad, text);
            }

            @Override
            public Optional<byte[]> open(byte[] key, byte[] nonce, byte[] aad, byte[] sealed) {
                return opens.test(sealed) ? Optional.of(new byte[sealed.length - TAG_SIZE]) : Optional.empty();
            }
        };
    }

    /** Signs well, and verifies and ciphers as told. */
    private record Scripted(Function<PublicKey, Optional<VerifyingKey>> decoder, AesGcm aesGcm) implements Es256Engine {
        Scripted(Function<PublicKey, Optional<VerifyingKey>> decoder) {
            this(decoder, BouncyCastleAesGcm.INSTANCE);
        }

        @Override
        public String name() {
            return "scripted";
        }

        @Override
        public Optional<VerifyingKey> decode(PublicKey key) {
            return decoder.apply(key);
        }

        @Override
        public SigningKey signingKey(Bytes scalar) {
            return BouncyCastleEs256.INSTANCE.signingKey(scalar);
        }
    }

    @Test
    void manyVerificationsChangeOverOnceAndStayRight() {
        List<PublicKey> decoded = new ArrayList<>();
        Es256Engine other = new Scripted(key -> {
            decoded.add(key);
            return BouncyCastleEs256.INSTANCE.decode(key);
        });
        List<Runnable> background = new ArrayList<>();
        Es256Choice choice = new Es256Choice(Setting.AUTO, () -> other, background::add);
        Es256Verifier verifier = new Es256Verifier(choice);
        SecretKey secret = SecretKey.generate(new SystemEntropy());
        Bytes message = Bytes.fromHex("00");
        Signature signature = Es256Signer.deterministic(secret).sign(message);
        for (int i = 1; i <= Es256Choice.NATIVE_AFTER + 10; i++) {
            // until it has loaded, all are verified in Java
            assertThat(verifier.verify(secret.publicKey(), message, signature)).isTrue();
            assertThat(background).as("after " + i).hasSize(i < Es256Choice.NATIVE_AFTER ? 0 : 1);
            assertThat(choice.engine()).isSameAs(BouncyCastleEs256.INSTANCE);
        }
        background.getFirst().run();
        assertThat(choice.engine()).isSameAs(other);
        assertThat(verifier.verify(secret.publicKey(), message, signature)).isTrue();
        assertThat(verifier.verify(secret.publicKey(), Bytes.EMPTY, signature)).isFalse();
        assertThat(decoded).as("by the new engine, once").containsExactly(secret.publicKey());
    }

    @Test
    void theProcessHasAnEngine() {
        Providers.loadNative();
        assertThat(Providers.describe()).startsWith(Engines.nativeExpected() ? "Amazon Corretto 2.5" : "BouncyCastle");
    }

    @Test
    void cachesForgetWhatIsNotUsed() {
        BoundedCache<Integer, Integer> cache = new BoundedCache<>(100);
        for (int i = 0; i < 10_000; i++) {
            cache.put(i, i);
            assertThat(cache.get(0)).as("used each time, so kept").isEqualTo(0);
        }
        assertThat(cache.get(5000)).isNull();
        assertThat(cache.get(9999)).isEqualTo(9999);
        assertThat(cache.size()).isLessThanOrEqualTo(100);
    }
}
