package org.jiaozi.crypto;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jiaozi.core.crypto.PublicKey;
import org.jiaozi.core.crypto.Signature;
import org.jiaozi.core.value.Bytes;
import org.jiaozi.crypto.fake.SeededEntropy;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

final class Es256Test {
    /** RFC 6979, A.2.5. */
    private static final Bytes SCALAR =
            Bytes.fromHex("c9afa9d845ba75166b5c215767b1d6934e50c3db36e89b127b8a622b120f6721");

    private static final String N = "ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551";
    private static final String ZERO = "00".repeat(32);
    private static final String ONE = "00".repeat(31) + "01";

    private static SecretKey rfc6979Key() {
        return SecretKey.fromScalar(SCALAR, InsecureSecretAccess.get());
    }

    private static Bytes ascii(String text) {
        return Bytes.of(text.getBytes(StandardCharsets.US_ASCII));
    }

    @Test
    void deterministicSignaturesAreThoseOfRfc6979() {
        Es256Signer signer = Es256Signer.deterministic(rfc6979Key());
        assertThat(signer.publicKey().compressed().hex())
                .isEqualTo("0360fed4ba255a9d31c961eb74c6356d68c049b8923b61fa6ce669622e60f29fb6");
        // the RFC's s is in the upper half here: n - s is the normal form
        assertThat(signer.sign(ascii("sample")).bytes().hex())
                .isEqualTo("efd48b2aacb6a8fd1140dd9cd45e81d69d2c877b56aaf991c34d0ea84eaf3716"
                        + "0834e36ad29a83bf2bc9385e491d6099c8fdf9d1ed67aa7ea5f51f93782857a9");
        assertThat(signer.sign(ascii("test")).bytes().hex())
                .isEqualTo("f1abb023518351cd71d881567b1ea663ed3efcf6c5132b354f28d3b0b7d38367"
                        + "019f4113742a2b14bd25926b49c649155f267e60d3814b4c0cc84250e46f0083");
    }

    @ParameterizedTest
    @MethodSource("org.jiaozi.crypto.Engines#all")
    void whatOneEngineSignsAllVerifyAndNothingElse(Es256Engine engine) throws Exception {
        SeededEntropy entropy = new SeededEntropy(1);
        for (int i = 0; i < 40; i++) {
            SecretKey secret = SecretKey.generate(entropy);
            Bytes message = entropy.next(i * 7);
            // Signature's constructor refuses whatever is not in normal form
            Signature signature = Es256Signer.on(secret, engine).sign(message);
            for (Es256Engine other : Engines.all().toList()) {
                Es256Verifier verifier = Engines.verifier(other);
                assertThat(verifier.verify(secret.publicKey(), message, signature))
                        .isTrue();
                assertThat(verifier.verify(secret.publicKey(), message.concat(Bytes.fromHex("00")), signature))
                        .isFalse();
                PublicKey opposite = new PublicKey(
                        Bytes.fromHex(secret.publicKey().compressed().at(0) == 2 ? "03" : "02")
                                .concat(secret.publicKey().compressed().slice(1, PublicKey.SIZE)));
                assertThat(verifier.verify(opposite, message, signature)).isFalse();
                byte[] bent = signature.bytes().toArray();
                bent[31] ^= 1;
                assertThat(verifier.verify(secret.publicKey(), message, new Signature(Bytes.of(bent))))
                        .isFalse();
            }
        }
    }

    @ParameterizedTest
    @MethodSource("org.jiaozi.crypto.Engines#all")
    void keysThatAreNoPointsVerifyNothing(Es256Engine engine) {
        Es256Verifier verifier = Engines.verifier(engine);
        Signature signature = Es256Signer.deterministic(rfc6979Key()).sign(ascii("sample"));
        for (String notOnTheCurve : List.of(
                // x^3 - 3x + b has no root there
                "02" + "60fed4ba255a9d31c961eb74c6356d68c049b8923b61fa6ce669622e60f29f02",
                // x = the prime itself, then above it
                "02" + "ffffffff00000001000000000000000000000000ffffffffffffffffffffffff",
                "03" + "ff".repeat(32))) {
            PublicKey key = new PublicKey(Bytes.fromHex(notOnTheCurve));
            assertThat(engine.decode(key)).as(notOnTheCurve).isEmpty();
            assertThat(verifier.verify(key, ascii("sample"), signature)).isFalse();
        }
    }

    @ParameterizedTest
    @MethodSource("org.jiaozi.crypto.Engines#all")
    void malformedSignaturesAreFalseAndNeverThrow(Es256Engine engine) {
        Es256Engine.VerifyingKey key = engine.decode(rfc6979Key().publicKey()).orElseThrow();
        byte[] message = ascii("sample").toArray();
        Bytes good =
                Es256Signer.deterministic(rfc6979Key()).sign(ascii("sample")).bytes();
        assertThat(key.verify(message, good.toArray())).isTrue();
        String r = good.slice(0, 32).hex();
        String s = good.slice(32, 64).hex();
        for (String bad : List.of(
                ZERO + s, r + ZERO, ZERO + ZERO, N + s, r + N, N + N, ONE + ONE, "ff".repeat(64), s + r, r + r)) {
            assertThat(key.verify(message, Bytes.fromHex(bad).toArray()))
                    .as(bad)
                    .isFalse();
        }
    }

    @Test
    void signaturesOutOfNormalFormAreNoSignatures() {
        String halfOrderPlusOne = "7fffffff800000007fffffffffffffffde737d56d38bcf4279dce5617e3192a9";
        for (String bad : List.of(
                ONE + ZERO,
                ZERO + ONE,
                N + ONE,
                ONE + N,
                ONE + halfOrderPlusOne,
                "ff".repeat(64),
                "01".repeat(63),
                "01".repeat(65),
                "")) {
            assertThatThrownBy(() -> new Signature(Bytes.fromHex(bad)))
                    .as(bad)
                    .isInstanceOf(IllegalArgumentException.class);
        }
        assertThat(Signature.isNormal(
                        Bytes.fromHex(ONE + "7fffffff800000007fffffffffffffffde737d56d38bcf4279dce5617e3192a8")))
                .isTrue();
    }

    @ParameterizedTest
    @MethodSource("org.jiaozi.crypto.Engines#all")
    void manyThreadsMayShareOneVerifierAndOneSigner(Es256Engine engine) throws Exception {
        Es256Verifier verifier = Engines.verifier(engine);
        Es256Signer signer = Es256Signer.on(rfc6979Key(), engine);
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<Boolean>> answers = java.util.stream.IntStream.range(0, 100)
                    .mapToObj(i -> threads.submit(() -> {
                        Bytes message = ascii("message " + i);
                        return verifier.verify(signer.publicKey(), message, signer.sign(message));
                    }))
                    .toList();
            for (Future<Boolean> answer : answers) {
                assertThat(answer.get()).isTrue();
            }
        }
    }
}
