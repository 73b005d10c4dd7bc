package org.jiaozi.server.central;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.jdbi.v3.core.Handle;
import org.jiaozi.core.value.Hash;
import org.jiaozi.server.TestCluster;
import org.jiaozi.server.db.Database;
import org.jiaozi.server.metrics.Metrics;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is on record of transfers is found by index: what takes something of a part of a note, and little else is looked at, in whatever order the note was spent. */
final class TransferRowsTest {
    private static final long SEED = 20_261_127;
    private static final long VALUE = 1L << 26;

    private static Database fresh() {
        return Database.open(
                TestCluster.freshDatabase(),
                CentralServer.MIGRATIONS,
                /* poolSize= */ 2,
                Database.Access.LOOKED_UP,
                new Metrics());
    }

    private static final String TAKE =
            "INSERT INTO transfer_input (transfer, position, parent, parent_index, lo, hi, note, via)"
                    + " SELECT '\\x00', 0, '\\x00', 0, ";

    private static void take(Handle handle, long note, long via, long lo, long hi) {
        handle.execute(TAKE + "?, ?, ?, ?", lo, hi, note, via);
    }

    /** The only input of a transfer. */
    private static void takeAlone(Handle handle, long note, long via, long lo, long hi) {
        handle.execute(
                "INSERT INTO transfer (hash, certificate, seq, payee, cose, note, via, via_index, lo, hi)"
                        + " SELECT decode(lpad(to_hex(count(*)), 64, '0'), 'hex'), 1, 1, 1, '', ?, ?, 0, ?, ? FROM transfer",
                note,
                via,
                lo,
                hi);
    }

    /** Note 1 and somebody to pay it to. */
    private static void aNote(Handle handle) {
        handle.execute("INSERT INTO institution VALUES (1, 'bank-a', 'Bank A', 'https://a', '')");
        handle.execute(
                "INSERT INTO note (id, issuer, currency, value, expiry, holder, load_nonce, late, cose)"
                        + " VALUES ('', 1, 'CNY', ?, 0, '', '', false, '')",
                VALUE);
    }

    private static final String SETTLE = "INSERT INTO settled"
            + " (note, note_value, kind, paid_to, at_parent, at_index, lo, hi, via, via_index)"
            + " SELECT 1, " + VALUE + ", 'REDEEMED', 1, '', 0, ";

    private static void settle(Handle handle, long via, int index, long lo, long hi) {
        handle.execute(SETTLE + "?, ?, ?, ?", lo, hi, via, index);
    }

    private static List<String> found(Handle handle, String of, long note, long low, long high) {
        return handle.createQuery("SELECT i.lo || '-' || i.hi FROM " + of)
                .bind("note", note)
                .bind("low", low)
                .bind("high", high)
                .bind("sizes", RecordRows.size(VALUE))
                .mapTo(String.class)
                .list();
    }

    @ParameterizedTest
    @CsvSource({
        "1, 1",
        "256, 1",
        "257, 2",
        "65536, 2",
        "65537, 3",
        "16777216, 3",
        "16777217, 4",
        "4294967296, 4",
        "4294967297, 5",
        "1099511627776, 5",
        "1099511627777, 6",
        "281474976710655, 6"
    })
    void sizesAreTheDatabases(long units, int size) {
        assertThat(RecordRows.size(units)).isEqualTo(size);
        try (Database database = fresh()) {
            List<Integer> stored = database.serializable(handle -> {
                take(handle, 1, 0, 0, units);
                takeAlone(handle, 1, 0, 0, units);
                return handle.createQuery("SELECT size FROM transfer_input UNION ALL SELECT size FROM transfer")
                        .mapTo(Integer.class)
                        .list();
            });
            assertThat(stored).containsExactly(size, size);
        }
    }

    @Test
    void aTransferIsOnRecordOnce() {
        try (Database database = fresh()) {
            String sql = "INSERT INTO transfer (hash, certificate, seq, payee, cose, notes)"
                    + " SELECT decode(lpad(to_hex(row), 64, '0'), 'hex'), 1, row, 2, '', ?"
                    + " FROM generate_series(?, 5000) AS row";
            database.serializable(handle -> handle.execute(sql, id(1), 1));
            assertThatThrownBy(() -> database.serializable(handle -> handle.execute(sql, id(1), 5000)))
                    .hasStackTraceContaining("transfer_once");
        }
    }

    /** Two registries on one record: the one that waits sees what the other has written. */
    @Test
    void whoeverIsSecondSeesIt() throws Exception {
        try (Database database = fresh()) {
            CountDownLatch begun = new CountDownLatch(1);
            CountDownLatch written = new CountDownLatch(1);
            try (ExecutorService other = Executors.newSingleThreadExecutor()) {
                Future<Boolean> second = other.submit(() -> database.serializable(handle -> {
                    boolean there = there(handle);
                    begun.countDown();
                    await(written);
                    return there || put(handle) == 0;
                }));
                await(begun);
                database.serializable(TransferRowsTest::put);
                written.countDown();
                assertThat(second.get()).isTrue();
            }
        }
    }

    /** What is there already is no matter of order: it is run again once, and then it is a fault. */
    @Test
    void whatWasThereBeforeIsAFault() {
        try (Database database = fresh()) {
            database.serializable(TransferRowsTest::put);
            AtomicInteger times = new AtomicInteger();
            assertThatThrownBy(() -> database.serializable(handle -> {
                        times.incrementAndGet();
                        return put(handle);
                    }))
                    .hasStackTraceContaining("transfer_once");
            assertThat(times).hasValue(2);
        }
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private static boolean there(Handle handle) {
        return handle.createQuery("SELECT count(*) FROM transfer WHERE hash = ?")
                        .bind(0, id(7))
                        .mapTo(Integer.class)
                        .one()
                > 0;
    }

    private static int put(Handle handle) {
        return handle.execute(
                "INSERT INTO transfer (hash, certificate, seq, payee, cose, notes) VALUES (?, 1, 1, 2, '', ?)",
                id(7),
                id(1));
    }

    private static byte[] id(int number) {
        byte[] id = new byte[Hash.SIZE];
        id[0] = (byte) number;
        return id;
    }

    /** Inputs of every length, at places where they touch, overlap and lie apart, and questions of every length as well. */
    @Test
    void whatOverlapsIsFoundAndNothingElse() {
        Random random = new Random(SEED);
        List<long[]> whole = new ArrayList<>();
        try (Database database = fresh()) {
            database.serializable(handle -> {
                aNote(handle);
                for (int i = 0; i < 900; i++) {
                    long[] part = part(random);
                    if (i % 3 == 1) {
                        take(handle, 1 + i / 3 % 2, i / 6 % 2, part[0], part[1]);
                    } else if (i % 3 == 2) {
                        takeAlone(handle, 1 + i / 3 % 2, i / 6 % 2, part[0], part[1]);
                    } else if (whole.stream().noneMatch(w -> w[0] < part[1] && w[1] > part[0])) {
                        whole.add(part);
                        settle(handle, i / 3 % 2, i / 6 % 2, part[0], part[1]);
                    }
                    assertThat(top(handle, RecordRows.top("1", ":sizes")))
                            .as("seed %d, after %d", SEED, i)
                            .isEqualTo(top(
                                    handle,
                                    "(SELECT coalesce(max(hi), 0) FROM (SELECT hi FROM transfer_input"
                                            + " WHERE note = 1 AND via = 0 AND :sizes > 0"
                                            + " UNION ALL SELECT hi FROM transfer WHERE note = 1 AND via = 0"
                                            + " UNION ALL SELECT hi FROM settled WHERE note = 1) AS i)"));
                }
                for (int i = 0; i < 600; i++) {
                    long[] asked = part(random);
                    assertThat(found(
                                    handle,
                                    RecordRows.takenIn(":note", "0", "0", ":sizes", ":low", ":high"),
                                    1,
                                    asked[0],
                                    asked[1]))
                            .as("seed %d, question %d: %d to %d", SEED, i, asked[0], asked[1])
                            .containsExactlyInAnyOrderElementsOf(found(
                                    handle,
                                    "(SELECT lo, hi FROM transfer_input WHERE note = :note AND via = 0"
                                            + " UNION ALL SELECT lo, hi FROM transfer WHERE note = :note AND via = 0"
                                            + " UNION ALL SELECT lo, hi FROM settled WHERE note = :note AND via = 0"
                                            + " AND via_index = 0) AS i WHERE lo < :high AND hi > :low AND :sizes > 0",
                                    1,
                                    asked[0],
                                    asked[1]));
                }
                return true;
            });
        }
    }

    private static long top(Handle handle, String of) {
        return handle.createQuery("SELECT " + of)
                .bind("sizes", RecordRows.size(VALUE))
                .mapTo(Long.class)
                .one();
    }

    /** Lengths up to the size's edges and one beyond, often at one of few places. */
    private static long[] part(Random random) {
        long length = 1L << random.nextInt(26);
        length = Math.max(1, length + random.nextInt(3) - 1);
        long lo = random.nextBoolean() ? random.nextInt(8) * (VALUE >> 3) : random.nextLong(VALUE);
        lo = Math.max(0, Math.min(VALUE - length, lo - (random.nextBoolean() ? length : 0)));
        return new long[] {lo, lo + length};
    }

    /**
     * Whoever spends a note unit by unit from the top makes no look-up below pass over all of that, nor who has moved it a thousand
     * times before, whatever the planner knows of the tables.
     */
    @Test
    void littleElseIsLookedAt() {
        try (Database database = fresh()) {
            database.serializable(handle -> {
                handle.execute(TAKE + "90000 - unit, 90001 - unit, 1, 0 FROM generate_series(1, 20000) AS unit");
                handle.execute(TAKE + "0, 90000, 1, hop FROM generate_series(1, 1000) AS hop");
                take(handle, 1, 0, 1_000_000, 9_000_000);
                aNote(handle);
                handle.execute(SETTLE + "2000000 + unit, 2000001 + unit, 5, 0 FROM generate_series(1, 20000) AS unit");
                littleElse(handle);
                // as of many notes that were spent in few parts
                handle.execute(TAKE + "0, 1000, note, 0 FROM generate_series(2, 50000) AS note");
                handle.execute("ANALYZE");
                littleElse(handle);
                return true;
            });
        }
    }

    private static void littleElse(Handle handle) {
        assertThat(lookedAt(handle, "WHERE " + RecordRows.top("v.note", ":sizes") + " > v.low", 0, 0))
                .as("inputs looked at from the top")
                .isLessThan(10);
        for (long at : new long[] {0, 50_000, 69_990, 69_999, 89_999, 500_000, 2_010_000, 20_000_000}) {
            assertThat(lookedAt(handle, at, at + 1))
                    .as("inputs looked at from %d", at)
                    .isLessThan(600);
        }
    }

    private static long lookedAt(Handle handle, long low, long high) {
        return lookedAt(
                handle,
                "WHERE EXISTS (SELECT 1 FROM " + RecordRows.takenIn("v.note", "0", "0", ":sizes", "v.low", "v.high")
                        + ")",
                low,
                high);
    }

    private static long lookedAt(Handle handle, String which, long low, long high) {
        // as it is asked: of many notes at once, of which the planner knows nothing
        handle.execute(
                "PREPARE looked (bigint, bigint, bigint, integer) AS SELECT v.low FROM (SELECT unnest(ARRAY[$1]) AS note,"
                        + " unnest(ARRAY[$2]) AS low, unnest(ARRAY[$3]) AS high) AS v "
                        + which.replace(":sizes", "$4"));
        String plan = handle.createQuery("EXPLAIN (ANALYZE, FORMAT JSON) EXECUTE looked (1, " + low + ", " + high + ", "
                        + RecordRows.size(VALUE) + ")")
                .mapTo(String.class)
                .one();
        handle.execute("DEALLOCATE looked");
        try {
            return lookedAt(new ObjectMapper().readTree(plan).get(0).get("Plan"));
        } catch (JsonProcessingException e) {
            throw new AssertionError(plan, e);
        }
    }

    private static long lookedAt(JsonNode node) {
        long rows = 0;
        if (Set.of("transfer", "transfer_input", "settled")
                .contains(node.path("Relation Name").asText())) {
            double each = node.path("Actual Rows").asDouble()
                    + node.path("Rows Removed by Filter").asDouble()
                    + node.path("Rows Removed by Index Recheck").asDouble();
            rows = Math.round(each * node.path("Actual Loops").asDouble());
        }
        for (JsonNode below : node.path("Plans")) {
            rows += lookedAt(below);
        }
        return rows;
    }
}
