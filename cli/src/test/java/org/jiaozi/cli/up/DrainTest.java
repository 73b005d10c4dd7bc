package org.jiaozi.cli.up;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.jiaozi.cli.Launch;
import org.jiaozi.core.refusal.Refusal;
import org.jiaozi.core.refusal.RefusalCode;
import org.jiaozi.server.http.HttpCaller;
import org.jiaozi.server.http.HttpReply;
import org.jiaozi.server.http.MediaType;
import org.jiaozi.server.http.Unreachable;
import org.jiaozi.server.postgres.EmbeddedPostgres;
import org.jiaozi.server.tls.TlsIdentity;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What TERM makes of a role: who is under way is answered, who comes then is told to come again, and it ends. */
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
final class DrainTest {
    private static final int TERMINATED = 143;

    @TempDir
    private Path folder = Path.of("");

    private Process serve(int port, String database) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(Launch.command(List.of(
                        "serve",
                        "--role",
                        "central",
                        "--data",
                        folder.resolve("central").toString(),
                        "--port",
                        Integer.toString(port),
                        "--grace",
                        "100")))
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("log").toFile());
        builder.environment().put("JIAOZI_DATABASE_URL", database);
        return builder.start();
    }

    private static boolean isReady(HttpCaller caller, String address) {
        try {
            return caller.get(URI.create(address + "/ready"), MediaType.JSON).ok();
        } catch (Unreachable e) {
            return false;
        }
    }

    private HttpCaller operator() {
        return HttpCaller.create(
                Optional.of(TlsIdentity.load(folder.resolve("central/operator")).context()), Duration.ofSeconds(100));
    }

    @Test
    void whoIsUnderWayIsAnsweredAndTheRestIsToldToComeAgain() throws Exception {
        int port = FreePorts.inARow(1);
        String address = "https://127.0.0.1:" + port;
        try (EmbeddedPostgres postgres = EmbeddedPostgres.start(folder.resolve("postgres"), OptionalInt.empty())) {
            postgres.createDatabaseIfMissing("central");
            Process role = serve(port, postgres.jdbcUrl("central"));
            try (Connection other = DriverManager.getConnection(postgres.jdbcUrl("central"))) {
                while (!Files.exists(folder.resolve("central/operator/tls.pem"))) {
                    assertThat(role.waitFor(20, TimeUnit.MILLISECONDS)).isFalse();
                }
                HttpCaller caller = operator();
                while (!isReady(caller, address)) {
                    assertThat(role.waitFor(20, TimeUnit.MILLISECONDS)).isFalse();
                }
                other.setAutoCommit(false);
                FutureTask<HttpReply> underWay;
                try (Statement statement = other.createStatement()) {
                    statement.execute("LOCK TABLE bulletin IN ACCESS EXCLUSIVE MODE");
                    underWay = new FutureTask<>(() -> caller.post(
                            URI.create(address + "/v1/operator/bulletin"),
                            MediaType.JSON,
                            "{}".getBytes(StandardCharsets.US_ASCII)));
                    Thread.ofVirtual().start(underWay);
                    while (!somebodyWaits(statement)) {
                        assertThat(role.waitFor(20, TimeUnit.MILLISECONDS)).isFalse();
                    }
                }

                role.destroy();
                while (isReady(caller, address)) {
                    assertThat(role.waitFor(20, TimeUnit.MILLISECONDS)).isFalse();
                }
                HttpReply late = caller.get(URI.create(address + "/v1/bulletin"), MediaType.CBOR);
                assertThat(late.status()).isEqualTo(503);
                assertThat(late.refusal().map(Refusal::code)).contains(RefusalCode.BUSY);
                assertThat(late.retryAfter()).isPresent();
                assertThat(underWay).isNotDone();

                other.rollback();
                HttpReply reply = underWay.get();
                assertThat(reply.ok()).as("%s", reply.refusal()).isTrue();
                assertThat(role.waitFor()).isEqualTo(TERMINATED);
                caller.close();
            } finally {
                role.destroyForcibly().waitFor();
            }
        }
    }

    private static boolean somebodyWaits(Statement statement) throws Exception {
        try (ResultSet waiting = statement.executeQuery("SELECT count(*) FROM pg_locks WHERE NOT granted")) {
            return waiting.next() && waiting.getInt(1) > 0;
        }
    }
}
