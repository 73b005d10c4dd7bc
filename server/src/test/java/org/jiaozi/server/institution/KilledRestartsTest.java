package org.jiaozi.server.institution;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jiaozi.core.lineage.Lineage;
import org.jiaozi.core.value.Amount;
import org.jiaozi.core.value.Range;
import org.jiaozi.server.TestCluster;
import org.jiaozi.server.central.Ledger;
import org.jiaozi.server.http.HttpCaller;
import org.jiaozi.server.http.MediaType;
import org.jiaozi.server.tls.TlsIdentity;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Institutions and central banks that have served before, with money in their databases, killed by SIGKILL at every durable step
 * of a later start, and started again: the money is there, and moves.
 */
final class KilledRestartsTest {
    /** Somebody with a note of 300 and 700 on the account. */
    private record Customer(TestWallet wallet, Lineage note) {}

    @Test
    void institutions(@TempDir Path folder) {
        List<String> codes = IntStream.range(0, 20).mapToObj(i -> "bank-s" + i).toList();
        Map<String, Customer> customers = new ConcurrentHashMap<>();
        try (World world = new World(folder, TestCluster::freshDatabase, codes)) {
            int killed = KilledStartsTest.kill(
                    folder,
                    AotCache.none(folder),
                    false,
                    i -> {
                        String code = codes.get(i);
                        world.prepare(code);
                        world.start(code, world.centralAddress);
                        world.fund(code);
                        TestWallet alice = TestWallet.enrolled(world, code, 1000);
                        customers.put(code, new Customer(alice, alice.load(300)));
                        world.stop(code);
                        return DoomedProcess.Place.institution(world, code);
                    },
                    place -> goesOn(world, place.role(), customers.get(place.role())));
            assertThat(killed).isPositive();
            assertThat(new Ledger(world.centralDatabase).breaches()).isEmpty();
        }
    }

    private static void goesOn(World world, String code, Customer customer) {
        TestWallet alice = customer.wallet();
        assertThat(alice.balance()).isEqualTo(700);
        Lineage deposit = alice.depositing(customer.note(), TestWallet.noteOutput(customer.note()), new Range(0, 200));
        assertThat(alice.deposit(deposit).credited()).isEqualTo(new Amount(200));
        alice.load(100);
        assertThat(alice.balance()).isEqualTo(800);
        assertThat(world.operator(code, "/books").required("sum").longValue()).isZero();
    }

    @Test
    void centralBanks(@TempDir Path folder) {
        SortedMap<String, Long> before;
        String database;
        try (World world = World.running(folder.resolve("world"), TestCluster::freshDatabase)) {
            TestWallet bob = TestWallet.enrolled(world, "bank-b", 1000);
            TestWallet carol = TestWallet.enrolled(world, "bank-a", 0);
            Range all = new Range(0, 300);
            Lineage paid = KilledErrands.paid(bob, bob.load(300), carol, all, TestWallet.nonce());
            carol.deposit(carol.depositing(paid, TestWallet.headOutput(paid), all));
            database = world.centralDatabase;
            before = new Ledger(database).contents();
        }
        int killed = KilledStartsTest.kill(
                folder,
                AotCache.none(folder),
                true,
                i -> {
                    int port = World.freePort();
                    return new DoomedProcess.Place(
                            World.CENTRAL,
                            copied(folder.resolve("world").resolve(World.CENTRAL), folder.resolve("central-" + i)),
                            port,
                            copied(database, i),
                            "https://127.0.0.1:" + port,
                            Optional.empty(),
                            () -> 0);
                },
                place -> goesOn(place, before));
        assertThat(killed).isPositive();
    }

    /** Nothing was done by starting; what had come in before is netted. */
    private static void goesOn(DoomedProcess.Place central, SortedMap<String, Long> before) {
        Ledger ledger = new Ledger(central.database());
        assertThat(ledger.contents()).isEqualTo(before);
        try (HttpCaller caller = HttpCaller.create(
                Optional.of(TlsIdentity.load(central.data().resolve("operator")).context()), Duration.ofSeconds(60))) {
            URI netting = URI.create(central.central() + "/v1/operator/netting");
            assertThat(World.JSON
                            .readTree(caller.post(netting, MediaType.JSON, World.utf8("{}"))
                                    .body())
                            .required("cycle")
                            .longValue())
                    .isEqualTo(1);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
        assertThat(ledger.breaches()).isEmpty();
        assertThat(ledger.balance("clearing", "bank-a")).isZero();
        assertThat(ledger.balance("clearing", "bank-b")).isZero();
    }

    private static Path copied(Path from, Path to) {
        try (Stream<Path> all = Files.walk(from)) {
            for (Path each : all.toList()) {
                Files.copy(each, to.resolve(from.relativize(each).toString()));
            }
            return to;
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    /** A database with the same in it. */
    private static String copied(String database, int number) {
        String from = database.replaceAll("[?].*", "").replaceAll(".*/", "");
        String name = from + "_copy_" + number;
        try (Connection elsewhere = DriverManager.getConnection(database.replace("/" + from + "?", "/postgres?"));
                Statement copy = elsewhere.createStatement()) {
            copy.execute("CREATE DATABASE " + name + " TEMPLATE " + from);
            return database.replace("/" + from + "?", "/" + name + "?");
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }
}
