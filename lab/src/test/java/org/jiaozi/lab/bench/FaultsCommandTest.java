package org.jiaozi.lab.bench;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jiaozi.cli.Main;
import org.jiaozi.testing.Needs;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Few rounds of faults on real servers, a real database and a client of its own. */
final class FaultsCommandTest {
    /** Four are two in which all die between them, one on a full disk, and one on a slow one. */
    private static final int ROUNDS = Integer.getInteger("jiaozi.rounds", 4);

    private static final int EACH = 400;

    private final long seed = Long.getLong("jiaozi.seed", System.nanoTime());
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    private int run(String... options) {
        List<String> line = new ArrayList<>(List.of("bench", "faults"));
        line.addAll(List.of(options));
        return Main.run(new PrintWriter(out, true), new PrintWriter(err, true), line.toArray(String[]::new));
    }

    @Test
    void whatWasAcknowledgedIsThereAfterAllOfThem(@TempDir Path folder) throws IOException {
        Path report = folder.resolve("report.json");
        Path data = folder.resolve("data");
        int status = run(
                "--rounds=" + ROUNDS,
                "--deposits=" + ROUNDS * EACH,
                "--batch=8",
                "--notes=40",
                "--payers=10",
                "--merchants=4",
                "--double-spends=3",
                "--clients=4",
                "--seed=" + seed,
                "--data=" + data,
                "--json=" + report);
        String all = "-Djiaozi.seed=" + seed + "\n" + out + err;
        assertThat(status).as(all).isZero();
        System.out.println(all);
        JsonNode told = new ObjectMapper().readTree(report.toFile());
        for (String none : List.of("answeredOtherwise", "lost", "doubleCredited", "framed")) {
            assertThat(told.required(none).longValue()).as(none + " " + all).isZero();
        }
        assertThat(told.required("acknowledged")).as(all).isEqualTo(told.required("batches"));
        assertThat(told.required("convicted").longValue())
                .as(all)
                .isPositive()
                .isEqualTo(told.required("doubleSpenders").longValue());
        assertThat(told.required("askedAgainUnderLoad").longValue()).as(all).isPositive();
        assertThat(told.required("breaches")).as(all).isEmpty();
        if (ROUNDS >= 4) {
            told.required("killed")
                    .properties()
                    .forEach(victim -> assertThat(victim.getValue().intValue())
                            .as(victim.getKey() + " " + all)
                            .isPositive());
        }
        assertThat(Main.run(new PrintWriter(out, true), new PrintWriter(err, true), "audit", "--data", data.toString()))
                .as(out + " " + err)
                .isZero();
        Needs.systemPackage("strace", "strace");
        Needs.that(told.required("roundsOfASlowDisk").intValue() > 0, "run it where a process may trace another");
        Needs.that(told.required("roundsOfAFullDisk").intValue() > 0, "run it where a tmpfs may be mounted");
        assertThat(told.required("refusedOnAFullDisk").longValue()).as(all).isPositive();
    }

    @Test
    void serversEndUpInANewFolder(@TempDir Path folder) {
        assertThat(run("--data", folder.toString())).isEqualTo(1);
        assertThat(err.toString().strip()).contains("--data is a new folder").doesNotContain("\n");
        assertThat(Files.exists(folder.resolve("up.json"))).isFalse();
    }

    @ParameterizedTest
    @CsvSource({"--rounds,0", "--clients,257", "--prefill,1", "--deposits,0"})
    void anAbsurdOptionIsRefusedInOneLine(String option, String value) {
        assertThat(run(option, value)).isEqualTo(2);
        assertThat(err.toString().strip()).contains(option + " is ").doesNotContain("\n");
    }
}
