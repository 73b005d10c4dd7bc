package org.jiaozi.server.institution;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.jiaozi.core.crypto.PublicKey;
import org.jiaozi.core.crypto.Sealer;
import org.jiaozi.core.crypto.Signer;
import org.jiaozi.core.value.Bytes;
import org.jiaozi.crypto.Entropy;
import org.jiaozi.crypto.Es256Signer;
import org.jiaozi.crypto.HpkeSealer;
import org.jiaozi.crypto.InsecureSecretAccess;
import org.jiaozi.crypto.SecretKey;
import org.jiaozi.server.StartFailure;
import org.jiaozi.server.durable.DurableFile;

/** An institution's own keys, made on first use: one signs notes, certificates and answers; to the other wallets seal. */
public final class InstitutionKeys {
    private final Signer signer;
    private final Sealer.KeyPair sealing;

    private InstitutionKeys(Signer signer, Sealer.KeyPair sealing) {
        this.signer = signer;
        this.sealing = sealing;
    }

    /**
     * Reads {@code keys/signing.key} and {@code keys/sealing.key} (owner only), creating both where there are none.
     *
     * @throws StartFailure in one line where they cannot be written or are damaged
     */
    public static InstitutionKeys openOrCreate(Path dataDir, Entropy entropy) {
        Path folder = dataDir.resolve("keys");
        Path signing = folder.resolve("signing.key");
        Path sealing = folder.resolve("sealing.key");
        // the keys leave memory for the owner's own folder and nothing else
        InsecureSecretAccess access = InsecureSecretAccess.get();
        try {
            DurableFile.createFolders(
                    folder, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
            if (!Files.exists(signing)) {
                write(signing, SecretKey.generate(entropy).scalar(access).hex());
            }
            if (!Files.exists(sealing)) {
                Sealer.KeyPair pair = new HpkeSealer(entropy).newKeyPair();
                write(sealing, pair.publicKey().hex() + pair.privateKey().hex());
            }
            SecretKey key =
                    SecretKey.fromScalar(Bytes.fromHex(Files.readString(signing).strip()), access);
            Bytes pair = Bytes.fromHex(Files.readString(sealing).strip());
            return new InstitutionKeys(
                    Es256Signer.of(key), new Sealer.KeyPair(pair.slice(0, 32), pair.slice(32, pair.size())));
        } catch (IOException | IllegalArgumentException e) {
            throw new StartFailure("Cannot use the keys in " + folder + ": " + e.getMessage(), e);
        }
    }

    private static void write(Path file, String hex) throws IOException {
        DurableFile.write(file, (hex + "\n").getBytes(StandardCharsets.US_ASCII), DurableFile.Access.OWNER);
    }

    /** Signs notes, certificates, answers and webhooks. */
    public Signer signer() {
        return signer;
    }

    /** The public half of {@link #signer}; deposits name it. */
    public PublicKey publicKey() {
        return signer.publicKey();
    }

    Sealer.KeyPair sealing() {
        return sealing;
    }

    /** To what wallets seal their messages. */
    public Bytes sealingKey() {
        return sealing.publicKey();
    }
}
