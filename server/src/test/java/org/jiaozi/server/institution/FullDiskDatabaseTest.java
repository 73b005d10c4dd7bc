package org.jiaozi.server.institution;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.logging.Level;
import org.jiaozi.core.refusal.RefusalCode;
import org.jiaozi.server.Logging;
import org.jiaozi.server.postgres.EmbeddedPostgres;
import org.jiaozi.testing.Needs;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A disk that fills up under the databases of an institution and the central bank: what does not fit is refused with its
 * number, and the same message is done once when there is room again.
 */
final class FullDiskDatabaseTest {
    private static final List<Long> LEFT = List.of(0L, 50_000L, 400_000L);
    private static final int MOST_TIMES = 12;

    @AfterAll
    static void speak() {
        Logging.configure(Level.WARNING);
    }

    @Test
    void whatDoesNotFitIsRefusedAndDoneOnceLater(@TempDir Path folder) throws Exception {
        Path disk = Files.createDirectory(folder.resolve("disk"));
        Needs.that(
                run("mount", "-t", "tmpfs", "-o", "size=300m", "tmpfs", disk.toString()) == 0,
                "run it where a tmpfs may be mounted");
        try {
            fills(folder, disk);
        } finally {
            assertThat(run("umount", disk.toString())).isZero();
        }
    }

    private static void fills(Path folder, Path disk) throws Exception {
        AtomicInteger databases = new AtomicInteger();
        EmbeddedPostgres[] postgres = {EmbeddedPostgres.start(disk.resolve("postgres"), OptionalInt.empty())};
        try (CoveredWorld covered = new CoveredWorld(folder, () -> {
            String name = "role_" + databases.incrementAndGet();
            postgres[0].createDatabaseIfMissing(name);
            return postgres[0].jdbcUrl(name);
        })) {
            World world = covered.world;
            KilledErrands errands = new KilledErrands(world);
            FullDiskWork work = new FullDiskWork(world, errands.books);
            covered.listen();
            Logging.configure(Level.OFF);
            Path filler = disk.resolve("filler");
            Map<String, Set<RefusalCode>> said = new TreeMap<>();
            // full at once, and after some more; until there has been no room for any kind at least once
            for (int i = 0; i < LEFT.size() || !work.allWereRefused(said); i++) {
                assertThat(i).as("times that the disk was full; %s", said).isLessThan(MOST_TIMES);
                fill(filler, LEFT.get(i % LEFT.size()));
                List<Asked> waiting = work.untilAllAreRefused(said);
                Files.delete(filler);
                if (!ProcessHandle.of(postgres[0].pid())
                        .map(ProcessHandle::isAlive)
                        .orElse(false)) {
                    postgres[0].close();
                    postgres[0] = EmbeddedPostgres.start(disk.resolve("postgres"), OptionalInt.empty());
                }
                waiting.forEach(work::insist);
            }
            // where its log has no room left PostgreSQL goes away as a whole
            Set<RefusalCode> full = EnumSet.of(RefusalCode.STORAGE_FULL, RefusalCode.UNREACHABLE);
            // what was refunded, and finds no room for its note, waits for that
            Set<RefusalCode> halfDone = EnumSet.of(RefusalCode.BUSY, full.toArray(RefusalCode[]::new));
            said.forEach((what, codes) ->
                    assertThat(what.equals("return") ? halfDone : full).as(what).containsAll(codes));
            System.out.println("a full disk was met by " + said);
            // what still comes back would be netted by nobody
            try (Settled settled = new Settled(world)) {
                World.await("all is settled", settled::all);
                errands.net();
                World.await("all is settled", settled::all);
            }
            covered.judge();
            work.check();
            errands.audit();
        } finally {
            postgres[0].close();
        }
    }

    /** Leaves so many bytes. */
    private static void fill(Path file, long left) throws IOException {
        byte[] one = new byte[4096];
        try (OutputStream out = Files.newOutputStream(file)) {
            while (Files.getFileStore(file).getUsableSpace() > left) {
                out.write(one);
            }
        } catch (IOException e) {
            // full, as intended
            assertThat(Files.size(file)).isPositive();
        }
    }

    private static int run(String... command) throws InterruptedException {
        try {
            return new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start()
                    .waitFor();
        } catch (IOException e) {
            return 1;
        }
    }
}
