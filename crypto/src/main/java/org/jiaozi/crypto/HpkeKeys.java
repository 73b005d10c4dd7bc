package org.jiaozi.crypto;

import java.nio.charset.StandardCharsets;
import org.bouncycastle.crypto.digests.SHA256Digest;
import org.bouncycastle.crypto.generators.HKDFBytesGenerator;
import org.bouncycastle.crypto.params.HKDFParameters;
import org.bouncycastle.crypto.params.X25519PrivateKeyParameters;
import org.bouncycastle.crypto.params.X25519PublicKeyParameters;
import org.jiaozi.core.crypto.Sealer;
import org.jiaozi.core.value.Bytes;

/**
 * What the first message of an HPKE context is sealed under (RFC 9180): base mode, DHKEM(X25519, HKDF-SHA256), HKDF-SHA256,
 * AES-128-GCM. It is worked out here so that the ciphering may be done by whichever code is fastest.
 *
 * @param key of {@value AesGcm#KEY_SIZE} bytes
 * @param nonce the base nonce, which is that of the first message
 */
record HpkeKeys(Bytes key, Bytes nonce) {
    private static final int SECRET_SIZE = 32;
    private static final byte[] NONE = new byte[0];
    private static final Bytes VERSION = ascii("HPKE-v1");
    /** Section 4.1: "KEM" and the number of DHKEM(X25519, HKDF-SHA256). */
    private static final Bytes KEM = ascii("KEM").concat(Bytes.fromHex("0020"));
    /** Section 5.1: "HPKE" and the numbers of KEM, KDF and AEAD. */
    private static final Bytes SUITE = ascii("HPKE").concat(Bytes.fromHex("002000010001"));
    /** Section 5.1: base mode has neither a pre-shared key nor a name for it. */
    private static final Bytes BASE_MODE =
            Bytes.fromHex("00").concat(Bytes.of(extract(SUITE, NONE, "psk_id_hash", Bytes.EMPTY)));

    /**
     * @param mine the ephemeral key of who seals, the recipient's of who opens
     * @param theirs the recipient's key of who seals, the encapsulated one of who opens
     * @param encapsulated the ephemeral public key
     * @param recipient the recipient's public key
     * @throws IllegalStateException when {@code theirs} is a point of low order (section 7.1.4)
     */
    static HpkeKeys agree(
            X25519PrivateKeyParameters mine,
            X25519PublicKeyParameters theirs,
            Bytes encapsulated,
            Bytes recipient,
            Bytes info) {
        byte[] dh = new byte[Sealer.PUBLIC_KEY_SIZE];
        mine.generateSecret(theirs, dh, 0);
        byte[] prk = extract(KEM, NONE, "eae_prk", Bytes.of(dh));
        byte[] shared = expand(KEM, prk, "shared_secret", encapsulated.concat(recipient), SECRET_SIZE);
        Bytes context = BASE_MODE.concat(Bytes.of(extract(SUITE, NONE, "info_hash", info)));
        byte[] secret = extract(SUITE, shared, "secret", Bytes.EMPTY);
        return new HpkeKeys(
                Bytes.of(expand(SUITE, secret, "key", context, AesGcm.KEY_SIZE)),
                Bytes.of(expand(SUITE, secret, "base_nonce", context, AesGcm.NONCE_SIZE)));
    }

    /** Section 4: LabeledExtract. */
    private static byte[] extract(Bytes suite, byte[] salt, String label, Bytes input) {
        return generator()
                .extractPRK(
                        salt,
                        VERSION.concat(suite).concat(ascii(label)).concat(input).toArray());
    }

    /** Section 4: LabeledExpand. */
    private static byte[] expand(Bytes suite, byte[] prk, String label, Bytes info, int size) {
        Bytes labelled = Bytes.of(new byte[] {0, (byte) size})
                .concat(VERSION)
                .concat(suite)
                .concat(ascii(label))
                .concat(info);
        HKDFBytesGenerator generator = generator();
        generator.init(HKDFParameters.skipExtractParameters(prk, labelled.toArray()));
        byte[] out = new byte[size];
        generator.generateBytes(out, 0, size);
        return out;
    }

    private static HKDFBytesGenerator generator() {
        return new HKDFBytesGenerator(new SHA256Digest());
    }

    private static Bytes ascii(String text) {
        return Bytes.of(text.getBytes(StandardCharsets.US_ASCII));
    }

    /** Without what it holds. */
    @Override
    public String toString() {
        return "HpkeKeys";
    }
}
