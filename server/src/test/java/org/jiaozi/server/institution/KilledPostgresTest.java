package org.jiaozi.server.institution;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.logging.Level;
import org.jiaozi.core.lineage.Lineage;
import org.jiaozi.core.lineage.LineageCodec;
import org.jiaozi.core.message.WalletAnswer;
import org.jiaozi.core.message.WalletMessage;
import org.jiaozi.core.message.WalletRequest;
import org.jiaozi.core.statement.Signed;
import org.jiaozi.core.value.Amount;
import org.jiaozi.core.value.Range;
import org.jiaozi.server.Logging;
import org.jiaozi.server.central.Ledger;
import org.jiaozi.server.postgres.EmbeddedPostgres;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * PostgreSQL killed by SIGKILL while one deposit is decided at the central bank and another, which is decided, is booked
 * at the institution. The servers live on and find the database again.
 */
final class KilledPostgresTest {
    @BeforeAll
    static void hush() {
        // a server says every time that it has no database
        Logging.configure(Level.OFF);
    }

    @AfterAll
    static void speak() {
        Logging.configure(Level.WARNING);
    }

    @Test
    void depositsUnderWayAreCreditedOnceAfterTheDatabaseCameBack(@TempDir Path folder) throws Exception {
        EmbeddedPostgres postgres = EmbeddedPostgres.start(folder.resolve("postgres"), OptionalInt.empty());
        AtomicInteger count = new AtomicInteger();
        EmbeddedPostgres first = postgres;
        try (World world = new World(folder, () -> {
            String name = "role_" + count.incrementAndGet();
            first.createDatabaseIfMissing(name);
            return first.jdbcUrl(name);
        })) {
            world.start("bank-a", world.central.address());
            var id = world.central.admin().institution("bank-a").orElseThrow();
            world.central.admin().setQuota(id, 1, World.CNY, new Amount(1_000_000));
            world.central.admin().fundReserve(id, World.CNY, new Amount(1_000_000), "first");
            TestWallet alice = TestWallet.enrolled(world, "bank-a", 1000);
            TestWallet bob = TestWallet.enrolled(world, "bank-a", 1000);
            Signed<WalletMessage> booked = deposit(alice, 300);
            Signed<WalletMessage> decided = deposit(bob, 200);
            List<CompletableFuture<Void>> lost;
            try (Connection institution = locked(world.database("bank-a"));
                    Connection centralBank = DriverManager.getConnection(world.centralDatabase)) {
                CompletableFuture<Void> one = CompletableFuture.runAsync(() -> alice.send(booked));
                World.await("the institution books", () -> waiting(institution));
                lock(centralBank);
                CompletableFuture<Void> other = CompletableFuture.runAsync(() -> bob.send(decided));
                World.await("the central bank decides", () -> waiting(centralBank));
                lost = List.of(one, other);
                ProcessHandle postmaster = ProcessHandle.of(postgres.pid()).orElseThrow();
                postmaster.destroyForcibly();
                postmaster.onExit().join();
            }
            postgres.close();
            postgres = EmbeddedPostgres.start(folder.resolve("postgres"), OptionalInt.empty());
            // whatever they are told now
            lost.forEach(l -> l.handle((done, thrown) -> true).join());
            World.await("alice is credited", () -> credited(alice, booked, 300));
            World.await("bob is credited", () -> credited(bob, decided, 200));
            assertThat(alice.balance()).isEqualTo(900);
            assertThat(bob.balance()).isEqualTo(800);
            assertThat(new Ledger(world.centralDatabase).breaches()).isEqualTo(List.of());
            world.central.admin().net();
            World.await("the netting cycle", () -> world.book("bank-a", "float") == 300);
            assertThat(world.book("bank-a", "clearing")).isZero();
        } finally {
            postgres.close();
        }
    }

    private static Signed<WalletMessage> deposit(TestWallet wallet, long amount) {
        Lineage note = wallet.load(400);
        Lineage deposit = wallet.depositing(note, TestWallet.noteOutput(note), new Range(0, amount));
        return wallet.message(wallet.key, TestWallet.nonce(), new WalletRequest.Deposit(LineageCodec.encode(deposit)));
    }

    /** The identical message gets the answer, as soon as the server has the database again. */
    private static boolean credited(TestWallet wallet, Signed<WalletMessage> message, long amount) {
        return WalletAnswer.read(wallet.send(message).body()) instanceof WalletAnswer.Deposited done
                && done.credited().equals(new Amount(amount));
    }

    private static Connection locked(String database) throws SQLException {
        Connection holder = DriverManager.getConnection(database);
        lock(holder);
        return holder;
    }

    private static void lock(Connection holder) throws SQLException {
        holder.setAutoCommit(false);
        try (Statement lock = holder.createStatement()) {
            lock.execute("LOCK TABLE deposit IN EXCLUSIVE MODE");
        }
    }

    private static boolean waiting(Connection looker) {
        try (Statement query = looker.createStatement();
                ResultSet found =
                        query.executeQuery("SELECT count(*) FROM pg_locks l JOIN pg_class c ON c.oid = l.relation"
                                + " WHERE NOT l.granted AND c.relname = 'deposit'")) {
            return found.next() && found.getLong(1) > 0;
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }
}
