package org.jiaozi.server.db;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.jdbi.v3.core.Handle;
import org.jiaozi.core.refusal.Refusal;
import org.jiaozi.core.refusal.RefusalCode;
import org.jiaozi.server.ServiceFault;
import org.jiaozi.server.StartFailure;
import org.jiaozi.server.TestCluster;
import org.junit.jupiter.api.Test;

final class DatabaseTest {
    private static final String MIGRATIONS = "classpath:db/test";
    private static final Duration LONG = Duration.ofSeconds(30);

    private static long value(Handle handle, String name) {
        return handle.createQuery("SELECT value FROM counter WHERE name = ?")
                .bind(0, name)
                .mapTo(Long.class)
                .one();
    }

    private static long stored(Database database, String name) {
        return database.<Long>snapshot(handle -> value(handle, name));
    }

    private static void set(Handle handle, String name, long value) {
        handle.createUpdate("UPDATE counter SET value = ? WHERE name = ?")
                .bind(0, value)
                .bind(1, name)
                .execute();
    }

    private static void meet(CyclicBarrier barrier) {
        try {
            barrier.await();
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    /** Work of several transactions sees what came before it, and of all of it nothing is left where it fails. */
    @Test
    void whatIsDoneTogetherIsStoredTogether() {
        try (Database database = Database.open(TestCluster.freshDatabase(), MIGRATIONS, 2)) {
            assertThatThrownBy(() -> database.together(() -> {
                        database.useSerializable(handle -> set(handle, "a", 7));
                        assertThat(stored(database, "a")).isEqualTo(7);
                        throw new IllegalArgumentException("too late");
                    }))
                    .isInstanceOf(IllegalArgumentException.class);
            assertThat(stored(database, "a")).isZero();
            long seen = database.<Long>together(() -> {
                long before = stored(database, "a");
                database.useSerializable(handle -> set(handle, "a", before + 1));
                return stored(database, "a");
            });
            assertThat(seen).isEqualTo(1);
            assertThat(stored(database, "a")).isEqualTo(1);
        }
    }

    @Test
    void isReadyWhereItHasAConnectionForWhoAsks() throws Exception {
        try (Database database = Database.open(TestCluster.freshDatabase(), MIGRATIONS, 2);
                ExecutorService threads = Executors.newFixedThreadPool(1)) {
            assertThat(database.ready(LONG)).isEmpty();
            CyclicBarrier bothAreHeld = new CyclicBarrier(2);
            CyclicBarrier asked = new CyclicBarrier(2);
            Future<?> other = threads.submit(() -> database.useSerializable(handle -> {
                meet(bothAreHeld);
                meet(asked);
            }));
            List<Optional<Refusal>> said = database.serializable(handle -> {
                meet(bothAreHeld);
                // whoever asks beside another waits for the same answer
                List<Optional<Refusal>> both =
                        List.of(database.ready(Duration.ofMillis(50)), database.ready(Duration.ofMillis(1)));
                meet(asked);
                return both;
            });
            other.get();
            assertThat(said).allSatisfy(no -> assertThat(no.map(Refusal::code)).contains(RefusalCode.UNREACHABLE));
            assertThat(database.ready(LONG)).isEmpty();
        }
        Database closed = Database.open(TestCluster.freshDatabase(), MIGRATIONS, 2);
        closed.close();
        assertThat(closed.ready(LONG)).isPresent();
    }

    /** What fails is logged, and what was to be written may be somebody's name. */
    @Test
    void whatFailsDoesNotSayWhatWasToBeWritten() {
        try (Database database = Database.open(TestCluster.freshDatabase(), MIGRATIONS, 2)) {
            assertThatThrownBy(() -> database.useSerializable(handle -> {
                        for (int twice = 0; twice < 2; twice++) {
                            handle.createUpdate("INSERT INTO counter (name, value) VALUES (:name, 1)")
                                    .bind("name", "Alice")
                                    .execute();
                        }
                    }))
                    .hasMessageContaining("counter")
                    .message()
                    .doesNotContain("Alice");
        }
    }

    @Test
    void repeatsATransactionThatCouldNotBeSerialized() throws Exception {
        try (Database database = Database.open(TestCluster.freshDatabase(), MIGRATIONS, 4);
                ExecutorService threads = Executors.newFixedThreadPool(2)) {
            CyclicBarrier bothHaveRead = new CyclicBarrier(2);
            AtomicInteger runs = new AtomicInteger();
            Runnable addOne = () -> {
                AtomicInteger mine = new AtomicInteger();
                database.useSerializable(handle -> {
                    runs.incrementAndGet();
                    long before = value(handle, "a");
                    if (mine.incrementAndGet() == 1) {
                        meet(bothHaveRead);
                    }
                    set(handle, "a", before + 1);
                });
            };
            for (Future<?> each : List.of(threads.submit(addOne), threads.submit(addOne))) {
                each.get();
            }
            assertThat(stored(database, "a")).isEqualTo(2);
            assertThat(runs.get()).isGreaterThanOrEqualTo(3);
        }
    }

    @Test
    void repeatsATransactionThatDeadlocked() throws Exception {
        try (Database database = Database.open(TestCluster.freshDatabase(), MIGRATIONS, 4);
                ExecutorService threads = Executors.newFixedThreadPool(2)) {
            CyclicBarrier bothHoldOne = new CyclicBarrier(2);
            Future<?> one = threads.submit(() -> lockBoth(database, bothHoldOne, "a", "b"));
            Future<?> other = threads.submit(() -> lockBoth(database, bothHoldOne, "b", "a"));
            one.get();
            other.get();
            assertThat(stored(database, "a") + stored(database, "b")).isEqualTo(4);
        }
    }

    private static void lockBoth(Database database, CyclicBarrier barrier, String first, String second) {
        AtomicInteger mine = new AtomicInteger();
        database.serializable(handle -> {
            handle.execute("UPDATE counter SET value = value + 1 WHERE name = ?", first);
            if (mine.incrementAndGet() == 1) {
                meet(barrier);
            }
            return handle.execute("UPDATE counter SET value = value + 1 WHERE name = ?", second);
        });
    }

    @Test
    void givesUpAfterABoundedNumberOfRepetitions() {
        try (Database database = Database.open(TestCluster.freshDatabase(), MIGRATIONS, 2)) {
            AtomicInteger runs = new AtomicInteger();
            assertThatThrownBy(() -> database.useSerializable(handle -> {
                        runs.incrementAndGet();
                        handle.execute("UPDATE counter SET value = value + 1 WHERE name = 'a'");
                        handle.execute("DO $$ BEGIN RAISE EXCEPTION USING ERRCODE = '40001'; END $$");
                    }))
                    .isInstanceOfSatisfying(
                            ServiceFault.class,
                            fault -> assertThat(fault.refusal().code()).isEqualTo(RefusalCode.BUSY));
            assertThat(runs.get()).isEqualTo(12);
            assertThat(stored(database, "a")).isZero();
        }
    }

    @Test
    void rollsBackWhatAnExceptionInterruptsAndDoesNotRepeatIt() {
        try (Database database = Database.open(TestCluster.freshDatabase(), MIGRATIONS, 2)) {
            AtomicInteger runs = new AtomicInteger();
            assertThatThrownBy(() -> database.useSerializable(handle -> {
                        runs.incrementAndGet();
                        set(handle, "a", 7);
                        set(handle, "b", 1000);
                    }))
                    .satisfies(thrown -> {
                        assertThat(SqlState.of(thrown)).contains(SqlState.CHECK_VIOLATION);
                        assertThat(SqlState.violates(thrown, "counter_small")).isTrue();
                        assertThat(SqlState.violates(thrown, "another")).isFalse();
                    });
            assertThat(runs.get()).isEqualTo(1);
            assertThat(stored(database, "a")).isZero();
            assertThatThrownBy(() -> database.snapshot(
                            handle -> handle.execute("UPDATE counter SET value = 5 WHERE name = 'a'")))
                    .hasMessageContaining("read-only");
        }
    }

    @Test
    void tellsAFullDiskFromABug() {
        try (Database database = Database.open(TestCluster.freshDatabase(), MIGRATIONS, 2)) {
            assertThatThrownBy(() -> database.useSerializable(
                            handle -> handle.execute("DO $$ BEGIN RAISE EXCEPTION USING ERRCODE = '53100'; END $$")))
                    .isInstanceOfSatisfying(
                            ServiceFault.class,
                            fault -> assertThat(fault.refusal().code()).isEqualTo(RefusalCode.STORAGE_FULL));
        }
    }

    @Test
    void saysInOneLineThatTheDatabaseIsAwayAndKeepsThePassword() throws IOException {
        int closed;
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.ofLiteral("127.0.0.1"))) {
            closed = socket.getLocalPort();
        }
        String url = "jdbc:postgresql://127.0.0.1:" + closed + "/shop?user=u&password=secret";
        assertThatThrownBy(() -> Database.open(url, MIGRATIONS, 2))
                .isInstanceOf(StartFailure.class)
                .hasMessageStartingWith("Cannot use the database at 127.0.0.1:" + closed + "/shop: ")
                .satisfies(thrown ->
                        assertThat(thrown.getMessage()).doesNotContain("secret").hasLineCount(1));
    }

    /** Answers as a server in recovery does, that many times, and then is the way to the real one. */
    private static int recovering(ServerSocket listening, URI real, AtomicInteger left) {
        Thread.ofVirtual().start(() -> {
            try {
                while (true) {
                    Socket client = listening.accept();
                    if (left.getAndDecrement() > 0) {
                        refuse(client);
                    } else {
                        Socket server = new Socket(real.getHost(), real.getPort());
                        Thread.ofVirtual().start(() -> pump(client, server));
                        Thread.ofVirtual().start(() -> pump(server, client));
                    }
                }
            } catch (IOException closed) {
                // the test is over
            }
        });
        return listening.getLocalPort();
    }

    private static void refuse(Socket client) throws IOException {
        try (client) {
            DataInputStream in = new DataInputStream(client.getInputStream());
            in.skipNBytes(in.readInt() - 4L);
            byte[] fields = "SFATAL\0VFATAL\0C57P03\0Mthe database system is starting up\0\0"
                    .getBytes(StandardCharsets.US_ASCII);
            DataOutputStream out = new DataOutputStream(client.getOutputStream());
            out.writeByte('E');
            out.writeInt(fields.length + 4);
            out.write(fields);
            out.flush();
        }
    }

    private static void pump(Socket from, Socket to) {
        try (from;
                to) {
            from.getInputStream().transferTo(to.getOutputStream());
        } catch (IOException closed) {
            // either side has ended
        }
    }

    @Test
    void waitsForAServerThatRecoversFromAKill() throws IOException {
        String real = TestCluster.freshDatabase();
        AtomicInteger left = new AtomicInteger(3);
        try (ServerSocket socket = new ServerSocket(0, 50, InetAddress.ofLiteral("127.0.0.1"))) {
            URI address = URI.create(real.substring("jdbc:".length()));
            int port = recovering(socket, address, left);
            String url = real.replace(":" + address.getPort() + "/", ":" + port + "/") + "&sslmode=disable";
            try (Database database = Database.open(url, MIGRATIONS, 2)) {
                assertThat(stored(database, "a")).isZero();
            }
        }
        assertThat(left.get()).isNegative();
    }

    @Test
    void doesNotWaitForAnAddressThatCannotBeOne() {
        assertThatThrownBy(() -> Database.open("jdbc:postgresql://127.0.0.1:nothing/shop", MIGRATIONS, 2))
                .isInstanceOf(StartFailure.class);
    }

    @Test
    void opensADatabaseThatIsUpToDateAndRefusesOneWithAnotherSchema() {
        String url = TestCluster.freshDatabase();
        Database.open(url, MIGRATIONS, 2).close();
        Database.open(url, MIGRATIONS, 2).close();
        try (Database database = Database.open(url, MIGRATIONS, 2)) {
            database.useSerializable(handle -> handle.execute("UPDATE flyway_schema_history SET checksum = 1"));
        }
        assertThatThrownBy(() -> Database.open(url, MIGRATIONS, 2))
                .isInstanceOf(StartFailure.class)
                .satisfies(thrown -> assertThat(thrown.getMessage()).hasLineCount(1));
    }
}
