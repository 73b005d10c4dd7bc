package org.jiaozi.crypto;

import java.util.Optional;

/** AES-128-GCM with a tag of 16 bytes (NIST SP 800-38D). Thread-safe. */
interface AesGcm {
    int KEY_SIZE = 16;
    int NONCE_SIZE = 12;
    int TAG_SIZE = 16;

    /** The ciphertext and its tag. Whoever asks sees to it that no nonce comes twice under one key. */
    byte[] seal(byte[] key, byte[] nonce, byte[] aad, byte[] text);

    /** The text; empty when anything was altered. {@code sealed} is as long as a tag or longer. */
    Optional<byte[]> open(byte[] key, byte[] nonce, byte[] aad, byte[] sealed);
}
