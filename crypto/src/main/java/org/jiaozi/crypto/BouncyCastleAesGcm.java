package org.jiaozi.crypto;

import java.util.Arrays;
import java.util.Optional;
import org.bouncycastle.crypto.InvalidCipherTextException;
import org.bouncycastle.crypto.engines.AESEngine;
import org.bouncycastle.crypto.modes.GCMBlockCipher;
import org.bouncycastle.crypto.modes.GCMModeCipher;
import org.bouncycastle.crypto.params.AEADParameters;
import org.bouncycastle.crypto.params.KeyParameter;

/** AES-GCM in Java: some 120 MB a second. */
final class BouncyCastleAesGcm implements AesGcm {
    static final BouncyCastleAesGcm INSTANCE = new BouncyCastleAesGcm();

    private BouncyCastleAesGcm() {}

    @Override
    public byte[] seal(byte[] key, byte[] nonce, byte[] aad, byte[] text) {
        try {
            return run(true, key, nonce, aad, text);
        } catch (InvalidCipherTextException e) {
            throw new IllegalStateException("sealing cannot meet a bad ciphertext", e);
        }
    }

    @Override
    public Optional<byte[]> open(byte[] key, byte[] nonce, byte[] aad, byte[] sealed) {
        try {
            return Optional.of(run(false, key, nonce, aad, sealed));
        } catch (InvalidCipherTextException altered) {
            return Optional.empty();
        }
    }

    private static byte[] run(boolean seals, byte[] key, byte[] nonce, byte[] aad, byte[] in)
            throws InvalidCipherTextException {
        GCMModeCipher cipher = GCMBlockCipher.newInstance(AESEngine.newInstance());
        cipher.init(seals, new AEADParameters(new KeyParameter(key), TAG_SIZE * Byte.SIZE, nonce, aad));
        byte[] out = new byte[cipher.getOutputSize(in.length)];
        int size = cipher.processBytes(in, 0, in.length, out, 0);
        size += cipher.doFinal(out, size);
        return size == out.length ? out : Arrays.copyOf(out, size);
    }
}
