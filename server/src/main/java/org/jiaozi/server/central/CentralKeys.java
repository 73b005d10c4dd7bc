package org.jiaozi.server.central;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jiaozi.core.crypto.Signer;
import org.jiaozi.core.value.Bytes;
import org.jiaozi.core.value.InstitutionId;
import org.jiaozi.core.value.IssuerKeyId;
import org.jiaozi.crypto.Entropy;
import org.jiaozi.crypto.Es256Signer;
import org.jiaozi.crypto.InsecureSecretAccess;
import org.jiaozi.crypto.SecretKey;
import org.jiaozi.server.StartFailure;
import org.jiaozi.server.durable.DurableFile;

/**
 * The central bank's two signing keys, each in a file for its owner only: the root signs bulletins, the registry key
 * signs answers.
 *
 * @param root signs bulletins; what wallets trust
 * @param registry signs answers; listed in the bulletin
 */
record CentralKeys(Signer root, Signer registry) {
    static final IssuerKeyId ROOT = new IssuerKeyId(InstitutionId.CENTRAL_BANK, 0);
    static final IssuerKeyId REGISTRY = new IssuerKeyId(InstitutionId.CENTRAL_BANK, 1);

    static CentralKeys openOrCreate(Path folder, Entropy entropy) {
        return new CentralKeys(
                open(folder.resolve("root.key"), entropy), open(folder.resolve("registry.key"), entropy));
    }

    private static Signer open(Path file, Entropy entropy) {
        try {
            if (!Files.exists(file)) {
                create(file, SecretKey.generate(entropy));
            }
            Bytes scalar = Bytes.fromHex(
                    Files.readString(file, StandardCharsets.US_ASCII).strip());
            // the scalar comes from its own file and goes into the signer
            return Es256Signer.of(SecretKey.fromScalar(scalar, InsecureSecretAccess.get()));
        } catch (IOException e) {
            throw new StartFailure("Cannot read or create " + file + ": " + e, e);
        } catch (IllegalArgumentException e) {
            throw new StartFailure("The key in " + file + " is damaged.", e);
        }
    }

    private static void create(Path file, SecretKey key) throws IOException {
        // a key that is lost cannot be drawn again: it reaches the disk before anything is signed with it
        DurableFile.write(
                file,
                (key.scalar(InsecureSecretAccess.get()).hex() + "\n").getBytes(StandardCharsets.US_ASCII),
                DurableFile.Access.OWNER);
    }
}
