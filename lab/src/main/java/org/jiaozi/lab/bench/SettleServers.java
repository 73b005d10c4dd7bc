package org.jiaozi.lab.bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jiaozi.cli.CommandFailure;
import org.jiaozi.cli.Launch;
import org.jiaozi.cli.up.FreePorts;
import org.jiaozi.cli.wallet.session.Trust;
import org.jiaozi.server.http.Bounds;
import org.jiaozi.server.postgres.EmbeddedPostgres;

/** A central bank and its institutions as {@code jiaozi up} starts them, on a PostgreSQL that writes durably. */
final class SettleServers implements AutoCloseable {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int ROLES = 2;
    /** One institution, and more than all notes come to; sums are below 2^48. */
    private static final String SETTINGS = """
            {"institutions": [{"code": "bank-a", "name": "Bank A"}],
             "reserve": 200000000000000, "quota": 200000000000000, "guarantee": 1000000000000}
            """;

    /**
     * What {@code up} starts is small and soon there, as for a demonstration; this is what serves, unless told otherwise. Java has all of
     * its memory from the start, half of it for what is young, so that it copies little, and in large pages where the system gives
     * them; what it grows by is seen where {@code AlwaysPreTouch} is left out. PostgreSQL's log does not fill
     * new files with zeros, as it does not where it has served for long and uses its files again.
     */
    private static final Map<String, String> SIZE = Map.of(
            "JIAOZI_JAVA_OPTS",
            "-XX:TieredStopAtLevel=4 -Xms1g -Xmx1g -Xmn500m -XX:+AlwaysPreTouch -XX:+UseTransparentHugePages",
            EmbeddedPostgres.SETTINGS,
            "shared_buffers=512MB max_wal_size=4GB checkpoint_timeout=15min wal_init_zero=off");

    private static final int PATIENCE_SECONDS = 60;

    private final Path data;
    private final Process up;
    private final String bank;
    private final String url;

    private SettleServers(Path data, Process up, String bank, String url) {
        this.data = data;
        this.up = up;
        this.bank = bank;
        this.url = url;
    }

    /** Starts them in an empty folder and waits until they serve. */
    static SettleServers first(Path data) {
        Path settings = data.resolveSibling("settings.json");
        try {
            Files.createDirectories(settings.toAbsolutePath().getParent());
            Files.writeString(settings, SETTINGS);
        } catch (IOException e) {
            throw new CommandFailure("cannot write " + settings + ": " + e.getMessage(), e);
        }
        return start(data, List.of("--config", settings.toString()), Map.of());
    }

    /** Starts them as they are on what a start before has left, and waits until they serve. */
    static SettleServers again(Path data) {
        return start(data, List.of(), Map.of());
    }

    /**
     * The same with other bounds.
     *
     * @param naive whether they work on each request in transactions of its own
     * @param maxRequests how many requests each of them has under way at most
     */
    static SettleServers again(Path data, boolean naive, int maxRequests) {
        Map<String, String> environment = new TreeMap<>(Map.of(Bounds.REQUESTS_SET, Integer.toString(maxRequests)));
        if (naive) {
            environment.put("JIAOZI_TOGETHER", "1");
        }
        return start(data, List.of(), environment);
    }

    private static SettleServers start(Path data, List<String> more, Map<String, String> environment) {
        List<String> arguments = new ArrayList<>(List.of(
                "up", "--data", data.toString(), "--port-base", Integer.toString(FreePorts.inARow(ROLES)), "--json"));
        arguments.addAll(more);
        Process up;
        try {
            ProcessBuilder builder = new ProcessBuilder(Launch.command(arguments))
                    .redirectError(data.resolveSibling("up.err").toFile());
            SIZE.forEach(builder.environment()::putIfAbsent);
            builder.environment().putAll(environment);
            up = builder.start();
        } catch (IOException e) {
            throw new CommandFailure("the servers cannot be started: " + e.getMessage(), e);
        }
        // whoever stops the bench stops what it measures
        Runtime.getRuntime().addShutdownHook(Thread.ofPlatform().unstarted(up::destroy));
        try {
            JsonNode roles = JSON.readerFor(JsonNode.class)
                    .<JsonNode>readValues(up.getInputStream())
                    .next()
                    .path("roles");
            String bank = roles.properties().stream()
                    .map(java.util.Map.Entry::getKey)
                    .filter(code -> !code.equals("central"))
                    .sorted()
                    .findFirst()
                    .orElseThrow();
            return new SettleServers(
                    data, up, bank, roles.path(bank).path("url").asText());
        } catch (IOException | RuntimeException e) {
            up.destroy();
            throw new CommandFailure("the servers do not start: see " + data.resolveSibling("up.err"), e);
        }
    }

    Path data() {
        return data;
    }

    /** The institution's code. */
    String bank() {
        return bank;
    }

    /** Where it answers. */
    String url() {
        return url;
    }

    /** Whom the central bank has convicted, by thumbprint. */
    Set<String> convicted() {
        return Set.copyOf(list("central", "SELECT encode(culprit, 'hex') FROM conviction"));
    }

    /** Whom their customers trust. */
    Trust trust() {
        return Trust.read(data.resolve("trust.json"));
    }

    /** How the servers' size is set. */
    static Map<String, String> size() {
        Map<String, String> set = new TreeMap<>(SIZE);
        set.replaceAll((name, value) -> Optional.ofNullable(System.getenv(name)).orElse(value));
        return set;
    }

    /** One number out of a role's database. */
    long number(String role, String query) {
        return Long.parseLong(text(role, query));
    }

    String text(String role, String query) {
        return list(role, query).getFirst();
    }

    /** The first column of what a query of a role's database finds. */
    List<String> list(String role, String query) {
        return ask(role, statement -> {
            List<String> found = new ArrayList<>();
            try (ResultSet rows = statement.executeQuery(query)) {
                while (rows.next()) {
                    found.add(rows.getString(1));
                }
            }
            return found;
        });
    }

    /** Has a role's database do something. */
    void execute(String role, String sql) {
        ask(role, statement -> statement.execute(sql));
    }

    @FunctionalInterface
    private interface Asked<T> {
        T of(Statement statement) throws SQLException;
    }

    private <T> T ask(String role, Asked<T> question) {
        try (Connection connection = DriverManager.getConnection(jdbcUrl(role));
                Statement statement = connection.createStatement()) {
            return question.of(statement);
        } catch (SQLException e) {
            throw new CommandFailure("cannot look into the database of " + role + ": " + e.getMessage(), e);
        }
    }

    /** The address of a role's database. */
    String jdbcUrl(String role) {
        Path cluster = data.resolve("postgres");
        try {
            return "jdbc:postgresql://127.0.0.1:"
                    + Files.readString(cluster.resolve("postgres.port")).strip()
                    + "/" + role.replace('-', '_') + "?user=jiaozi&password="
                    + Files.readString(cluster.resolve("postgres.password")).strip();
        } catch (IOException e) {
            throw new CommandFailure("cannot find the databases in " + data + ": " + e.getMessage(), e);
        }
    }

    /** Bytes that both databases take on disk. */
    long databaseBytes() {
        return number("central", "SELECT pg_database_size('central')")
                + number(bank, "SELECT pg_database_size('" + bank.replace('-', '_') + "')");
    }

    /** The most that any server held in memory since it started, in MiB; 0 where the system does not say. */
    long peakRssMb() {
        return mostMb("VmHWM:");
    }

    /** The most that any server holds in memory now. */
    long rssMb() {
        return mostMb("VmRSS:");
    }

    private long mostMb(String line) {
        try (Stream<ProcessHandle> servers = up.descendants()) {
            return servers.mapToLong(server -> kb(server, line)).max().orElse(0) / 1024;
        }
    }

    private static long kb(ProcessHandle server, String line) {
        Path process = Path.of("/proc/" + server.pid());
        try {
            if (!Files.readString(process.resolve("cmdline")).contains("org.jiaozi.cli.Main")) {
                return 0;
            }
            return Files.readAllLines(process.resolve("status")).stream()
                    .filter(l -> l.startsWith(line))
                    .mapToLong(l -> Long.parseLong(l.replaceAll("[^0-9]", "")))
                    .findFirst()
                    .orElse(0);
        } catch (IOException e) {
            return 0;
        }
    }

    @Override
    public void close() {
        up.destroy();
        try {
            if (!up.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                up.destroyForcibly();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            up.destroyForcibly();
        }
    }
}
