package org.jiaozi.cli.wallet.online;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import org.jiaozi.cli.CommandFailure;
import org.jiaozi.core.value.Bytes;
import org.jiaozi.crypto.InsecureSecretAccess;
import org.jiaozi.crypto.SecretKey;

/**
 * The key that speaks for the account when the device is gone: it reports the loss and claims what the device held. It
 * lies in a file of its own that only its owner may read, best kept away from the wallet.
 *
 * @param key the private key
 * @param account the account's name, empty until it is enrolled
 */
record AccountKey(SecretKey key, String account) {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String OWNER_ONLY = "rw-------";

    static AccountKey read(Path file) {
        try {
            JsonNode node = JSON.readTree(Files.readAllBytes(file));
            // bare only between the file and the key
            SecretKey key =
                    SecretKey.fromScalar(Bytes.fromHex(node.path("accountKey").asText()), InsecureSecretAccess.get());
            return new AccountKey(key, node.path("account").asText(""));
        } catch (IOException e) {
            throw new CommandFailure("cannot read the account key " + file + ": " + e.getMessage(), e);
        } catch (IllegalArgumentException e) {
            throw new CommandFailure(file + " is no account key: take the file that enroll wrote", e);
        }
    }

    boolean sameKey(AccountKey other) {
        return key.publicKey().equals(other.key.publicKey());
    }

    /** Writes the file whole or not at all, readable by its owner alone from the first byte. */
    void write(Path file) {
        ObjectNode node = JSON.createObjectNode()
                .put("accountKey", key.scalar(InsecureSecretAccess.get()).hex())
                .put("account", account);
        Path target = file.toAbsolutePath();
        Path next = target.resolveSibling(target.getFileName() + ".new");
        try {
            Files.deleteIfExists(next);
            try (FileChannel out = FileChannel.open(
                    next,
                    Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(OWNER_ONLY)))) {
                ByteBuffer text = ByteBuffer.wrap((node.toPrettyString() + "\n").getBytes(StandardCharsets.UTF_8));
                while (text.hasRemaining()) {
                    out.write(text);
                }
                out.force(true);
            }
            Files.move(next, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw new CommandFailure("cannot write the account key " + file + ": " + e.getMessage(), e);
        }
    }
}
