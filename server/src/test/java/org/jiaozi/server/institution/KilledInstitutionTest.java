package org.jiaozi.server.institution;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.CompletableFuture;
import org.jiaozi.core.lineage.Lineage;
import org.jiaozi.core.lineage.LineageCodec;
import org.jiaozi.core.message.WalletAnswer;
import org.jiaozi.core.message.WalletMessage;
import org.jiaozi.core.message.WalletRequest;
import org.jiaozi.core.statement.Note;
import org.jiaozi.core.statement.Signed;
import org.jiaozi.core.value.Amount;
import org.jiaozi.core.value.Nonce;
import org.jiaozi.core.value.Range;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * An institution that dies by SIGKILL in the middle of something. A table lock holds a server at a known point, the
 * institution is killed there, and the wallet's identical message afterwards finds everything done exactly once.
 */
final class KilledInstitutionTest {
    /** Where the institution dies. */
    enum Point {
        /** The central bank has the request and answers when nobody listens any more. */
        CENTRAL_BANK_ACTS_ALONE,
        /** The central bank has answered and the institution has booked, but not finished. */
        BEFORE_OWN_END
    }

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

    @ParameterizedTest
    @EnumSource
    void aLoadMakesOneNoteAndTakesTheMoneyOnce(Point point) throws Exception {
        TestWallet alice = TestWallet.enrolled(world, "bank-a", 1000);
        WalletRequest.Load load =
                new WalletRequest.Load(new Amount(400), World.CNY, alice.thumbprint(), TestWallet.nonce());
        Signed<WalletMessage> message = alice.message(alice.key, TestWallet.nonce(), load);
        killDuring(point, "note", alice, message);
        Signed<Note> note =
                TestWallet.loaded(WalletAnswer.read(alice.send(message).body()));
        assertThat(TestWallet.loaded(alice.ask(load))).isEqualTo(note);
        assertThat(alice.balance()).isEqualTo(600);
        assertThat(world.book("bank-a", "float")).isEqualTo(400);
        assertThat(world.book("bank-a", "held:" + alice.account)).isZero();
        assertThat(outstanding()).isEqualTo(400);
    }

    @ParameterizedTest
    @EnumSource
    void aDepositIsCreditedOnce(Point point) throws Exception {
        TestWallet alice = TestWallet.enrolled(world, "bank-a", 1000);
        Lineage note = alice.load(400);
        Lineage deposit = alice.depositing(note, TestWallet.noteOutput(note), new Range(0, 300));
        Signed<WalletMessage> message =
                alice.message(alice.key, TestWallet.nonce(), new WalletRequest.Deposit(LineageCodec.encode(deposit)));
        killDuring(point, "deposit", alice, message);
        WalletAnswer.Deposited answer =
                (WalletAnswer.Deposited) WalletAnswer.read(alice.send(message).body());
        assertThat(answer.credited()).isEqualTo(new Amount(300));
        assertThat(alice.deposit(deposit).credited()).isEqualTo(new Amount(300));
        assertThat(alice.balance()).isEqualTo(900);
        world.central.admin().net();
        World.await("the netting cycle", () -> world.book("bank-a", "float") == 100);
        assertThat(world.book("bank-a", "clearing")).isZero();
    }

    @Test
    void whatAKillLeftOpenIsFinishedEvenIfNobodyAsksAgain() throws Exception {
        TestWallet alice = TestWallet.enrolled(world, "bank-a", 1000);
        Nonce id = TestWallet.nonce();
        Signed<WalletMessage> message = alice.message(
                alice.key,
                id,
                new WalletRequest.Load(new Amount(400), World.CNY, alice.thumbprint(), TestWallet.nonce()));
        killDuring(Point.CENTRAL_BANK_ACTS_ALONE, "note", alice, message);
        World.await("the load is finished", () -> world.book("bank-a", "float") == 400);
        assertThat(world.book("bank-a", "held:" + alice.account)).isZero();
    }

    private long outstanding() {
        return world.central.admin().quotas().stream()
                .mapToLong(q -> ((Number) q.get("outstanding")).longValue())
                .sum();
    }

    /** Sends the message, kills the institution while a server waits for the table, and starts it again. */
    private void killDuring(Point point, String table, TestWallet wallet, Signed<WalletMessage> message)
            throws Exception {
        String database = point == Point.BEFORE_OWN_END ? world.database("bank-a") : world.centralDatabase;
        // what a wallet learns of its institution before it goes silent
        wallet.institution();
        try (Connection holder = DriverManager.getConnection(database);
                Connection looker = DriverManager.getConnection(database)) {
            holder.setAutoCommit(false);
            try (Statement lock = holder.createStatement()) {
                lock.execute("LOCK TABLE " + table + " IN EXCLUSIVE MODE");
            }
            CompletableFuture<Void> lost = CompletableFuture.runAsync(() -> wallet.send(message));
            World.await("somebody waits for " + table, () -> waiting(looker, table));
            bank.destroyForcibly().waitFor();
            assertThat(lost).failsWithin(java.time.Duration.ofSeconds(60));
            holder.rollback();
            World.await("nobody waits for " + table, () -> !waiting(looker, table));
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
