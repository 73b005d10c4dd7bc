package org.jiaozi.cli.wallet.store;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jiaozi.core.crypto.PublicKey;
import org.jiaozi.core.crypto.Signer;
import org.jiaozi.core.refusal.RefusalCode;
import org.jiaozi.core.value.Bytes;
import org.jiaozi.crypto.Argon2Cost;
import org.jiaozi.crypto.Entropy;
import org.jiaozi.crypto.Es256Signer;
import org.jiaozi.crypto.InsecureSecretAccess;
import org.jiaozi.crypto.PinVault;
import org.jiaozi.crypto.SecretKey;

/**
 * A wallet's private keys, in memory while a command runs. In storage they lie under the PIN, as public key (33 bytes)
 * and scalar (32 bytes) one after the other. Has no text form.
 */
public final class KeyRing {
    private static final int PAIR = PublicKey.SIZE + SecretKey.SIZE;

    private final Map<PublicKey, Bytes> scalars;
    private final Map<PublicKey, Signer> signers = new LinkedHashMap<>();

    private KeyRing(Map<PublicKey, Bytes> scalars) {
        this.scalars = new LinkedHashMap<>(scalars);
    }

    /** Without keys. */
    public static KeyRing empty() {
        return new KeyRing(Map.of());
    }

    static KeyRing read(Bytes content) {
        Map<PublicKey, Bytes> scalars = new LinkedHashMap<>();
        try {
            for (int at = 0; at < content.size(); at += PAIR) {
                PublicKey key = new PublicKey(content.slice(at, at + PublicKey.SIZE));
                if (scalars.put(key, content.slice(at + PublicKey.SIZE, at + PAIR)) != null) {
                    throw new StoreException(RefusalCode.MALFORMED, "a key twice in the vault");
                }
            }
        } catch (IllegalArgumentException e) {
            throw new StoreException(RefusalCode.MALFORMED, "the vault holds no pairs of keys");
        }
        return new KeyRing(scalars);
    }

    private Bytes write() {
        Bytes content = Bytes.EMPTY;
        for (Map.Entry<PublicKey, Bytes> e : scalars.entrySet()) {
            content = content.concat(e.getKey().compressed()).concat(e.getValue());
        }
        return content;
    }

    /** Draws keys; they are lost unless {@link #seal} is stored before they are used. */
    public List<PublicKey> draw(int count, Entropy entropy) {
        List<PublicKey> fresh = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            SecretKey key = SecretKey.generate(entropy);
            // bare only on its way into the vault
            scalars.put(key.publicKey(), key.scalar(InsecureSecretAccess.get()));
            fresh.add(key.publicKey());
        }
        return List.copyOf(fresh);
    }

    /** Signs with one of these keys; another key refuses 404. */
    public Signer signer(PublicKey key) {
        return signers.computeIfAbsent(key, k -> {
            Bytes scalar = scalars.get(k);
            if (scalar == null) {
                throw new StoreException(RefusalCode.NOT_FOR_THIS_PURSE, "no private key for " + k.thumbprint());
            }
            return Es256Signer.of(SecretKey.fromScalar(scalar, InsecureSecretAccess.get()));
        });
    }

    /** These keys under a PIN, for the wallet of that id. */
    public Bytes seal(char[] pin, String wallet, Argon2Cost cost, Entropy entropy) {
        return new PinVault(cost, entropy).seal(pin, Database.text(wallet), write());
    }

    /** Every key, oldest first. */
    public List<PublicKey> all() {
        return List.copyOf(scalars.keySet());
    }
}
