package org.jiaozi.server.postgres;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import org.jiaozi.server.StartFailure;
import org.jiaozi.server.durable.DurableFile;
import org.jiaozi.server.durable.DurableSteps;
import org.jspecify.annotations.Nullable;

/**
 * A PostgreSQL cluster of our own that runs while this handle is open. It listens on 127.0.0.1 only, demands a random
 * password kept in the data folder, and writes durably (fsync, synchronous commit and full page writes are on). It does
 * not hear the terminal's Ctrl-C: the holder of this handle decides when it stops.
 */
public final class EmbeddedPostgres implements AutoCloseable {
    /** Environment variable with more of PostgreSQL's settings, {@code NAME=VALUE} with spaces between; what makes writes durable stays. */
    public static final String SETTINGS = "JIAOZI_POSTGRES_OPTS";

    private static final String USER = "jiaozi";
    private static final Pattern DATABASE_NAME = Pattern.compile("[a-z][a-z0-9_]{0,62}");
    /** A recovery after a kill may take long on a slow disk; a server that cannot start ends by itself. */
    private static final long READY_NANOS = 600_000_000_000L;

    private static final int START_ATTEMPTS = 10;
    private static final long POLL_MILLIS = 50;

    private final ClusterFolder folder;
    private final Process server;
    private final int port;
    private final String password;

    private EmbeddedPostgres(ClusterFolder folder, Process server, int port, String password) {
        this.folder = folder;
        this.server = server;
        this.port = port;
        this.password = password;
    }

    /** As {@link #start(Path, OptionalInt, Path, Consumer)}, with the user's cache folder and notices on standard error. */
    public static EmbeddedPostgres start(Path dataFolder, OptionalInt port) {
        return start(dataFolder, port, PostgresBinaries.defaultCache(), System.err::println);
    }

    /**
     * Starts the cluster in a folder, creating it on first use, and returns once it answers. A server that a killed run
     * left behind in this folder is stopped first.
     *
     * @param dataFolder holds the cluster, its log, port and password
     * @param port the port to listen on; empty means the last one used here, or any free one
     * @param cache where the programs are unpacked, once per version
     * @param report hears one-line notices: first unpacking, first creation, a stopped orphan
     * @throws StartFailure in one line: folder in use, port taken, platform without binaries, or what the server said
     */
    public static EmbeddedPostgres start(Path dataFolder, OptionalInt port, Path cache, Consumer<String> report) {
        @Nullable ClusterFolder folder = null;
        try {
            folder = ClusterFolder.open(dataFolder);
            EmbeddedPostgres started = start(folder, port, cache, report);
            folder = null;
            return started;
        } catch (IOException e) {
            throw new StartFailure("Cannot start PostgreSQL in " + dataFolder + ": " + e, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new StartFailure("Interrupted while starting PostgreSQL.", e);
        } finally {
            if (folder != null) {
                folder.close();
            }
        }
    }

    /** Stops the server that a killed run left behind in a folder, if one did, and says so in one line. */
    public static void stopLeftBehind(Path dataFolder, Consumer<String> report) {
        try {
            if (Files.exists(dataFolder)) {
                Orphan.stopIn(dataFolder.toRealPath().resolve("pgdata"), report);
            }
        } catch (IOException e) {
            throw new StartFailure("Cannot stop PostgreSQL in " + dataFolder + ": " + e, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new StartFailure("Interrupted while stopping PostgreSQL.", e);
        }
    }

    private static EmbeddedPostgres start(ClusterFolder folder, OptionalInt port, Path cache, Consumer<String> report)
            throws IOException, InterruptedException {
        Orphan.stopIn(folder.cluster(), report);
        if (port.isPresent()) {
            folder.choosePort(port);
        }
        Privileges privileges = Privileges.choose(folder.root());
        // Another user can seldom read our home, so that user's copy of the programs lies beside the data.
        Path programs = PostgresBinaries.unpack(
                privileges.foreign() ? folder.root().resolve("programs") : cache.toAbsolutePath(), report);
        if (privileges.foreign()) {
            openForSearch(folder.root());
        }
        String password = folder.password();
        if (!Files.exists(folder.cluster(), LinkOption.NOFOLLOW_LINKS)) {
            createCluster(folder, privileges, programs, password, report);
        }
        for (int attempt = 1; ; attempt++) {
            long logged = logged(folder);
            int chosen = folder.choosePort(port);
            Process server = launch(folder, privileges, programs, chosen);
            if (becomesReady(server, chosen, password)) {
                folder.rememberPort(chosen);
                return new EmbeddedPostgres(folder, server, chosen, password);
            }
            // The port may have been taken in between, or workers of a killed server still hold shared memory.
            if (attempt == START_ATTEMPTS) {
                throw new StartFailure("PostgreSQL does not start: " + complaint(folder, logged));
            }
            Thread.sleep(POLL_MILLIS * attempt);
        }
    }

    private static void createCluster(
            ClusterFolder folder, Privileges privileges, Path programs, String password, Consumer<String> report)
            throws IOException, InterruptedException {
        long logged = logged(folder);
        report.accept("Creating a PostgreSQL cluster in " + folder.cluster() + " (once).");
        Path fresh = folder.root().resolve("pgdata.new");
        // What a killed creation left is incomplete, and nothing was ever stored in it.
        PostgresBinaries.deleteTree(fresh);
        Files.createDirectory(
                fresh, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        privileges.own(fresh);
        // The password goes through a pipe that PostgreSQL's own user made: another user's pipe it could not open by
        // name.
        Process initdb = new ProcessBuilder(privileges.command(List.of(
                        "/bin/sh",
                        "-c",
                        "cat | exec \"$0\" \"$@\"",
                        programs.resolve("bin/initdb").toString(),
                        "--pgdata=" + fresh,
                        "--username=" + USER,
                        "--pwfile=/dev/stdin",
                        "--auth=scram-sha-256",
                        // each connection pays for the rounds, and nobody guesses 192 random bits
                        "--set=scram_iterations=1",
                        "--locale=C",
                        "--encoding=UTF8")))
                .directory(folder.root().toFile())
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(folder.log().toFile()))
                .start();
        try (var input = initdb.getOutputStream()) {
            input.write((password + "\n").getBytes(StandardCharsets.UTF_8));
        }
        if (initdb.waitFor() != 0) {
            throw new StartFailure("PostgreSQL cannot create its cluster: " + complaint(folder, logged));
        }
        DurableFile.rename(fresh, folder.cluster());
    }

    /** The settings are for a machine that does something else as well; {@link #SETTINGS} may add to them. */
    private static Process launch(ClusterFolder folder, Privileges privileges, Path programs, int port)
            throws IOException {
        List<String> command = new ArrayList<>(List.of(
                programs.resolve("bin/postgres").toString(),
                "-D",
                folder.cluster().toString(),
                "-p",
                Integer.toString(port)));
        List<String> settings = new ArrayList<>(List.of("shared_buffers=64MB", "max_connections=60", "jit=off"));
        String more = System.getenv(SETTINGS);
        if (more != null && !more.isBlank()) {
            settings.addAll(List.of(more.strip().split("\\s+")));
        }
        // the last word on a setting holds: of these nothing else is meant
        settings.addAll(List.of(
                "listen_addresses=127.0.0.1",
                "unix_socket_directories=",
                "fsync=on",
                "synchronous_commit=on",
                "full_page_writes=on",
                "max_wal_senders=0",
                "io_method=sync",
                "timezone=UTC",
                "log_timezone=UTC",
                "log_checkpoints=off"));
        for (String setting : settings) {
            command.add("-c");
            command.add(setting);
        }
        return new ProcessBuilder(privileges.command(command))
                .directory(folder.root().toFile())
                .redirectInput(ProcessBuilder.Redirect.from(new File("/dev/null")))
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(folder.log().toFile()))
                .start();
    }

    private static boolean becomesReady(Process server, int port, String password)
            throws IOException, InterruptedException {
        long begin = System.nanoTime();
        while (server.isAlive()) {
            try (Connection connection = DriverManager.getConnection(url(port, "postgres", password))) {
                return connection.isValid(5);
            } catch (SQLException e) {
                if (System.nanoTime() - begin > READY_NANOS) {
                    Orphan.stop(server.toHandle());
                    throw new StartFailure("PostgreSQL does not become ready: " + firstLine(e), e);
                }
                Thread.sleep(POLL_MILLIS);
            }
        }
        return false;
    }

    /** Lets another user pass through a folder without listing it. */
    private static void openForSearch(Path folder) throws IOException {
        Set<PosixFilePermission> permissions = Files.getPosixFilePermissions(folder);
        permissions.add(PosixFilePermission.OTHERS_EXECUTE);
        Files.setPosixFilePermissions(folder, permissions);
    }

    private static long logged(ClusterFolder folder) throws IOException {
        return Files.exists(folder.log()) ? Files.size(folder.log()) : 0;
    }

    /** What the log says went wrong since it had that many bytes, and where to read more. */
    private static String complaint(ClusterFolder folder, long from) throws IOException {
        byte[] all = Files.readAllBytes(folder.log());
        List<String> lines = new String(all, (int) from, all.length - (int) from, StandardCharsets.UTF_8)
                .lines()
                .filter(line -> !line.isBlank())
                .toList();
        String line = lines.stream()
                .filter(text -> text.contains("FATAL") || text.contains("error:"))
                .findFirst()
                .orElse(lines.isEmpty() ? "no message" : lines.getLast());
        return line.strip() + " (see " + folder.log() + ").";
    }

    private static String firstLine(SQLException e) {
        return String.valueOf(e.getMessage()).lines().findFirst().orElse("no message");
    }

    private static String url(int port, String database, String password) {
        return "jdbc:postgresql://127.0.0.1:" + port + "/" + database + "?user=" + USER + "&password=" + password;
    }

    /**
     * The address of a database in this cluster. It carries the password: hand it to a child by its environment or a
     * private file, never on a command line, and do not print it.
     */
    public String jdbcUrl(String database) {
        return url(port, checkedName(database), password);
    }

    /** The loopback port that the cluster listens on. */
    public int port() {
        return port;
    }

    /** The server's process id. */
    public long pid() {
        return server.pid();
    }

    /** Completes when the server has ended, for whatever reason. */
    public CompletableFuture<?> end() {
        return server.onExit();
    }

    /**
     * Creates an empty database where there is none of this name.
     *
     * @param name 1 to 63 characters: a lower-case letter, then lower-case letters, digits and underscores
     */
    public void createDatabaseIfMissing(String name) {
        String checked = checkedName(name);
        try (Connection connection = DriverManager.getConnection(url(port, "postgres", password));
                PreparedStatement query =
                        connection.prepareStatement("SELECT 1 FROM pg_catalog.pg_database WHERE datname = ?")) {
            query.setString(1, checked);
            try (ResultSet found = query.executeQuery()) {
                if (found.next()) {
                    return;
                }
            }
            try (Statement create = connection.createStatement()) {
                DurableSteps.pass("commit", () -> create.execute("CREATE DATABASE " + checked));
            }
        } catch (SQLException e) {
            throw new StartFailure("Cannot create the database " + checked + ": " + firstLine(e), e);
        }
    }

    private static String checkedName(String name) {
        if (!DATABASE_NAME.matcher(name).matches()) {
            throw new IllegalArgumentException("not a database name: " + name);
        }
        return name;
    }

    /** Stops the server in order (open transactions are rolled back) and frees the folder. Calling it again is fine. */
    @Override
    public void close() {
        try (folder) {
            if (server.isAlive()) {
                Orphan.stop(server.toHandle());
            }
        } catch (IOException e) {
            throw new StartFailure("Cannot stop PostgreSQL: " + e, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
