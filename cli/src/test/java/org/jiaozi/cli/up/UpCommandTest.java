package org.jiaozi.cli.up;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.File;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.concurrent.TimeUnit;
import org.jiaozi.cli.ExitCode;
import org.jiaozi.cli.Launch;
import org.jiaozi.cli.Main;
import org.jiaozi.server.postgres.EmbeddedPostgres;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The whole as processes: started, killed, started again, ended. */
final class UpCommandTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int PORT_BASE = 24_700;

    @TempDir
    private Path folder = Path.of("");

    private @Nullable Process up;

    @AfterEach
    void end() throws InterruptedException {
        if (Files.exists(folder.resolve("data/up.json"))) {
            run("down", "--data", data());
        }
        if (up != null) {
            up.destroyForcibly().waitFor();
        }
    }

    private String data() {
        return folder.resolve("data").toString();
    }

    /** Starts it and returns what it reports when it is ready. */
    private JsonNode start() throws IOException {
        Path errors = folder.resolve("errors");
        Process started = new ProcessBuilder(Launch.command(
                        List.of("up", "--data", data(), "--port-base", Integer.toString(PORT_BASE), "--json")))
                .redirectInput(ProcessBuilder.Redirect.from(new File("/dev/null")))
                .redirectError(errors.toFile())
                .start();
        up = started;
        StringBuilder said = new StringBuilder();
        while (true) {
            String line = started.inputReader().readLine();
            if (line == null) {
                throw new AssertionError("up has ended: " + Files.readString(errors));
            }
            said.append(line);
            if (line.equals("}")) {
                return JSON.readTree(said.toString());
            }
        }
    }

    private record Ran(int code, String out, String err) {}

    private static Ran run(String... arguments) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        int code = Main.run(new PrintWriter(out, true), new PrintWriter(err, true), arguments);
        return new Ran(code, out.toString(), err.toString());
    }

    private static boolean listens(int port) {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(java.net.InetAddress.getLoopbackAddress(), port), 1000);
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    @Test
    void itContinuesFromItsDataAlsoAfterAKillAndEndsWithNothingLeft() throws Exception {
        JsonNode first = start();
        assertThat(first.required("ok").asBoolean()).isTrue();
        JsonNode trust =
                JSON.readTree(Files.readString(Path.of(first.required("trust").asText())));
        assertThat(trust.required("institutions")).hasSize(2);
        assertThat(trust.required("rootKey").asText()).hasSize(66);
        Ran opened = run(
                "bank",
                "open-account",
                "--institution",
                "bank-a",
                "--holder",
                "Alice",
                "--balance",
                "12.50",
                "--data",
                data(),
                "--json");
        assertThat(opened.code()).as(opened.err()).isEqualTo(ExitCode.OK);
        JsonNode account = JSON.readTree(opened.out());
        assertThat(account.required("balance").longValue()).isEqualTo(1250);

        // the supervisor dies; its servers and PostgreSQL are orphans
        Process killed = up;
        assertThat(killed).isNotNull();
        killed.destroyForcibly().waitFor();
        assertThat(listens(PORT_BASE)).isTrue();
        Ran second =
                run("up", "--data", data(), "--config", folder.resolve("none").toString(), "--port-base", "80");
        assertThat(second.code()).as("a port below 1024").isNotEqualTo(ExitCode.OK);

        JsonNode again = start();
        assertThat(again.required("roles").required("central").required("pid").longValue())
                .isNotEqualTo(first.required("roles")
                        .required("central")
                        .required("pid")
                        .longValue());
        Ran seen = run(
                "bank",
                "account",
                account.required("account").asText(),
                "--institution",
                "bank-a",
                "--data",
                data(),
                "--json");
        assertThat(JSON.readTree(seen.out()).required("balance").longValue()).isEqualTo(1250);
        Ran books = run("bank", "books", "--institution", "bank-a", "--data", data());
        assertThat(books.out().lines()).contains("  cash: -12.50", "sum: 0.00");
        Ran elsewhere = run("up", "--data", data(), "--database-url", "jdbc:postgresql://127.0.0.1/%s");
        assertThat(elsewhere.code()).isEqualTo(ExitCode.FAILED);
        assertThat(elsewhere.err()).contains("without --database-url");
        // one folder, one whole
        Ran third = run("up", "--data", data());
        assertThat(third.code()).isEqualTo(ExitCode.FAILED);
        assertThat(third.err()).contains("already run");

        assertThat(run("down", "--data", data()).code()).isEqualTo(ExitCode.OK);
        for (int port = PORT_BASE; port < PORT_BASE + 3; port++) {
            assertThat(listens(port)).as("port %s", port).isFalse();
        }
        assertThat(listens(again.required("postgresPort").intValue())).isFalse();
    }

    /** Its roles would answer 801 for ever. */
    @Test
    void withItsPostgresGoneItEndsAndSaysSo() throws Exception {
        start();
        String pid = Files.readAllLines(folder.resolve("data/postgres/pgdata/postmaster.pid"))
                .getFirst();
        ProcessHandle.of(Long.parseLong(pid)).orElseThrow().destroyForcibly();
        Process ending = up;
        assertThat(ending).isNotNull();
        assertThat(ending.waitFor(2, TimeUnit.MINUTES)).as("up has ended").isTrue();
        assertThat(ending.exitValue()).isEqualTo(ExitCode.FAILED);
        assertThat(Files.readString(folder.resolve("errors"))).contains("PostgreSQL has ended");
        for (int port = PORT_BASE; port < PORT_BASE + 3; port++) {
            assertThat(listens(port)).as("port %s", port).isFalse();
        }
    }

    @Test
    void onDatabasesElsewhereItSaysWhatItDoesAndStartsOnNoOthers() throws Exception {
        Path config = Files.writeString(
                folder.resolve("config.json"),
                "{\"portBase\": " + (PORT_BASE + 10)
                        + ", \"institutions\": [{\"code\": \"bank-x\", \"name\": \"Bank X\"}]}");
        try (EmbeddedPostgres postgres = EmbeddedPostgres.start(folder.resolve("pg"), OptionalInt.empty())) {
            postgres.createDatabaseIfMissing("central");
            postgres.createDatabaseIfMissing("bank_x");
            String url = postgres.jdbcUrl("central").replace("/central", "/%s");
            Process started = new ProcessBuilder(Launch.command(
                            List.of("up", "--data", data(), "--config", config.toString(), "--database-url", url)))
                    .redirectInput(ProcessBuilder.Redirect.from(new File("/dev/null")))
                    .redirectErrorStream(true)
                    .start();
            up = started;
            List<String> said = new ArrayList<>();
            while (!said.contains("Ctrl-C ends all.")) {
                String line = started.inputReader().readLine();
                assertThat(line).as("up has ended: %s", said).isNotNull();
                said.add(line);
            }
            assertThat(said)
                    .containsSubsequence("The central bank and bank-x start.", "central serves.", "bank-x serves.");
            assertThat(run("down", "--data", data()).code()).isEqualTo(ExitCode.OK);
        }
        assertThat(Files.readString(folder.resolve("data/up.json")))
                .contains("%s")
                .doesNotContain("password");
        Ran without = run("up", "--data", data());
        assertThat(without.code()).isEqualTo(ExitCode.FAILED);
        assertThat(without.err().lines()).hasSize(1);
        assertThat(without.err()).contains("give --database-url");
        assertThat(folder.resolve("data/postgres")).doesNotExist();
    }
}
