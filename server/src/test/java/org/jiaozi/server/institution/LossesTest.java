package org.jiaozi.server.institution;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import org.jiaozi.core.lineage.Lineage;
import org.jiaozi.core.value.Amount;
import org.jiaozi.core.value.Range;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What an institution bears of what its culprit cost rises and falls, and its books follow each time. */
final class LossesTest {
    @Test
    void whatIsBorneTwiceAtTheSameSumIsBookedTwice(@TempDir Path folder) {
        try (World world = World.running(folder)) {
            TestWallet mallory = TestWallet.enrolled(world, "bank-a", 1000);
            TestWallet bob = TestWallet.enrolled(world, "bank-b", 0);
            Lineage note = mallory.load(1000);
            twice(mallory, note, bob, new Range(0, 100));
            bears(world, 100);
            world.central
                    .admin()
                    .contribute(
                            world.central.admin().institution("bank-a").orElseThrow(),
                            World.CNY,
                            new Amount(80),
                            "late");
            twice(mallory, note, bob, new Range(100, 110));
            bears(world, 30);
            twice(mallory, note, bob, new Range(110, 180));
            bears(world, 100);
            world.central.admin().net();
            World.await("clearing is at zero", () -> world.book("bank-a", "clearing") == 0);
            assertThat(world.operator("bank-a", "/books").required("sum").longValue())
                    .isZero();
        }
    }

    @Test
    void whatAKeyCostThatIsNobodysIsBorneByWhoCertifiedIt(@TempDir Path folder) throws SQLException {
        try (World world = World.running(folder)) {
            TestWallet mallory = TestWallet.enrolled(world, "bank-a", 1000);
            TestWallet bob = TestWallet.enrolled(world, "bank-b", 0);
            Lineage note = mallory.load(1000);
            forget(world.database("bank-a"), mallory);
            twice(mallory, note, bob, new Range(0, 100));
            bears(world, 100);
            twice(mallory, note, bob, new Range(100, 110));
            bears(world, 110);
            assertThat(mallory.balance()).isZero();
            world.central.admin().net();
            World.await("clearing is at zero", () -> world.book("bank-a", "clearing") == 0);
            assertThat(world.central.admin().convictions())
                    .singleElement()
                    .satisfies(c -> assertThat(((Number) c.get("fromInstitution")).longValue())
                            .isEqualTo(110));
            // once it is known whose key it is, that one pays
            TestWallet known = mallory.movedTo("bank-a");
            world.operator(
                    "bank-a", "/accounts/" + known.account + "/credit", Map.of("amount", 500, "reference", "salary"));
            twice(mallory, note, bob, new Range(110, 120));
            World.await("what it cost is taken", () -> known.balance() == 380);
            bears(world, 0);
        }
    }

    /** As if somebody who has the institution's key had certified the purse's. */
    private static void forget(String database, TestWallet wallet) throws SQLException {
        try (Connection connection = DriverManager.getConnection(database)) {
            for (String table : List.of("certificate", "purse_key")) {
                try (PreparedStatement gone =
                        connection.prepareStatement("DELETE FROM " + table + " WHERE thumbprint = ?")) {
                    gone.setBytes(1, wallet.thumbprint().bytes().toArray());
                    assertThat(gone.executeUpdate()).isOne();
                }
            }
        }
    }

    private static void twice(TestWallet mallory, Lineage note, TestWallet bob, Range range) {
        for (int i = 0; i < 2; i++) {
            Lineage paid = mallory.pay(note, TestWallet.noteOutput(note), range, bob.thumbprint(), TestWallet.nonce());
            assertThat(bob.deposit(bob.depositing(paid, TestWallet.headOutput(paid), range))
                            .credited())
                    .isEqualTo(range.amount());
        }
    }

    private static void bears(World world, long amount) {
        World.await("bank-a bears " + amount, () -> -world.book("bank-a", "loss") == amount);
    }
}
