package org.jiaozi.crypto;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;
import org.jiaozi.core.crypto.PublicKey;
import org.jiaozi.core.value.Bytes;

/** One known answer each way (RFC 6979, A.2.5, and test case 2 of GCM's own): an engine that gets one wrong is not used. */
final class SelfTest {
    private static final Bytes SCALAR =
            Bytes.fromHex("c9afa9d845ba75166b5c215767b1d6934e50c3db36e89b127b8a622b120f6721");
    private static final PublicKey KEY =
            new PublicKey(Bytes.fromHex("0360fed4ba255a9d31c961eb74c6356d68c049b8923b61fa6ce669622e60f29fb6"));
    private static final Bytes SIGNATURE =
            Bytes.fromHex("efd48b2aacb6a8fd1140dd9cd45e81d69d2c877b56aaf991c34d0ea84eaf3716"
                    + "f7cb1c942d657c41d436c7a1b6e29f65f3e900dbb9aff4064dc4ab2f843acda8");

    private static final byte[] NULLS = new byte[AesGcm.KEY_SIZE];
    private static final Bytes SEALED_NULLS =
            Bytes.fromHex("0388dace60b6a392f328c2b971b2fe78ab6e47d42cec13bdf53a67b21257bddf");

    private SelfTest() {}

    /** Whether it accepts the known signature and its own, and refuses both for another message; and ciphers as is known. */
    static boolean passes(Es256Engine engine) {
        try {
            return signs(engine) && ciphers(engine.aesGcm());
        } catch (RuntimeException | LinkageError unable) {
            // one that lacks a part is as good as one that errs: there is another
            return false;
        }
    }

    private static boolean ciphers(AesGcm aesGcm) {
        byte[] nonce = Arrays.copyOf(NULLS, AesGcm.NONCE_SIZE);
        byte[] none = new byte[0];
        byte[] sealed = aesGcm.seal(NULLS, nonce, none, NULLS);
        byte[] altered = sealed.clone();
        altered[0] ^= 1;
        return Bytes.of(sealed).equals(SEALED_NULLS)
                && aesGcm.open(NULLS, nonce, none, sealed)
                        .filter(text -> Arrays.equals(text, NULLS))
                        .isPresent()
                && aesGcm.open(NULLS, nonce, none, altered).isEmpty();
    }

    private static boolean signs(Es256Engine engine) {
        byte[] message = "sample".getBytes(StandardCharsets.US_ASCII);
        byte[] other = "simple".getBytes(StandardCharsets.US_ASCII);
        Optional<Es256Engine.VerifyingKey> key = engine.decode(KEY);
        if (key.isEmpty()) {
            return false;
        }
        Es256Engine.VerifyingKey verifier = key.get();
        byte[] own = engine.signingKey(SCALAR).sign(message);
        return verifier.verify(message, SIGNATURE.toArray())
                && verifier.verify(message, own)
                && !verifier.verify(other, SIGNATURE.toArray())
                && !verifier.verify(other, own);
    }
}
