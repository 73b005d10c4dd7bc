package org.jiaozi.lab.demo;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MappingIterator;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.io.IOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** A process of {@code jiaozi shell}: a device that stays switched on, or an operator at a desk. One command at a time. */
final class Shell implements AutoCloseable {
    private final Process process;
    private final Writer in;
    /** Made at the first read, for it waits for the first byte. */
    private @Nullable MappingIterator<JsonNode> out;

    private final Path errors;

    Shell(Process process, Path errors) {
        this.process = process;
        this.in = process.outputWriter(StandardCharsets.UTF_8);
        this.errors = errors;
    }

    /** Runs a command to its end. */
    Jiaozi.Result run(List<String> words) throws IOException {
        begin(words);
        return finish();
    }

    /** Begins a command; {@link #finish} must follow. */
    void begin(List<String> words) throws IOException {
        in.write(words.stream().map(Shell::quoted).collect(Collectors.joining(" ")) + "\n");
        in.flush();
    }

    /** What the command says before its answer. */
    JsonNode next() throws IOException {
        MappingIterator<JsonNode> values = out;
        if (values == null) {
            values = Jiaozi.JSON.readerFor(JsonNode.class).readValues(process.getInputStream());
            out = values;
        }
        if (!values.hasNextValue()) {
            throw new DemoFailure(
                    "a shell ended early: " + Files.readString(errors).strip());
        }
        return values.nextValue();
    }

    /** Waits for the command's end. */
    Jiaozi.Result finish() throws IOException {
        JsonNode last = JsonNodeFactory.instance.objectNode();
        while (true) {
            JsonNode value = next();
            if (value.has("exit") && !value.has("ok")) {
                return new Jiaozi.Result(
                        value.path("exit").asInt(), last, value.path("error").asText());
            }
            last = value;
        }
    }

    private static String quoted(String word) {
        return '"' + word.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
    }

    @Override
    public void close() {
        try {
            in.close();
            if (!process.waitFor(20, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (IOException e) {
            process.destroyForcibly();
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
