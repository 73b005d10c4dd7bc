package org.jiaozi.server.institution;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import org.jiaozi.core.lineage.Lineage;
import org.jiaozi.core.lineage.LineageCodec;
import org.jiaozi.core.message.WalletAnswer;
import org.jiaozi.core.message.WalletRequest;
import org.jiaozi.core.refusal.RefusalCode;
import org.jiaozi.core.value.Amount;
import org.jiaozi.core.value.Hash;
import org.jiaozi.core.value.InstitutionId;
import org.jiaozi.core.value.Range;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * A deposit was settled for an institution that then was gone, and is honoured at another: wherever the first one stopped,
 * whenever it comes back and whenever a person releases the value, the holder is paid once, and nobody owes what he never
 * had (spec 07, clause 10).
 */
final class HonouredElsewhereTest {
    private static World world;
    /** What the central bank withholds at the first institution, whose books know nothing of it. */
    private static long waiting;

    @BeforeAll
    static void start(@TempDir Path folder) {
        world = World.running(folder);
    }

    @AfterAll
    static void stop() {
        world.close();
    }

    @AfterEach
    void booksBalance() {
        for (String code : List.of("bank-a", "bank-b")) {
            assertThat(world.operator(code, "/books").required("sum").longValue())
                    .isZero();
        }
    }

    /** Where the first institution stops. */
    enum Stop {
        /** The registry has settled the deposit, and no account has it. */
        BEFORE_THE_CREDIT,
        /** The account has it, and the deposit is not booked. */
        BEFORE_THE_END,
        /** It is done. */
        AT_THE_END
    }

    /** When a person lets the value go to the second one. */
    enum Release {
        BEFORE_IT_IS_BACK,
        AFTER_IT_IS_BACK,
        NEVER
    }

    private static void sql(String database, String sql) {
        try (Connection connection = DriverManager.getConnection(database);
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    private static long number(String code, String query) {
        try (Connection connection = DriverManager.getConnection(world.database(code));
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(query)) {
            assertThat(row.next()).isTrue();
            return row.getLong(1);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Until it is mended, the institution's database takes no such row: an operation goes no further than there. */
    private static void breakAt(String code, String table, String when) {
        sql(
                world.database(code),
                "CREATE OR REPLACE FUNCTION broken() RETURNS trigger LANGUAGE plpgsql AS"
                        + " $$ BEGIN RAISE EXCEPTION 'broken by a test'; END $$;"
                        + "CREATE TRIGGER broken BEFORE INSERT ON " + table + " FOR EACH ROW WHEN (" + when
                        + ") EXECUTE FUNCTION broken()");
    }

    private static void mend(String code) {
        sql(world.database(code), "DROP TRIGGER IF EXISTS broken ON posting; DROP TRIGGER IF EXISTS broken ON deposit");
    }

    private static InstitutionId id(String code) {
        return world.central.admin().institution(code).orElseThrow();
    }

    private static void declare(boolean gone) {
        long epoch = world.central
                .admin()
                .declare(id("bank-a"), gone, "test")
                .statement()
                .epoch();
        World.await("the others read of it", () -> world.bulletin("bank-b").epoch() >= epoch);
    }

    /** Until an institution has read all that the central bank has told it. */
    private static void allIsRead(String code) {
        World.await(
                "the events are read",
                () -> number(code, "SELECT coalesce(max(number), 0) FROM inbox") == lastEvent(code));
        World.await("nothing is open", () -> number(code, "SELECT count(*) FROM operation WHERE done_at IS NULL") == 0);
    }

    private static long lastEvent(String code) {
        try (Connection connection = DriverManager.getConnection(world.centralDatabase);
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT coalesce(max(number), 0) FROM inbox_event"
                        + " WHERE institution = " + id(code).number())) {
            assertThat(row.next()).isTrue();
            return row.getLong(1);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "BEFORE_THE_CREDIT, BEFORE_IT_IS_BACK",
        "BEFORE_THE_CREDIT, AFTER_IT_IS_BACK",
        "BEFORE_THE_CREDIT, NEVER",
        "BEFORE_THE_END,    AFTER_IT_IS_BACK",
        "BEFORE_THE_END,    NEVER",
        "AT_THE_END,        BEFORE_IT_IS_BACK",
    })
    void theHolderIsPaidOnceAndNobodyOwesWhatHeNeverHad(Stop stop, Release release) {
        TestWallet alice = TestWallet.enrolled(world, "bank-a", 1000);
        Lineage note = alice.load(1000);
        Lineage deposit = alice.depositing(note, TestWallet.noteOutput(note), new Range(0, 300));
        Hash hash = deposit.head().transfer().hash();
        WalletRequest asked = new WalletRequest.Deposit(LineageCodec.encode(deposit));
        switch (stop) {
            case BEFORE_THE_CREDIT -> breakAt("bank-a", "posting", "NEW.reference LIKE 'deposit:%'");
            case BEFORE_THE_END -> {
                // on books of its own a deposit is credited and booked at once
                world.stop("bank-a");
                world.startWithAccountsElsewhere("bank-a");
                breakAt("bank-a", "deposit", "true");
            }
            case AT_THE_END -> {}
        }
        if (stop == Stop.AT_THE_END) {
            assertThat(alice.deposit(deposit).credited()).isEqualTo(new Amount(300));
        } else {
            assertThat(TestWallet.refused(alice.ask(asked))).isEqualTo(RefusalCode.INTERNAL);
        }
        declare(true);
        world.stop("bank-a");
        mend("bank-a");

        TestWallet there = alice.movedTo("bank-b");
        WalletAnswer.Deposited held = (WalletAnswer.Deposited) there.takeOver(deposit);
        assertThat(held.credited()).isEqualTo(Amount.ZERO);
        if (release == Release.BEFORE_IT_IS_BACK) {
            world.central.admin().release(hash);
        }
        declare(false);
        world.start("bank-a", world.central.address());
        allIsRead("bank-a");
        if (release == Release.AFTER_IT_IS_BACK) {
            world.central.admin().release(hash);
            allIsRead("bank-a");
        }
        allIsRead("bank-b");

        boolean had = stop != Stop.BEFORE_THE_CREDIT;
        boolean released = release != Release.NEVER;
        if (released) {
            World.await("it is paid at bank-b", () -> there.balance() == 300);
            World.await("bank-a has taken back what it credited", () -> alice.balance() == 0);
        }
        assertThat(there.balance()).isEqualTo(released ? 300 : 0);
        assertThat(alice.balance()).isEqualTo(had && !released ? 300 : 0);
        assertThat(number("bank-a", "SELECT count(*) FROM debt WHERE account = '" + alice.account + "'"))
                .isEqualTo(had && released ? 1 : 0);
        assertThat(world.book("bank-a", "receivable")).isZero();
        if (stop != Stop.AT_THE_END) {
            assertThat(TestWallet.refused(alice.ask(asked))).isEqualTo(RefusalCode.HONOURED_ELSEWHERE);
            assertThat(alice.balance()).isEqualTo(had && !released ? 300 : 0);
        }
        // what no account had and nobody released is all in which the books and the central bank's differ
        waiting += had || released ? 0 : 300;
        world.central.admin().net();
        allIsRead("bank-a");
        allIsRead("bank-b");
        assertThat(world.book("bank-a", "clearing")).isEqualTo(waiting);
        assertThat(world.book("bank-b", "clearing")).isZero();
    }

    /** A release is heard before the deposit is booked: other events go on, and the deposit finds the sum. */
    @Test
    void aReleaseWaitsInSuspenseForItsDepositAndHoldsNothingUp() {
        TestWallet alice = TestWallet.enrolled(world, "bank-a", 1000);
        Lineage note = alice.load(1000);
        Lineage deposit = alice.depositing(note, TestWallet.noteOutput(note), new Range(0, 300));
        Hash hash = deposit.head().transfer().hash();
        assertThat(alice.deposit(deposit).credited()).isEqualTo(new Amount(300));
        declare(true);
        TestWallet there = alice.movedTo("bank-b");
        breakAt("bank-b", "deposit", "true");
        assertThat(TestWallet.refused(there.takeOver(deposit))).isEqualTo(RefusalCode.INTERNAL);
        world.central.admin().release(hash);
        declare(false);
        TestWallet sender = TestWallet.enrolled(world, "bank-a", 50);
        assertThat(sender.ask(
                        new WalletRequest.Remit(id("bank-b"), there.account, new Amount(50), "", TestWallet.nonce())))
                .isEqualTo(new WalletAnswer.Remitted(Amount.ZERO));
        World.await("what comes after it arrives", () -> there.balance() == 50);
        assertThat(world.book("bank-b", "suspense")).isEqualTo(300);
        mend("bank-b");
        World.await("the deposit has the sum", () -> there.balance() == 350);
        World.await(
                "nothing is in suspense",
                () -> world.operator("bank-b", "/suspense").required("suspense").isEmpty());
        allIsRead("bank-a");
        allIsRead("bank-b");
        assertThat(number("bank-b", "SELECT withheld - released FROM deposit WHERE account = '" + there.account + "'"))
                .isZero();
        world.central.admin().net();
        allIsRead("bank-b");
        assertThat(world.book("bank-b", "clearing")).isZero();
    }
}
