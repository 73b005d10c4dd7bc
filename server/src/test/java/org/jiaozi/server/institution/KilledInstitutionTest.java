package org.jiaozi.server.institution;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.CompletableFuture;
import org.jiaozi.core.message.WalletMessage;
import org.jiaozi.core.message.WalletRequest;
import org.jiaozi.core.statement.Signed;
import org.jiaozi.core.value.Amount;
import org.jiaozi.core.value.Nonce;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * An institution that dies by SIGKILL while the central bank has its request, and whose customer never asks again. A table
 * lock holds the central bank at that point.
 */
final class KilledInstitutionTest {
    private World world;
    private Process bank;

    @BeforeEach
    void start(@TempDir Path folder) {
        world = new World(folder);
        bank = InstitutionProcess.start(world);
        var id = world.central.admin().institution("bank-a").orElseThrow();
        world.central.admin().setQuota(id, 1, World.CNY, new Amount(1_000_000));
        world.central.admin().fundReserve(id, World.CNY, new Amount(1_000_000), "first");
    }

    @AfterEach
    void stop() throws InterruptedException {
        bank.destroyForcibly().waitFor();
        world.close();
    }

    @Test
    void whatAKillLeftOpenIsFinishedEvenIfNobodyAsksAgain() throws Exception {
        TestWallet alice = TestWallet.enrolled(world, "bank-a", 1000);
        Nonce id = TestWallet.nonce();
        Signed<WalletMessage> message = alice.message(
                alice.key,
                id,
                new WalletRequest.Load(new Amount(400), World.CNY, alice.thumbprint(), TestWallet.nonce()));
        killDuring("note", alice, message);
        World.await("the load is finished", () -> world.book("bank-a", "float") == 400);
        assertThat(world.book("bank-a", "held:" + alice.account)).isZero();
    }

    /** A table that nobody else may write to; whoever waited is gone when this is closed. */
    private static final class Held implements AutoCloseable {
        private final Connection holder;
        private final Connection looker;
        private final String table;

        Held(String database, String table) throws SQLException {
            this.table = table;
            holder = DriverManager.getConnection(database);
            looker = DriverManager.getConnection(database);
            holder.setAutoCommit(false);
            try (Statement lock = holder.createStatement()) {
                lock.execute("LOCK TABLE " + table + " IN EXCLUSIVE MODE");
            }
        }

        void awaitSomebody() {
            World.await("somebody waits for " + table, () -> waiting(looker, table));
        }

        @Override
        public void close() throws SQLException {
            holder.rollback();
            World.await("nobody waits for " + table, () -> !waiting(looker, table));
            holder.close();
            looker.close();
        }
    }

    /** Sends the message, kills the institution while the central bank waits for the table, and starts it again. */
    private void killDuring(String table, TestWallet wallet, Signed<WalletMessage> message) throws Exception {
        // what a wallet learns of its institution before it goes silent
        wallet.institution();
        try (Held held = new Held(world.centralDatabase, table)) {
            CompletableFuture<Void> lost = CompletableFuture.runAsync(() -> wallet.send(message));
            held.awaitSomebody();
            bank.destroyForcibly().waitFor();
            assertThat(lost).failsWithin(java.time.Duration.ofSeconds(60));
        }
        bank = InstitutionProcess.start(world);
    }

    private static boolean waiting(Connection looker, String table) {
        try (Statement query = looker.createStatement();
                ResultSet found =
                        query.executeQuery("SELECT count(*) FROM pg_locks l JOIN pg_class c ON c.oid = l.relation"
                                + " WHERE NOT l.granted AND c.relname = '" + table + "'")) {
            return found.next() && found.getLong(1) > 0;
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }
}
