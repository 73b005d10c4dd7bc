package org.jiaozi.crypto.vectors;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.jiaozi.core.codec.DecodeException;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Reads every committed vector; a file that nothing here reads fails. */
final class VectorsTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    @Test
    void everyVectorFileHasAReader() throws IOException {
        try (Stream<Path> files = Files.list(VectorFiles.folder())) {
            assertThat(files.filter(f -> f.toString().endsWith(".json"))
                            .map(f -> f.getFileName().toString()))
                    .containsExactlyInAnyOrderElementsOf(VectorReaders.ALL.keySet());
        }
    }

    @TestFactory
    Stream<DynamicTest> vectors() {
        return VectorReaders.ALL.entrySet().stream().flatMap(e -> cases(e.getKey(), e.getValue()));
    }

    /** A committed file. */
    static JsonNode file(String name) {
        try {
            return JSON.readTree(VectorFiles.read(name));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Stream<DynamicTest> cases(String name, VectorReaders.Reader reader) {
        JsonNode file = file(name);
        JsonNode cases = file.get("cases");
        assertThat(cases).as("cases of %s", name).isNotEmpty();
        return Stream.iterate(0, i -> i < cases.size(), i -> i + 1)
                .map(i -> DynamicTest.dynamicTest(
                        name + " " + i + " " + cases.get(i).get("name").asText(),
                        () -> run(file, cases.get(i), reader)));
    }

    private static void run(JsonNode file, JsonNode vector, VectorReaders.Reader reader) {
        String expect = vector.get("expect").asText();
        String got;
        try {
            assertThat(reader.read(file, vector)).isEqualTo(VectorReaders.bytes(vector));
            got = "ok";
        } catch (DecodeException e) {
            got = Integer.toString(e.refusal().code().number());
        }
        assertThat(got).as(vector.get("name").asText()).isEqualTo(expect);
    }
}
