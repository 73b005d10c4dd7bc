package org.jiaozi.server.institution;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.OptionalInt;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.jiaozi.server.postgres.EmbeddedPostgres;
import org.jiaozi.testing.FileTrace;
import org.jiaozi.testing.Needs;
import org.jiaozi.testing.SyncedDisk;
import org.jspecify.annotations.Nullable;

/**
 * A PostgreSQL whose file operations are written down while it works. Then it is found where it was, under the same address, as
 * often as one likes: each time with what a power cut in the midst of that would have left.
 */
final class PowerCutDatabase implements AutoCloseable {
    /** A file that is asked for and not there: PostgreSQL's looking for it says in the trace where it is. */
    private static final String SIGN = "no-such-file-of-";

    /** What the power goes in the midst of. */
    enum Where {
        /** Whatever it is; what is not synced is lost, or some of it is there all the same. */
        ANYWHERE,
        /** What a commit writes is written and not synced: some of it is there, torn. */
        COMMIT,
        /** Somebody has just seen an answer, and what is not synced is lost. */
        ANSWER
    }

    /** After so many operations. */
    record Cut(int at, Where where) {}

    private final Path folder;
    private final Path cluster;
    private final Path trace;
    private final Object owner;
    private final int port;
    private final AtomicInteger databases = new AtomicInteger();
    private EmbeddedPostgres postgres;
    private @Nullable Connection signing;
    private @Nullable Process tracer;
    private @Nullable SyncedDisk disk;
    private FileTrace.@Nullable History history;
    private int signs;
    /** How many operations the disk has seen. */
    private int replayed;

    PowerCutDatabase(Path folder) throws IOException {
        this.folder = folder;
        cluster = folder.resolve("pgdata");
        trace = folder.resolveSibling("trace");
        postgres = EmbeddedPostgres.start(folder, OptionalInt.empty());
        port = postgres.port();
        owner = Files.getAttribute(cluster, "unix:uid", LinkOption.NOFOLLOW_LINKS);
        KilledDatabases.recoverFast(postgres);
    }

    String freshDatabase() {
        String name = "role_" + databases.incrementAndGet();
        postgres.createDatabaseIfMissing(name);
        return postgres.jdbcUrl(name);
    }

    /** Begins to write down. */
    void record() throws IOException, InterruptedException, SQLException {
        signing = DriverManager.getConnection(postgres.jdbcUrl("postgres"));
        // what has long been written need not be written down
        checkpoint();
        tracer = attach();
        checkpoint();
        disk = new SyncedDisk(cluster);
        sign();
    }

    private Process attach() throws IOException, InterruptedException {
        ProcessHandle postmaster = ProcessHandle.of(postgres.pid()).orElseThrow();
        List<ProcessHandle> all =
                Stream.concat(Stream.of(postmaster), postmaster.descendants()).toList();
        List<String> line = new ArrayList<>(FileTrace.attachedInto(trace));
        all.forEach(p -> line.addAll(List.of("-p", Long.toString(p.pid()))));
        Process attached = new ProcessBuilder(line).redirectErrorStream(true).start();
        var said = attached.inputReader();
        // one line for each process it is attached to
        for (int i = 0; i < all.size(); i++) {
            if (said.readLine() == null) {
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
        return attached;
    }

    /** Says in the trace that somebody is here, and which sign that was. */
    synchronized int sign() {
        execute("SELECT pg_read_file('" + SIGN + "0', true)");
        return signs++;
    }

    /** So that a cut also finds data files that are half written. */
    synchronized void checkpoint() {
        execute("CHECKPOINT");
    }

    private void execute(String order) {
        try (Statement statement = signing.createStatement()) {
            statement.execute(order);
        } catch (SQLException e) {
            throw new IllegalStateException(order, e);
        }
    }

    /** Ends it; PostgreSQL goes on. */
    void recorded() throws IOException, InterruptedException, SQLException {
        tracer.destroy();
        tracer.waitFor();
        signing.close();
        history = FileTrace.read(trace, List.of(cluster), SIGN, cluster).getFirst();
        Files.delete(trace);
        if (history.signs().size() != signs) {
            throw new AssertionError(history.signs().size() + " signs were traced of " + signs);
        }
        // what was traced before the folder was read is in it
        replayed = history.signs().getFirst();
    }

    /** As many of each kind, spread over what was written down. */
    List<Cut> cuts(int many, Random dice) {
        List<Integer> signed = history.signs();
        List<Integer> commits = history.syncs(cluster.resolve("pg_wal")).stream()
                .filter(at -> at >= signed.getFirst())
                .toList();
        List<Cut> cuts = new ArrayList<>();
        for (int i = 0; i < many; i++) {
            Where where = Where.values()[i % Where.values().length];
            double place = (i + dice.nextDouble()) / many;
            int at = switch (where) {
                case ANYWHERE -> signed.getFirst() + (int) (place * (history.size() - signed.getFirst()));
                case COMMIT -> commits.get((int) (place * commits.size()));
                case ANSWER -> signed.get((int) (place * signed.size()));
            };
            cuts.add(new Cut(at, where));
        }
        cuts.sort(Comparator.comparingInt(Cut::at));
        return cuts;
    }

    /** Whether that sign was given before the power went. */
    boolean before(int sign, Cut cut) {
        return sign < signs && history.signs().get(sign) <= cut.at();
    }

    /** Starts on what the power cut left; each cut is no earlier than the one before. */
    void find(Cut cut, Random dice) throws IOException {
        postgres.close();
        history.replay(disk, replayed, cut.at());
        replayed = cut.at();
        delete(cluster);
        boolean some = cut.where() == Where.COMMIT || (cut.where() == Where.ANYWHERE && dice.nextBoolean());
        disk.restore(cluster, some ? dice : null);
        // owners and permissions, which a power cut does not change
        try (Stream<Path> all = Files.walk(cluster)) {
            for (Path path : all.toList()) {
                Files.setPosixFilePermissions(
                        path, PosixFilePermissions.fromString(Files.isDirectory(path) ? "rwx------" : "rw-------"));
                Files.setAttribute(path, "unix:uid", owner, LinkOption.NOFOLLOW_LINKS);
            }
        }
        Files.deleteIfExists(cluster.resolve("postmaster.pid"));
        postgres = EmbeddedPostgres.start(folder, OptionalInt.of(port));
    }

    private static void delete(Path folder) throws IOException {
        try (Stream<Path> all = Files.walk(folder)) {
            for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        }
    }

    @Override
    public void close() {
        try {
            if (tracer != null) {
                tracer.destroyForcibly().waitFor();
            }
            if (signing != null) {
                signing.close();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        } finally {
            postgres.close();
        }
    }
}
