package org.jiaozi.server.institution;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
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
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.jiaozi.core.lineage.Lineage;
import org.jiaozi.core.value.Range;
import org.jiaozi.server.central.Ledger;
import org.jiaozi.server.postgres.EmbeddedPostgres;
import org.jiaozi.testing.FileTrace;
import org.jiaozi.testing.Needs;
import org.jiaozi.testing.SyncedDisk;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The power is cut while PostgreSQL works for an institution and the central bank. What it finds on a disk that kept what was
 * synced, and of the rest what the dice left, holds everything that was answered before, and books that balance.
 */
final class PowerCutDatabaseTest {
    private static final int CUTS = Integer.getInteger("jiaozi.rounds", 4);
    private static final int WORKS = 8;
    /** A file that is asked for and not there: PostgreSQL's looking for it says in the trace where it is. */
    private static final String SIGN = "no-such-file-of-";

    private final long seed = Long.getLong("jiaozi.seed", System.nanoTime());
    private final Random dice = new Random(seed);

    /** What was answered, as rows that must be there. */
    private final List<List<String>> answered = new ArrayList<>();

    @Test
    void whatWasAnsweredIsThere(@TempDir Path folder) throws Exception {
        Needs.systemPackage("strace", "strace");
        Path data = folder.resolve("postgres");
        Path trace = folder.resolve("trace");
        AtomicInteger databases = new AtomicInteger();
        SyncedDisk disk;
        String central;
        String bank;
        try (EmbeddedPostgres postgres = EmbeddedPostgres.start(data, OptionalInt.empty());
                World world = World.running(folder, () -> {
                    String name = "role_" + databases.incrementAndGet();
                    postgres.createDatabaseIfMissing(name);
                    return postgres.jdbcUrl(name);
                })) {
            central = world.centralDatabase;
            bank = world.database("bank-a");
            TestWallet alice = TestWallet.enrolled(world, "bank-a", 100_000);
            Process tracer = attach(postgres, trace);
            try (Connection signs = DriverManager.getConnection(central);
                    Statement sign = signs.createStatement()) {
                sign.execute("CHECKPOINT");
                disk = new SyncedDisk(data);
                sign(sign);
                for (int i = 0; i < WORKS; i++) {
                    work(alice);
                    sign(sign);
                    if (i == WORKS / 2) {
                        sign.execute("CHECKPOINT");
                    }
                }
                tracer.destroy();
                tracer.waitFor();
            } finally {
                tracer.destroyForcibly().waitFor();
            }
        }
        FileTrace.History history = FileTrace.read(trace, List.of(data), SIGN, data.resolve("pgdata"))
                .getFirst();
        assertThat(history.signs()).hasSize(WORKS + 1);
        int done = history.signs().getFirst();
        List<Integer> cuts = new ArrayList<>();
        for (int i = 0; i < CUTS; i++) {
            cuts.add(done + dice.nextInt(history.size() - done));
        }
        cuts.sort(null);
        // what was traced before the folder was read is in it
        int before = done;
        for (int cut : cuts) {
            history.replay(disk, before, cut);
            before = cut;
            Path found = folder.resolve("found-" + cut);
            disk.restore(found, dice.nextBoolean() ? dice : null);
            likeBefore(data, found);
            long told = history.signs().stream().filter(s -> s <= cut).count() - 1;
            holds(found, central, bank, answered.subList(0, (int) told), "seed " + seed + ", cut at " + cut);
        }
    }

    private void work(TestWallet alice) {
        Lineage note = alice.load(100);
        Lineage deposit = alice.depositing(note, TestWallet.noteOutput(note), new Range(0, 60));
        alice.deposit(deposit);
        answered.add(List.of(
                note.notes().getFirst().hash().hex(),
                deposit.head().transfer().hash().hex()));
    }

    private void sign(Statement statement) throws SQLException {
        statement.execute("SELECT pg_read_file('" + SIGN + "0', true)");
    }

    private static Process attach(EmbeddedPostgres postgres, Path trace) throws IOException, InterruptedException {
        ProcessHandle postmaster = ProcessHandle.of(postgres.pid()).orElseThrow();
        List<ProcessHandle> all =
                Stream.concat(Stream.of(postmaster), postmaster.descendants()).toList();
        List<String> line = new ArrayList<>(FileTrace.attachedInto(trace));
        all.forEach(p -> line.addAll(List.of("-p", Long.toString(p.pid()))));
        Process tracer = new ProcessBuilder(line).redirectErrorStream(true).start();
        var said = tracer.inputReader();
        // one line for each process it is attached to
        for (int i = 0; i < all.size(); i++) {
            String text = said.readLine();
            if (text == null) {
                Needs.that(false, "run it where a process may trace another");
            }
        }
        Thread.ofPlatform().daemon().start(() -> {
            try {
                while (said.readLine() != null) {
                    // so that it never waits for a reader
                }
            } catch (IOException e) {
                // it has ended
            }
        });
        return tracer;
    }

    /** Owners and permissions, which a power cut does not change. */
    private static void likeBefore(Path before, Path after) throws IOException {
        Object owner = Files.getAttribute(before.resolve("pgdata"), "unix:uid", LinkOption.NOFOLLOW_LINKS);
        try (Stream<Path> all = Files.walk(after.resolve("pgdata"))) {
            for (Path path : all.toList()) {
                Files.setPosixFilePermissions(
                        path, PosixFilePermissions.fromString(Files.isDirectory(path) ? "rwx------" : "rw-------"));
                Files.setAttribute(path, "unix:uid", owner, LinkOption.NOFOLLOW_LINKS);
            }
        }
        try (Stream<Path> programs = Files.walk(before)) {
            for (Path path : programs.filter(p -> p.startsWith(before.resolve("programs")))
                    .toList()) {
                Path to = after.resolve(before.relativize(path).toString());
                if (!Files.isSymbolicLink(path) && Files.exists(to)) {
                    Files.setPosixFilePermissions(to, Files.getPosixFilePermissions(path));
                }
            }
        }
        Files.deleteIfExists(after.resolve("pgdata").resolve("postmaster.pid"));
    }

    private static void holds(Path found, String central, String bank, List<List<String>> answered, String what)
            throws SQLException {
        try (EmbeddedPostgres postgres = EmbeddedPostgres.start(found, OptionalInt.empty())) {
            String centralNow = postgres.jdbcUrl(name(central));
            assertThat(new Ledger(centralNow).breaches()).as(what).isEmpty();
            String bankNow = postgres.jdbcUrl(name(bank));
            for (List<String> rows : answered) {
                assertThat(count(centralNow, "note WHERE id = '\\x" + rows.get(0) + "'"))
                        .as(what)
                        .isEqualTo(1);
                assertThat(count(bankNow, "note WHERE hash = '\\x" + rows.get(0) + "'"))
                        .as(what)
                        .isEqualTo(1);
                assertThat(count(centralNow, "deposit WHERE hash = '\\x" + rows.get(1) + "'"))
                        .as(what)
                        .isEqualTo(1);
            }
            assertThat(count(bankNow, "operation WHERE done_at IS NOT NULL"))
                    .as(what)
                    .isGreaterThanOrEqualTo(2L * answered.size());
        }
    }

    private static String name(String url) {
        return url.replaceAll("[?].*", "").replaceAll(".*/", "");
    }

    private static long count(String database, String what) throws SQLException {
        try (Connection connection = DriverManager.getConnection(database);
                Statement query = connection.createStatement();
                ResultSet row = query.executeQuery("SELECT count(*) FROM " + what)) {
            assertThat(row.next()).isTrue();
            return row.getLong(1);
        }
    }
}
