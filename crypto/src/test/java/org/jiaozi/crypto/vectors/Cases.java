package org.jiaozi.crypto.vectors;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import org.jiaozi.core.refusal.RefusalCode;
import org.jiaozi.core.value.Bytes;

/** A vector file while it is made. */
final class Cases {
    private static final ObjectMapper JSON = new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);
    private final ObjectNode file = JSON.createObjectNode();
    private final ArrayNode cases = JSON.createArrayNode();

    Cases(String clause) {
        file.put("clause", clause);
    }

    /** What all cases are read with. */
    Cases with(String key, Bytes value) {
        file.put(key, value.hex());
        return this;
    }

    ObjectNode ok(String name, Bytes bytes) {
        return add(name).put("bytes", bytes.hex()).put("expect", "ok");
    }

    ObjectNode refused(RefusalCode code, String name, Bytes bytes) {
        return add(name).put("bytes", bytes.hex()).put("expect", Integer.toString(code.number()));
    }

    ObjectNode add(String name) {
        return cases.addObject().put("name", name);
    }

    /** A committed file is kept: changing it would change the protocol. */
    void write(String name) throws IOException {
        var path = VectorFiles.folder().resolve(name);
        if (Files.exists(path)) {
            System.err.println("kept " + path);
            return;
        }
        file.set("cases", cases);
        Files.writeString(path, JSON.writeValueAsString(file) + "\n");
    }
}
