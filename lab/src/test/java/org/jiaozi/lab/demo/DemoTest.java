package org.jiaozi.lab.demo;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jiaozi.cli.Launch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The demo as a user runs it: a process, its exit code, its report, and the evidence it leaves. */
final class DemoTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    private Path folder;

    /** What the launcher built before the tests, with its cache; without it, this test's own class path. */
    private static List<String> jiaozi(String... args) {
        String classPath = System.getenv("JIAOZI_TEST_CLASSPATH");
        if (classPath == null || classPath.isEmpty()) {
            return Launch.command(List.of(args));
        }
        List<String> line = new ArrayList<>(List.of(
                Objects.requireNonNull(System.getProperty("java.home")) + "/bin/java",
                "--enable-native-access=ALL-UNNAMED",
                "-XX:+UseSerialGC"));
        String cache = System.getenv("JIAOZI_TEST_CACHE");
        if (cache != null && !cache.isEmpty()) {
            line.addAll(List.of("-XX:AOTCache=" + cache, "-Xlog:disable", "-Djiaozi.aot=" + cache));
        }
        line.addAll(List.of("-cp", classPath, "org.jiaozi.cli.Main"));
        line.addAll(List.of(args));
        return line;
    }

    private JsonNode play(String seed, String profile) throws IOException, InterruptedException {
        Path report = folder.resolve("report.json");
        Path said = folder.resolve("said.txt");
        Process demo = new ProcessBuilder(jiaozi(
                        "demo",
                        "--seed",
                        seed,
                        "--profile",
                        profile,
                        "--data",
                        folder.resolve("data").toString(),
                        "--json",
                        report.toString()))
                .redirectErrorStream(true)
                .redirectOutput(said.toFile())
                .start();
        int exit = demo.waitFor();
        System.out.println(Files.readString(said));
        assertThat(exit)
                .as("exit code of the demo, seed %s, profile %s:%n%s", seed, profile, Files.readString(said))
                .isZero();
        return JSON.readTree(report.toFile());
    }

    @ParameterizedTest
    @ValueSource(strings = {"1", "2", "3"})
    void theWholeStoryHolds(String seed) throws IOException, InterruptedException {
        JsonNode report = play(seed, "circulating");
        assertThat(report.path("ok").asBoolean()).isTrue();
        assertThat(report.path("seed").asLong()).isEqualTo(Long.parseLong(seed));
        assertThat(report.path("offline").path("maxHops").asInt()).isGreaterThanOrEqualTo(3);
        assertThat(report.path("offline").path("payments").asInt()).isGreaterThanOrEqualTo(5);
        JsonNode fraud = report.path("doubleSpend");
        assertThat(fraud.path("convicted").asInt())
                .isEqualTo(fraud.path("attempted").asInt());
        assertThat(fraud.path("framed").asInt()).isZero();
        assertThat(fraud.path("framingAttempts").asInt()).isEqualTo(6);
        assertThat(fraud.path("refusedOffline").asInt()).isEqualTo(205);
        assertThat(report.path("tears").path("recovered").asInt()).isEqualTo(1);
        assertThat(report.path("lost").path("returned").asLong())
                .isEqualTo(report.path("lost").path("held").asLong());
        JsonNode supply = report.path("supply");
        assertThat(supply.path("balanced").asBoolean()).isTrue();
        assertThat(supply.path("issued").asLong())
                .isEqualTo(supply.path("redeemed").asLong()
                        + supply.path("refunded").asLong()
                        + supply.path("outstanding").asLong());
        assertThat(report.path("sizes").path("paymentBytes").size()).isGreaterThanOrEqualTo(3);
        verifies(Path.of(fraud.path("evidence").asText()));
    }

    private void verifies(Path evidence) throws IOException, InterruptedException {
        Process verify = new ProcessBuilder(jiaozi(
                        "evidence",
                        "verify",
                        evidence.toString(),
                        "--trust",
                        folder.resolve("data/banks/trust.json").toString()))
                .inheritIO()
                .start();
        assertThat(verify.waitFor()).isZero();
    }

    @Test
    void underTheStagedProfileReceivedMoneyIsFrozenUntilASync() throws IOException, InterruptedException {
        JsonNode report = play("1", "icbc-staged");
        assertThat(report.path("ok").asBoolean()).isTrue();
        assertThat(report.path("offline").path("respent").asBoolean()).isFalse();
        assertThat(report.path("offline").path("respendRefused").asInt()).isEqualTo(509);
        assertThat(report.path("offline").path("maxHops").asInt()).isEqualTo(1);
    }

    @Test
    void underTheCountLimitedProfileHopsEndEarlier() throws IOException, InterruptedException {
        JsonNode report = play("1", "dcep");
        assertThat(report.path("ok").asBoolean()).isTrue();
        assertThat(report.path("offline").path("respent").asBoolean()).isTrue();
        assertThat(report.path("offline").path("maxHops").asInt()).isEqualTo(2);
    }
}
