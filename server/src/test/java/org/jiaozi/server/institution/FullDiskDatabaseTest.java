package org.jiaozi.server.institution;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.logging.Level;
import org.jiaozi.core.message.WalletAnswer;
import org.jiaozi.core.message.WalletMessage;
import org.jiaozi.core.message.WalletRequest;
import org.jiaozi.core.refusal.RefusalCode;
import org.jiaozi.core.statement.Signed;
import org.jiaozi.core.value.Amount;
import org.jiaozi.server.Logging;
import org.jiaozi.server.central.Ledger;
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
    private static final int MOST_LOADS = 600;

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
        try (World world = World.running(folder, () -> {
            String name = "role_" + databases.incrementAndGet();
            postgres[0].createDatabaseIfMissing(name);
            return postgres[0].jdbcUrl(name);
        })) {
            Logging.configure(Level.OFF);
            TestWallet alice = TestWallet.enrolled(world, "bank-a", 100_000);
            Path filler = disk.resolve("filler");
            Set<RefusalCode> said = new TreeSet<>();
            long loaded = 0;
            // full at once, and after some more
            for (long left : List.of(0L, 50_000L, 400_000L)) {
                fill(filler, left);
                Signed<WalletMessage> message = load(alice);
                for (int i = 0; i < MOST_LOADS; i++) {
                    WalletAnswer answer = WalletAnswer.read(alice.send(message).body());
                    if (answer instanceof WalletAnswer.Refused no) {
                        said.add(no.refusal().code());
                        break;
                    }
                    loaded++;
                    message = load(alice);
                    if (i == MOST_LOADS - 1) {
                        throw new AssertionError("the disk does not fill up");
                    }
                }
                Files.delete(filler);
                if (!ProcessHandle.of(postgres[0].pid())
                        .map(ProcessHandle::isAlive)
                        .orElse(false)) {
                    postgres[0].close();
                    postgres[0] = EmbeddedPostgres.start(disk.resolve("postgres"), OptionalInt.empty());
                }
                assertThat(Killed.answer(alice, message)).isInstanceOf(WalletAnswer.Loaded.class);
                loaded++;
            }
            // where its log has no room left PostgreSQL goes away as a whole
            assertThat(said)
                    .isSubsetOf(RefusalCode.STORAGE_FULL, RefusalCode.UNREACHABLE)
                    .contains(RefusalCode.STORAGE_FULL);
            assertThat(alice.balance()).isEqualTo(100_000 - loaded);
            assertThat(world.book("bank-a", "float")).isEqualTo(loaded);
            assertThat(world.book("bank-a", "held:" + alice.account)).isZero();
            assertThat(world.operator("bank-a", "/books").required("sum").longValue())
                    .isZero();
            assertThat(new Ledger(world.centralDatabase).breaches()).isEmpty();
        } finally {
            postgres[0].close();
        }
    }

    private static Signed<WalletMessage> load(TestWallet wallet) {
        return wallet.message(
                wallet.key,
                TestWallet.nonce(),
                new WalletRequest.Load(new Amount(1), World.CNY, wallet.thumbprint(), TestWallet.nonce()));
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
