package org.jiaozi.server;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.OptionalInt;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.logging.Level;
import java.util.stream.Stream;
import org.jiaozi.server.postgres.EmbeddedPostgres;

/** One PostgreSQL for all tests of a run; each test asks it for an empty database of its own. */
public final class TestCluster {
    private static final AtomicInteger COUNT = new AtomicInteger();

    private TestCluster() {}

    private static final class Holder {
        static final EmbeddedPostgres POSTGRES = launch();

        private static EmbeddedPostgres launch() {
            Logging.configure(Level.WARNING);
            try {
                Path folder = Files.createTempDirectory("jiaozi-test-cluster");
                EmbeddedPostgres postgres = EmbeddedPostgres.start(folder, OptionalInt.empty());
                Runtime.getRuntime().addShutdownHook(new Thread(() -> {
                    postgres.close();
                    delete(folder);
                }));
                return postgres;
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        private static void delete(Path folder) {
            try (Stream<Path> all = Files.walk(folder)) {
                all.sorted(Comparator.reverseOrder())
                        .forEach(path -> path.toFile().delete());
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    /** The address of a fresh, empty database. */
    public static String freshDatabase() {
        String name = "test_" + COUNT.incrementAndGet();
        Holder.POSTGRES.createDatabaseIfMissing(name);
        return Holder.POSTGRES.jdbcUrl(name);
    }
}
