package org.jiaozi.lab.bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.jiaozi.cli.CommandFailure;
import org.jiaozi.lab.Folders;

/**
 * Where what is deposited lies: the servers' folder with notes and purses on record ({@code data}), what these are
 * ({@code stock}), signed and sealed deposits ({@code letters}), and what all of it was made by ({@code work.json}).
 */
record WorkFolder(Path root) {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String STOCK = "stock";
    private static final String LETTERS = "letters";
    private static final String CPU = "CpuSeconds";

    Path data() {
        return root.resolve("data");
    }

    Path stock() {
        return root.resolve(STOCK);
    }

    Path letters() {
        return root.resolve(LETTERS);
    }

    private Path manifest() {
        return root.resolve("work.json");
    }

    private JsonNode read() {
        try {
            return Files.exists(manifest()) ? JSON.readTree(manifest().toFile()) : JSON.createObjectNode();
        } catch (IOException e) {
            throw new CommandFailure("cannot read " + manifest() + ": " + e.getMessage(), e);
        }
    }

    /** Refuses a folder in which something else lies. */
    void check() {
        try {
            if (!Files.exists(root) || Files.exists(manifest())) {
                return;
            }
            try (Stream<Path> files = Files.isDirectory(root) ? Files.list(root) : Stream.of(root)) {
                if (files.findAny().isPresent()) {
                    throw new CommandFailure(root + " holds something else than a workload");
                }
            }
        } catch (IOException e) {
            throw new CommandFailure("cannot look into " + root + ": " + e.getMessage(), e);
        }
    }

    boolean hasStock(WorkShape.Stock shape) {
        return same(read().path(STOCK), JSON.valueToTree(shape));
    }

    boolean hasLetters(WorkShape shape) {
        return hasStock(shape.stock()) && same(read().path(LETTERS), shape.json());
    }

    /** As text: a small number is of another kind once it was read. */
    private static boolean same(JsonNode one, JsonNode other) {
        return one.toString().equals(other.toString());
    }

    /** Forgets all of it, but that it is a workload's folder. */
    void clear() throws IOException {
        Files.createDirectories(root);
        store(JSON.createObjectNode());
        Folders.delete(data());
        Files.deleteIfExists(stock());
        Files.deleteIfExists(letters());
    }

    /** Forgets the letters. */
    void clearLetters() throws IOException {
        ObjectNode now = read().deepCopy();
        now.remove(LETTERS);
        store(now);
        Files.deleteIfExists(letters());
    }

    void stocked(WorkShape.Stock shape, double cpuSeconds) throws IOException {
        store(JSON.createObjectNode().putPOJO(STOCK, JSON.valueToTree(shape)).put(STOCK + CPU, cpuSeconds));
    }

    void lettered(WorkShape shape, double cpuSeconds) throws IOException {
        ObjectNode now = read().deepCopy();
        store(now.putPOJO(LETTERS, shape.json()).put(LETTERS + CPU, cpuSeconds));
    }

    private void store(ObjectNode now) throws IOException {
        JSON.writerWithDefaultPrettyPrinter().writeValue(manifest().toFile(), now);
    }

    /** What its making took of all cores. */
    double cpuSeconds() {
        JsonNode made = read();
        return made.path(STOCK + CPU).asDouble() + made.path(LETTERS + CPU).asDouble();
    }
}
