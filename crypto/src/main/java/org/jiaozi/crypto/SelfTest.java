package org.jiaozi.crypto;

import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.jiaozi.core.crypto.PublicKey;
import org.jiaozi.core.value.Bytes;

/** One known answer each way (RFC 6979, A.2.5): an engine that gets it wrong is not used. */
final class SelfTest {
    private static final Bytes SCALAR =
            Bytes.fromHex("c9afa9d845ba75166b5c215767b1d6934e50c3db36e89b127b8a622b120f6721");
    private static final PublicKey KEY =
            new PublicKey(Bytes.fromHex("0360fed4ba255a9d31c961eb74c6356d68c049b8923b61fa6ce669622e60f29fb6"));
    private static final Bytes SIGNATURE =
            Bytes.fromHex("efd48b2aacb6a8fd1140dd9cd45e81d69d2c877b56aaf991c34d0ea84eaf3716"
                    + "f7cb1c942d657c41d436c7a1b6e29f65f3e900dbb9aff4064dc4ab2f843acda8");

    private SelfTest() {}

    /** Whether it accepts the known signature and its own, and refuses both for another message. */
    static boolean passes(Es256Engine engine) {
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
