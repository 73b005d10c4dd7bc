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

    /** Where an institution dies that has money for nobody. */
    enum Returning {
        /** Before it has stored that it must go back. */
        TAKING_IN,
        /** The central bank moves it when nobody listens any more. */
        SENDING,
        /** The central bank has moved it, and the institution has not stored that. */
        SENT
    }

    @ParameterizedTest
    @EnumSource
    void aRemittanceToNobodyGoesBackOnce(Returning point) throws Exception {
        TestWallet bob = atBankB();
        bank.destroyForcibly().waitFor();
        assertThat(bob.ask(remit("bank-a", 400))).isEqualTo(new WalletAnswer.Remitted(new Amount(600)));
        String own = world.database("bank-a");
        try (Held first =
                point == Returning.TAKING_IN ? new Held(own, "suspense") : new Held(world.centralDatabase, "remit")) {
            bank = InstitutionProcess.start(world);
            first.awaitSomebody();
            if (point == Returning.SENT) {
                try (Held second = new Held(own, "suspense")) {
                    first.release();
                    second.awaitSomebody();
                    bank.destroyForcibly().waitFor();
                }
            } else {
                bank.destroyForcibly().waitFor();
            }
        }
        bank = InstitutionProcess.start(world);
        World.await("the money is back", () -> bob.balance() == 1000);
        World.await("nothing is in suspense", () -> world.book("bank-a", "suspense") == 0);
        assertThat(world.book("bank-a", "clearing")).isZero();
        assertThat(world.operator("bank-a", "/books").required("sum").longValue())
                .isZero();
        assertThat(events("bank-b")).isEqualTo(1);
    }

    @Test
    void whatComesBackIsCreditedOnce() throws Exception {
        TestWallet alice = TestWallet.enrolled(world, "bank-a", 1000);
        atBankB();
        try (Held inbox = new Held(world.database("bank-a"), "inbox")) {
            assertThat(alice.ask(remit("bank-b", 400))).isEqualTo(new WalletAnswer.Remitted(new Amount(600)));
            inbox.awaitSomebody();
            bank.destroyForcibly().waitFor();
        }
        bank = InstitutionProcess.start(world);
        World.await("the event is read", () -> alice.balance() == 1000 && world.book("bank-a", "clearing") == 0);
        World.await("nothing is in suspense", () -> world.book("bank-b", "suspense") == 0);
        assertThat(alice.balance()).isEqualTo(1000);
        assertThat(events("bank-a")).isEqualTo(1);
    }

    /** Somebody with an account of 1,000 at the other institution, which cannot be killed. */
    private TestWallet atBankB() {
        world.start("bank-b", world.central.address());
        var id = world.central.admin().institution("bank-b").orElseThrow();
        world.central.admin().fundReserve(id, World.CNY, new Amount(1_000_000), "second");
        return TestWallet.enrolled(world, "bank-b", 1000);
    }

    private WalletRequest.Remit remit(String code, long amount) {
        var to = world.central.admin().institution(code).orElseThrow();
        return new WalletRequest.Remit(to, "nobody", new Amount(amount), "", TestWallet.nonce());
    }

    private long events(String code) throws SQLException {
        int id = world.central.admin().institution(code).orElseThrow().number();
        try (Connection connection = DriverManager.getConnection(world.centralDatabase);
                Statement query = connection.createStatement();
                ResultSet row = query.executeQuery("SELECT count(*) FROM inbox_event WHERE institution = " + id)) {
            assertThat(row.next()).isTrue();
            return row.getLong(1);
        }
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

        void release() throws SQLException {
            holder.rollback();
        }

        @Override
        public void close() throws SQLException {
            holder.rollback();
            World.await("nobody waits for " + table, () -> !waiting(looker, table));
            holder.close();
            looker.close();
        }
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
        try (Held held = new Held(database, table)) {
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
