package org.jiaozi.server.institution;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.jiaozi.core.crypto.PublicKey;
import org.jiaozi.core.value.Bytes;
import org.jiaozi.core.value.InstitutionId;
import org.jiaozi.core.value.IssuerKeyId;
import org.jiaozi.server.StartFailure;
import org.jiaozi.server.durable.DurableFile;

/**
 * What the central bank gave an institution when it joined.
 *
 * @param code what people and certificates call it
 * @param name for people
 * @param key its number and the generation of its key
 * @param quota the quota its notes count against
 * @param rootKey the central bank's root key: whose bulletins are believed
 */
record Membership(String code, String name, IssuerKeyId key, long quota, PublicKey rootKey) {
    private static final String FILE = "member.json";
    private static final ObjectMapper JSON = new ObjectMapper();

    /**
     * Reads {@code member.json}; empty where the institution has not joined yet.
     *
     * @throws StartFailure in one line where the file is damaged
     */
    static Optional<Membership> load(Path dataDir) {
        Path file = dataDir.resolve(FILE);
        if (!Files.exists(file)) {
            return Optional.empty();
        }
        try {
            JsonNode node = JSON.readTree(Files.readString(file));
            return Optional.of(new Membership(
                    node.required("code").asText(),
                    node.required("name").asText(),
                    new IssuerKeyId(
                            new InstitutionId(node.required("id").intValue()),
                            node.required("generation").intValue()),
                    node.required("quota").longValue(),
                    new PublicKey(Bytes.fromHex(node.required("rootKey").asText()))));
        } catch (IOException | IllegalArgumentException e) {
            throw new StartFailure("The file " + file + " is damaged: " + e.getMessage(), e);
        }
    }

    /** Writes {@code member.json}, whole or not at all. */
    void store(Path dataDir) throws IOException {
        String text = JSON.createObjectNode()
                .put("code", code)
                .put("name", name)
                .put("id", key.institution().number())
                .put("generation", key.generation())
                .put("quota", quota)
                .put("rootKey", rootKey.compressed().hex())
                .toPrettyString();
        DurableFile.write(
                dataDir.resolve(FILE), (text + "\n").getBytes(StandardCharsets.UTF_8), DurableFile.Access.USUAL);
    }
}
