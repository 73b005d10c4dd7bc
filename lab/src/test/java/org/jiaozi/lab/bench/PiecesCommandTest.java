package org.jiaozi.lab.bench;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.List;
import org.jiaozi.cli.Main;
import org.junit.jupiter.api.Test;

final class PiecesCommandTest {
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    private int run(String... line) {
        List<String> all = new ArrayList<>(List.of("bench", "pieces"));
        all.addAll(List.of(line));
        return Main.run(new PrintWriter(out, true), new PrintWriter(err, true), all.toArray(String[]::new));
    }

    /** Each piece checks what it does, and fails where it does something else. */
    @Test
    void everyPieceRunsAndIsTold() throws IOException {
        assertThat(run("--seconds", "0", "--json")).isZero();
        JsonNode told = new ObjectMapper().readTree(out.toString());
        List<String> pieces = new ArrayList<>();
        told.required("pieces").forEach(p -> {
            pieces.add(p.required("piece").asText()
                    + (p.has("hops") ? " " + p.required("hops").intValue() : ""));
            assertThat(p.required("micros").isNumber()).isTrue();
            assertThat(p.required("verifications").isNumber()).isTrue();
        });
        assertThat(pieces)
                .containsExactly(
                        "verifyTransfer",
                        "decode 1",
                        "decode 3",
                        "decode 5",
                        "checkLineage 1",
                        "checkLineage 3",
                        "checkLineage 5",
                        "chooseSlices",
                        "pay");
        assertThat(told.required("cores").intValue()).isPositive();
    }

    @Test
    void anAbsurdTimeIsRefusedInOneLine() {
        assertThat(run("--seconds", "-1")).isEqualTo(2);
        assertThat(err.toString().strip()).contains("--seconds is 0 to 3600").doesNotContain("\n");
    }
}
