package org.jiaozi.server.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.BufferedReader;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import org.jiaozi.server.StartFailure;
import org.jiaozi.server.TestCluster;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class EmbeddedPostgresTest {
    @TempDir
    Path folder;

    private final List<String> notices = new ArrayList<>();

    private EmbeddedPostgres start() {
        return EmbeddedPostgres.start(folder, OptionalInt.empty(), PostgresBinaries.defaultCache(), notices::add);
    }

    private static String ask(EmbeddedPostgres postgres, String sql) throws SQLException {
        try (Connection connection = DriverManager.getConnection(postgres.jdbcUrl("shop"));
                Statement statement = connection.createStatement();
                ResultSet result = statement.executeQuery(sql)) {
            result.next();
            return result.getString(1);
        }
    }

    private static void tell(EmbeddedPostgres postgres, String sql) throws SQLException {
        tell(postgres.jdbcUrl("shop"), sql);
    }

    private static void tell(String url, String sql) throws SQLException {
        try (Connection connection = DriverManager.getConnection(url);
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    @Test
    void keepsItsDataItsPortAndItsPasswordAcrossARestart() throws Exception {
        int port;
        try (EmbeddedPostgres postgres = start()) {
            port = postgres.port();
            postgres.createDatabaseIfMissing("shop");
            postgres.createDatabaseIfMissing("shop");
            tell(postgres, "CREATE TABLE t (v jsonb NOT NULL)");
            tell(postgres, "INSERT INTO t VALUES ('{\"a\": 7}')");
            assertThat(ask(postgres, "SHOW fsync")).isEqualTo("on");
            assertThat(ask(postgres, "SHOW synchronous_commit")).isEqualTo("on");
            assertThat(ask(postgres, "SHOW full_page_writes")).isEqualTo("on");
            assertThat(ask(postgres, "SHOW listen_addresses")).isEqualTo("127.0.0.1");
            assertThat(ask(postgres, "SELECT rolpassword FROM pg_authid WHERE rolcanlogin"))
                    .startsWith("SCRAM-SHA-256$1:");
        }
        assertThat(notices).hasSizeBetween(1, 2);
        notices.clear();
        try (EmbeddedPostgres postgres = start()) {
            assertThat(postgres.port()).isEqualTo(port);
            assertThat(ask(postgres, "SELECT v->>'a' FROM t")).isEqualTo("7");
        }
        assertThat(notices).isEmpty();
        assertThat(Files.getPosixFilePermissions(folder.resolve("postgres.password")))
                .isEqualTo(PosixFilePermissions.fromString("rw-------"));
    }

    @Test
    void theDatabaseItselfRefusesOverlappingRanges() throws Exception {
        String url = TestCluster.freshDatabase();
        tell(url, "CREATE EXTENSION btree_gist");
        tell(
                url,
                "CREATE TABLE redeemed (note bytea, span int8range, named numrange,"
                        + " EXCLUDE USING gist (note WITH =, span WITH &&), EXCLUDE USING gist (named WITH &&))");
        tell(url, "INSERT INTO redeemed VALUES ('\\x01', '[0,10)', '[0,10)')");
        tell(url, "INSERT INTO redeemed VALUES ('\\x01', '[10,20)', '[10,20)')");
        tell(url, "INSERT INTO redeemed VALUES ('\\x02', '[5,15)', '[20,21)')");
        assertThatThrownBy(() -> tell(url, "INSERT INTO redeemed VALUES ('\\x01', '[19,20)', '[30,31)')"))
                .isInstanceOfSatisfying(
                        SQLException.class, e -> assertThat(e.getSQLState()).isEqualTo("23P01"));
        assertThatThrownBy(() -> tell(url, "INSERT INTO redeemed VALUES ('\\x03', '[0,1)', '[9,11)')"))
                .isInstanceOfSatisfying(
                        SQLException.class, e -> assertThat(e.getSQLState()).isEqualTo("23P01"));
    }

    @Test
    void stopsTheServerThatAKilledProcessLeftBehindAndStartsAnew() throws Exception {
        Process holder = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        PostgresHolder.class.getName(),
                        folder.toString())
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        long orphan;
        try (BufferedReader output = holder.inputReader()) {
            orphan = Long.parseLong(output.readLine());
            assertThatThrownBy(this::start).isInstanceOf(StartFailure.class).hasMessageContaining("in use");
        } finally {
            holder.destroyForcibly().waitFor();
        }
        assertThat(ProcessHandle.of(orphan)).isPresent();

        try (EmbeddedPostgres postgres = start()) {
            assertThat(notices)
                    .containsExactly("Stopping PostgreSQL (process " + orphan + ") that an earlier run left behind.");
            assertThat(ProcessHandle.of(orphan).filter(ProcessHandle::isAlive)).isEmpty();
            postgres.createDatabaseIfMissing("shop");
            assertThat(ask(postgres, "SELECT 1")).isEqualTo("1");
        }
    }

    @Test
    void recoversWhenTheServerItselfWasKilled() throws Exception {
        try (EmbeddedPostgres postgres = start()) {
            postgres.createDatabaseIfMissing("shop");
            tell(postgres, "CREATE TABLE t AS SELECT 7 AS v");
            ProcessHandle.of(postgres.pid()).orElseThrow().destroyForcibly();
            ProcessHandle.of(postgres.pid()).ifPresent(handle -> handle.onExit().join());
        }
        try (EmbeddedPostgres postgres = start()) {
            assertThat(ask(postgres, "SELECT v FROM t")).isEqualTo("7");
        }
    }

    @Test
    void saysInOneLineThatAPortIsTaken() throws IOException {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.ofLiteral("127.0.0.1"))) {
            OptionalInt port = OptionalInt.of(taken.getLocalPort());
            assertThatThrownBy(() -> EmbeddedPostgres.start(folder, port))
                    .isInstanceOf(StartFailure.class)
                    .hasMessage("Port " + taken.getLocalPort() + " on 127.0.0.1 is taken; PostgreSQL needs another.");
            assertThat(folder.resolve("pgdata")).doesNotExist();
        }
    }
}
