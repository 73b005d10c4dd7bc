package org.jiaozi.crypto;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.security.GeneralSecurityException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jiaozi.core.crypto.Signature;
import org.jiaozi.core.value.Bytes;
import org.jiaozi.crypto.Es256Choice.Setting;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

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
        Es256Choice choice = new Es256Choice(Setting.BOUNCYCASTLE, () -> {
            throw new AssertionError("loaded");
        });
        choice.loadNative();
        assertThat(choice.engine()).isInstanceOf(BouncyCastleEs256.class);
        assertThat(choice.describe()).isEqualTo("BouncyCastle (as set)");
    }

    @Test
    void correttoWhenSetFailsLoudly() {
        assertThatThrownBy(() -> new Es256Choice(Setting.CORRETTO, BROKEN))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("fails its self-test");
    }

    @Test
    void aNativeLibraryThatFailsIsTriedOnceAndReported() {
        AtomicInteger tries = new AtomicInteger();
        Es256Choice choice = new Es256Choice(Setting.AUTO, () -> {
            tries.incrementAndGet();
            return BROKEN.call();
        });
        choice.loadNative();
        choice.loadNative();
        assertThat(tries).hasValue(1);
        assertThat(choice.describe()).isEqualTo("BouncyCastle (native library fails its self-test)");
    }

    @Test
    @Timeout(60)
    void manyVerificationsChangeOverInTheBackgroundAndStayRight() throws Exception {
        Es256Engine other = Engines.all().toList().getLast();
        CountDownLatch asked = new CountDownLatch(1);
        CountDownLatch mayLoad = new CountDownLatch(1);
        Es256Choice choice = new Es256Choice(Setting.AUTO, () -> {
            asked.countDown();
            try {
                assertThat(mayLoad.await(30, TimeUnit.SECONDS)).isTrue();
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
            return other;
        });
        Es256Verifier verifier = new Es256Verifier(choice);
        SecretKey secret = SecretKey.generate(new SystemEntropy());
        Bytes message = Bytes.fromHex("00");
        Signature signature = Es256Signer.deterministic(secret).sign(message);
        for (int i = 1; i < Es256Choice.NATIVE_AFTER; i++) {
            assertThat(verifier.verify(secret.publicKey(), message, signature)).isTrue();
        }
        assertThat(asked.getCount()).isEqualTo(1);
        assertThat(verifier.verify(secret.publicKey(), message, signature)).isTrue();
        assertThat(asked.await(30, TimeUnit.SECONDS)).isTrue();
        // still loading: this one is verified in Java
        assertThat(verifier.verify(secret.publicKey(), message, signature)).isTrue();
        assertThat(choice.engine()).isInstanceOf(BouncyCastleEs256.class);
        mayLoad.countDown();
        choice.loadNative();
        assertThat(choice.engine()).isSameAs(other);
        assertThat(verifier.verify(secret.publicKey(), message, signature)).isTrue();
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
