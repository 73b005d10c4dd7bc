package org.jiaozi.crypto.fake;

import static org.assertj.core.api.Assertions.assertThat;

import org.jiaozi.core.crypto.PublicKey;
import org.jiaozi.core.crypto.Signature;
import org.jiaozi.core.crypto.Signer;
import org.jiaozi.core.value.Bytes;
import org.jiaozi.crypto.Es256Signer;
import org.jiaozi.crypto.Es256Verifier;
import org.jiaozi.crypto.SecretKey;
import org.junit.jupiter.api.Test;

final class FakeCryptoTest {
    private final FakeCrypto world = FakeCrypto.forSimulation(42);

    @Test
    void signaturesAreInNormalFormAndRepeat() {
        Signer alice = world.signer("alice");
        for (int i = 0; i < 2000; i++) {
            Bytes message = Bytes.of(new byte[] {(byte) i, (byte) (i >> 8)});
            // Signature's constructor refuses whatever is not in normal form
            Signature signature = alice.sign(message);
            assertThat(world.verify(alice.publicKey(), message, signature)).isTrue();
            assertThat(FakeCrypto.forSimulation(42).signer("alice").sign(message))
                    .isEqualTo(signature);
        }
    }

    @Test
    void aSignerThatDrawsSignsOneMessageInManyWays() {
        Bytes message = Bytes.fromHex("01");
        Signer alice = world.signer("alice", new SeededEntropy(3));
        Signature first = alice.sign(message);
        Signature second = alice.sign(message);
        assertThat(first).isNotEqualTo(second);
        assertThat(alice.publicKey()).isEqualTo(world.signer("alice").publicKey());
        for (Signature signature : java.util.List.of(first, second)) {
            assertThat(world.verify(alice.publicKey(), message, signature)).isTrue();
            assertThat(world.verify(alice.publicKey(), Bytes.fromHex("02"), signature))
                    .isFalse();
        }
    }

    @Test
    void refusesOtherMessagesKeysAndWorlds() {
        Bytes message = Bytes.fromHex("01");
        Signer alice = world.signer("alice");
        Signature signature = alice.sign(message);
        PublicKey bob = world.signer("bob").publicKey();
        assertThat(bob).isNotEqualTo(alice.publicKey());
        assertThat(world.verify(alice.publicKey(), Bytes.fromHex("02"), signature))
                .isFalse();
        assertThat(world.verify(bob, message, signature)).isFalse();
        FakeCrypto other = FakeCrypto.forSimulation(43);
        assertThat(other.verify(alice.publicKey(), message, signature)).isFalse();
        byte[] bent = signature.bytes().toArray();
        bent[40] ^= 1;
        assertThat(world.verify(alice.publicKey(), message, new Signature(Bytes.of(bent))))
                .isFalse();
    }

    @Test
    void fakeAndRealNeverAcceptEachOther() {
        Bytes message = Bytes.fromHex("01");
        Signer fake = world.signer("alice");
        Es256Verifier real = new Es256Verifier();
        assertThat(real.verify(fake.publicKey(), message, fake.sign(message))).isFalse();
        Es256Signer honest = Es256Signer.of(SecretKey.generate(new SeededEntropy(1)));
        assertThat(world.verify(honest.publicKey(), message, honest.sign(message)))
                .isFalse();
        assertThat(FakeCrypto.isFake(honest.publicKey())).isFalse();
        assertThat(FakeCrypto.isFake(fake.publicKey())).isTrue();
    }

    @Test
    void seededEntropyRepeatsAndDoesNotDegenerate() {
        SeededEntropy first = new SeededEntropy(9);
        SeededEntropy second = new SeededEntropy(9);
        assertThat(first.next(100)).isEqualTo(second.next(100)).isNotEqualTo(first.next(100));
        assertThat(first.next(0)).isEqualTo(Bytes.EMPTY);
        assertThat(new SeededEntropy(10).next(100)).isNotEqualTo(new SeededEntropy(9).next(100));
    }
}
