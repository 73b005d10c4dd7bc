package org.jiaozi.server.institution;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jiaozi.core.bulletin.Bulletin;
import org.jiaozi.core.crypto.PublicKey;
import org.jiaozi.core.lineage.Lineage;
import org.jiaozi.core.statement.Signed;
import org.jiaozi.core.value.Amount;
import org.jiaozi.core.value.Bytes;
import org.jiaozi.core.value.Limit;
import org.jiaozi.core.value.Range;
import org.jiaozi.crypto.Es256Verifier;
import org.jiaozi.server.central.Ledger;
import org.jiaozi.server.http.HttpCaller;
import org.jiaozi.server.http.MediaType;
import org.jiaozi.server.postgres.EmbeddedPostgres;
import org.jiaozi.server.tls.TlsIdentity;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Institutions and central banks killed by SIGKILL at every durable step of their first start, as many of them as there are
 * moments to be killed at, and started again: each serves, under the keys that it had made before.
 */
final class KilledStartsTest {
    /** So many are killed at once. */
    private static final int TOGETHER = 12;

    /**
     * Counts the moments of one start, and kills one more for each.
     *
     * @param alone whether nothing leaves it between two steps: after one and before the next are then the same
     */
    static int kill(
            Path folder,
            AotCache cache,
            boolean alone,
            IntFunction<DoomedProcess.Place> places,
            Consumer<DoomedProcess.Place> check) {
        int moments;
        try (DoomedProcess counted = new DoomedProcess(folder, cache, List.of(places.apply(0)), List.of(-1))) {
            moments = counted.heard(0).passed().size();
        }
        int[] at = IntStream.rangeClosed(1, moments)
                .filter(i -> !alone || i % 2 == 1 || i == moments)
                .toArray();
        List<Killed> before = List.of();
        for (int first = 0; !before.isEmpty() || first < at.length; first += TOGETHER) {
            List<Killed> next = IntStream.range(first, Math.min(at.length, first + TOGETHER))
                    .mapToObj(i -> new Killed(at[i], places.apply(at[i]), new TreeMap<>()))
                    .toList();
            kill(folder, cache, before, next, check);
            before = next;
        }
        System.out.println("start: " + moments + " moments counted, killed at " + at.length);
        return at.length;
    }

    /** One that is killed at a moment, and what it had made by then. */
    private record Killed(int moment, DoomedProcess.Place place, Map<String, String> keys) {}

    /** Those that were killed before start again while the next ones come to where they are killed. */
    private static void kill(
            Path folder, AotCache cache, List<Killed> again, List<Killed> next, Consumer<DoomedProcess.Place> check) {
        List<DoomedProcess.Place> places =
                Stream.concat(again.stream(), next.stream()).map(Killed::place).toList();
        List<Integer> at = Stream.concat(
                        again.stream().map(k -> 0), next.stream().map(Killed::moment))
                .toList();
        try (DoomedProcess servers = new DoomedProcess(folder, cache, places, at)) {
            for (Killed each : again) {
                try {
                    check.accept(each.place());
                    assertThat(keys(each.place().data())).containsAllEntriesOf(each.keys());
                } catch (Throwable e) {
                    throw new AssertionError("killed at moment " + each.moment() + " of its start", e);
                }
            }
            for (int i = 0; i < next.size(); i++) {
                assertThat(servers.heard(again.size() + i).stands())
                        .as("moment " + next.get(i).moment())
                        .hasSize(1);
                next.get(i).keys().putAll(keys(next.get(i).place().data()));
            }
        }
    }

    /** Whatever cannot be made again. */
    private static Map<String, String> keys(Path folder) {
        Map<String, String> keys = new TreeMap<>();
        for (String name : List.of(
                "keys/signing.key", "keys/sealing.key", "root.key", "registry.key", "ca/ca.pem", "database.id")) {
            Path file = folder.resolve(name);
            if (Files.exists(file)) {
                keys.put(name, text(file));
            }
        }
        return keys;
    }

    private static String text(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private EmbeddedPostgres postgres;
    private int databases;

    @BeforeEach
    void open(@TempDir Path cluster) {
        postgres = EmbeddedPostgres.start(cluster.resolve("postgres"), OptionalInt.empty());
    }

    @AfterEach
    void close() {
        postgres.close();
    }

    private String freshDatabase() {
        String name = "role_" + ++databases;
        postgres.createDatabaseIfMissing(name);
        return postgres.jdbcUrl(name);
    }

    @Test
    void institutions(@TempDir Path folder) {
        List<String> codes = IntStream.range(0, 40).mapToObj(i -> "bank-s" + i).toList();
        try (World world = new World(folder, this::freshDatabase, codes)) {
            int killed = kill(
                    folder,
                    new AotCache(folder),
                    false,
                    i -> {
                        world.prepare(codes.get(i));
                        return DoomedProcess.Place.institution(world, codes.get(i));
                    },
                    place -> serves(world, place.role()));
            assertThat(killed).isGreaterThan(10);
            assertThat(new Ledger(world.centralDatabase).breaches()).isEmpty();
        }
    }

    static void serves(World world, String code) {
        world.fund(code);
        TestWallet alice = TestWallet.enrolled(world, code, 1000);
        Lineage note = alice.load(300);
        assertThat(alice.deposit(alice.depositing(note, TestWallet.noteOutput(note), new Range(0, 200)))
                        .credited())
                .isEqualTo(new Amount(200));
        assertThat(alice.balance()).isEqualTo(900);
        assertThat(world.operator(code, "/books").required("sum").longValue()).isZero();
    }

    @Test
    void centralBanks(@TempDir Path folder) {
        int killed = kill(
                folder,
                new AotCache(folder),
                true,
                i -> {
                    int port = World.freePort();
                    return new DoomedProcess.Place(
                            World.CENTRAL,
                            folder.resolve("central-" + i),
                            port,
                            freshDatabase(),
                            "https://127.0.0.1:" + port,
                            Optional.empty(),
                            () -> 0);
                },
                KilledStartsTest::serves);
        assertThat(killed).isGreaterThan(10);
    }

    /** Its bulletin is signed by the root that it gives out; operator and members are let in; its books are empty. */
    static void serves(DoomedProcess.Place central) {
        try {
            PublicKey root = new PublicKey(Bytes.fromHex(World.JSON
                    .readTree(Files.readString(central.data().resolve("trust.json")))
                    .required("rootKey")
                    .asText()));
            for (String who : List.of("members/bank-a", "operator")) {
                try (HttpCaller caller = HttpCaller.create(
                        Optional.of(
                                TlsIdentity.load(central.data().resolve(who)).context()),
                        Duration.ofSeconds(60))) {
                    byte[] body = caller.get(URI.create(central.central() + "/v1/bulletin"), MediaType.CBOR)
                            .body();
                    Signed<Bulletin> bulletin =
                            Signed.decode(Bytes.of(body), Limit.SERVICE_MESSAGE_BYTES, Bulletin::read);
                    assertThat(bulletin.verifies(new Es256Verifier(), root)).isTrue();
                    assertThat(bulletin.statement().epoch()).isEqualTo(1);
                    boolean operator = caller.post(
                                    URI.create(central.central() + "/v1/operator/netting"),
                                    MediaType.JSON,
                                    World.utf8("{}"))
                            .ok();
                    assertThat(operator).isEqualTo(who.equals("operator"));
                }
            }
            assertThat(new Ledger(central.database()).breaches()).isEmpty();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }
}
