package org.jiaozi.crypto;

import java.security.GeneralSecurityException;
import java.security.Provider;
import java.util.Optional;
import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/** AES-GCM in Amazon Corretto's native library: some 2 GB a second. */
final class CorrettoAesGcm implements AesGcm {
    private final Provider provider;

    /** @param provider loaded and found in order, see {@link CorrettoEs256#load()} */
    CorrettoAesGcm(Provider provider) {
        this.provider = provider;
    }

    @Override
    public byte[] seal(byte[] key, byte[] nonce, byte[] aad, byte[] text) {
        try {
            return run(Cipher.ENCRYPT_MODE, key, nonce, aad, text);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("sealing failed", e);
        }
    }

    @Override
    public Optional<byte[]> open(byte[] key, byte[] nonce, byte[] aad, byte[] sealed) {
        try {
            return Optional.of(run(Cipher.DECRYPT_MODE, key, nonce, aad, sealed));
        } catch (AEADBadTagException altered) {
            return Optional.empty();
        } catch (GeneralSecurityException e) {
            // not what somebody sent, but this machine: to say that it was altered would accuse the sender
            throw new IllegalStateException("opening failed", e);
        }
    }

    private byte[] run(int mode, byte[] key, byte[] nonce, byte[] aad, byte[] in) throws GeneralSecurityException {
        Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding", provider);
        cipher.init(mode, new SecretKeySpec(key, "AES"), new GCMParameterSpec(TAG_SIZE * Byte.SIZE, nonce));
        cipher.updateAAD(aad);
        return cipher.doFinal(in);
    }
}
