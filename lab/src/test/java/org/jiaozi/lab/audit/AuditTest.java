package org.jiaozi.lab.audit;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalInt;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.jiaozi.core.value.Bytes;
import org.jiaozi.lab.world.WorldTables;
import org.jiaozi.server.postgres.EmbeddedPostgres;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A sound world in the central bank's own tables passes; each row altered behind the code's back is a breach. */
final class AuditTest {
    @TempDir
    private static @Nullable Path folder;

    private static @Nullable EmbeddedPostgres postgres;
    private static Bytes rootKey = Bytes.EMPTY;
    private static String url = "";

    @BeforeAll
    static void fill() throws SQLException {
        EmbeddedPostgres own = EmbeddedPostgres.start(Objects.requireNonNull(folder), OptionalInt.empty());
        postgres = own;
        own.createDatabaseIfMissing("central");
        url = own.jdbcUrl("central");
        try (Connection connection = DriverManager.getConnection(url)) {
            connection.setTransactionIsolation(Connection.TRANSACTION_SERIALIZABLE);
            connection.setAutoCommit(false);
            rootKey = WorldTables.write(connection, 1);
            connection.commit();
        }
    }

    @AfterAll
    static void stop() {
        if (postgres != null) {
            postgres.close();
        }
    }

    @Test
    void aSoundRecordPasses() throws SQLException {
        Map<String, Object> report = Audit.run(url, Map.of(), rootKey);
        assertThat(report).containsEntry("ok", true).containsEntry("breaches", List.of());
        assertThat(String.valueOf(report.get("supply")))
                .contains("balanced=true")
                .doesNotContain("issued=0,");
        assertThat(((Map<?, ?>) Objects.requireNonNull(report.get("counted"))).get("cycles"))
                .asInstanceOf(InstanceOfAssertFactories.LONG)
                .isGreaterThan(1);
    }

    @Test
    void anotherRootKeyIsSeen() throws SQLException {
        byte[] other = rootKey.toArray();
        other[0] ^= 1;
        assertThat(breaches(Audit.run(url, Map.of(), Bytes.of(other))))
                .contains("a bulletin is not signed by the root")
                .anyMatch(b -> b.contains("convicts nobody"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "UPDATE balance SET minor = minor + 1 WHERE account = 'reserve:1' | its postings say",
                "INSERT INTO posting (debit,credit,currency,amount,reason,reference,booked_at)"
                        + " VALUES ('issue','float:1','CNY',5,'x','x',0) | where the record says",
                "INSERT INTO posting (debit,credit,currency,amount,reason,reference,booked_at)"
                        + " VALUES ('clearing:1','clearing:2','CNY',5,'honour','x',0) | honoured deposits moved",
                "DELETE FROM conviction WHERE culprit = (SELECT culprit FROM conviction LIMIT 1) | is not convicted",
                "UPDATE conviction SET file = (SELECT cose FROM bulletin) | convicts nobody",
                "UPDATE conviction SET owed = owed + 1 | where the record says",
                "UPDATE note SET holder = id | otherwise than it was signed",
                "UPDATE settled SET hi = hi - 1 WHERE hi - lo > 1 | otherwise than it was settled",
                "UPDATE transfer SET seq = seq + 1 | otherwise than it was signed",
                "UPDATE transfer SET payee = payee # 1 | otherwise than it was signed",
                "UPDATE transfer SET request = request # 1 | otherwise than it was signed",
                "UPDATE transfer SET certificate = (SELECT max(number) FROM certificate) | not signed by its key",
                "UPDATE transfer SET certificate = 0 | its certificate is not on record",
                "UPDATE transfer SET lo = lo + 1 WHERE hi - lo > 1 | otherwise than they were signed",
                "UPDATE transfer SET note = note + 1 | otherwise than they were signed",
                "UPDATE transfer SET via = via + 1 | otherwise than they were signed",
                "UPDATE transfer SET via_index = via_index + 1 | otherwise than they were signed",
                "UPDATE settled SET via = via + 1 | otherwise than they were signed",
                "UPDATE settled SET via_index = via_index + 1 | otherwise than they were signed",
                "UPDATE settled SET via = NULL, via_index = NULL | otherwise than they were signed",
                "UPDATE transfer_input SET lo = lo + 1 WHERE hi - lo > 1 | otherwise than they were signed",
                "UPDATE transfer_input SET note = note + 1 | otherwise than they were signed",
                "UPDATE transfer_input SET via = via + 1 | otherwise than they were signed",
                "INSERT INTO refund VALUES ('\\x00'::bytea, 1, 0) | is refunded and not on record",
                "UPDATE certificate SET cose = (SELECT cose FROM certificate LIMIT 1) | not signed by its key",
                "UPDATE deposit SET institution = CASE institution WHEN 1 THEN 2 ELSE 1 END | an institution it does not name",
                "INSERT INTO honoured SELECT d.hash, d.institution, CASE d.institution WHEN 1 THEN 2 ELSE 1 END, t.cose, d.currency, 1, false"
                        + " FROM deposit d JOIN transfer t ON t.hash = d.hash LIMIT 1 | without its depositor's word",
                "INSERT INTO remit VALUES (1, '\\x00'::bytea, '\\x00'::bytea) | moved 0 times",
                "INSERT INTO posting (debit,credit,currency,amount,reason,reference,booked_at)"
                        + " VALUES ('clearing:1','clearing:2','CNY',5,'remit','00',0) | nobody asked to",
                "INSERT INTO posting (debit,credit,currency,amount,reason,reference,booked_at)"
                        + " VALUES ('clearing:1','clearing:2','CNY',5,'remit back','00',0) | was not due",
                "WITH p AS (INSERT INTO posting (debit,credit,currency,amount,reason,reference,booked_at) VALUES"
                        + " ('clearing:1','clearing:2','CNY',5,'remit','00',0)) INSERT INTO remit VALUES"
                        + " (1, '\\x00'::bytea, '\\x00'::bytea, 705) | is said to be back and is not",
                "INSERT INTO revocation SELECT signer, 1, 'x', 0 FROM signed_transfer LIMIT 1 | without its word",
                "INSERT INTO claim SELECT '\\x00'::bytea, 1, 'a', signer, cose, 0 FROM signed_transfer LIMIT 1"
                        + " | without its word",
                "INSERT INTO bound_key SELECT signer, 1, substr(cose, 1, 33), substr(cose, 1, 16), substr(cose, 1, 64), 0"
                        + " FROM signed_transfer LIMIT 1 | never asked institution 1",
                "UPDATE deposit SET settlement = (SELECT settlement FROM deposit LIMIT 1) | answers another",
                "DELETE FROM deposit WHERE hash IN (SELECT at_parent FROM settled WHERE kind = 'REDEEMED' LIMIT 1)"
                        + " | is redeemed that no deposit handed in",
                "UPDATE netting_position SET gross_in = gross_in + 1, gross_out = gross_out + 1"
                        + " WHERE cycle = 1 | is on record with",
                "UPDATE netting_position SET float_redeemed = float_redeemed + 1 WHERE cycle = 1 | is on record with",
                "UPDATE netting_position SET gross_in = gross_in + 1 WHERE cycle = 1 AND institution = 1"
                        + " | the nets of cycle 1 add up to",
                "DELETE FROM netting_position WHERE cycle = 1 AND institution = 1 | has no position",
                "INSERT INTO netting_position SELECT 1, institution, 'JPY', 0, 0, 1 FROM netting_position WHERE cycle = 1"
                        + " | is on record with 0 JPY in, 0 JPY out, 1 JPY redeemed",
                "UPDATE netting_cycle SET from_posting = from_posting + 1 WHERE number = 1 | does not begin where",
                "UPDATE netting_cycle SET to_posting = to_posting + 1 WHERE number = (SELECT max(number) FROM netting_cycle)"
                        + " | which is none that it takes in",
                "UPDATE netting_cycle SET to_posting = to_posting - 1 WHERE number = (SELECT max(number) FROM netting_cycle)"
                        + " | no cycle closed then",
                "UPDATE posting SET amount = amount + 1 WHERE reason = 'netting' AND reference = 'cycle 1'"
                        + " | to the reserve of",
                "UPDATE posting SET amount = amount + 1 WHERE reason = 'netting' AND reference = 'cycle 1'"
                        + " | in the clearing of",
                "DELETE FROM posting WHERE reason = 'netting' AND reference = 'cycle 1' | cycle 1 leaves",
                "UPDATE posting SET credit = 'reserve:9' WHERE reason = 'netting' AND credit LIKE 'reserve:%' | is netting from",
                "UPDATE posting SET debit = 'clearing:9', credit = 'reserve:9' WHERE reason = 'netting' AND credit LIKE 'reserve:%'"
                        + " | of which it took in nothing",
                "WITH p AS (DELETE FROM netting_position WHERE cycle = (SELECT max(number) FROM netting_cycle))"
                        + " DELETE FROM netting_cycle WHERE number = (SELECT max(number) FROM netting_cycle) | no cycle closed then",
                "UPDATE posting SET reference = 'cycle 9' WHERE reason = 'netting' AND reference = 'cycle 1' | no cycle closed then",
                "INSERT INTO posting (debit,credit,currency,amount,reason,reference,booked_at)"
                        + " VALUES ('clearing:1','reserve:1','CNY',5,'netting','cycle 1',0) | no cycle closed then",
                "DELETE FROM inbox_event WHERE get_byte(body, 1) = 3 | is not told of cycle",
                "UPDATE inbox_event SET body = set_byte(body, length(body) - 1, get_byte(body, length(body) - 1) # 1)"
                        + " WHERE get_byte(body, 1) = 3 | otherwise than it is on record",
            })
    void whatIsAlteredIsSeen(String sql, String seen) throws SQLException {
        Map<String, Object> report = altered(sql);
        assertThat(report).containsEntry("ok", false);
        assertThat(breaches(report)).anyMatch(b -> b.contains(seen));
    }

    /** In a copy of the database, with the triggers that would refuse it out of the way. */
    private static Map<String, Object> altered(String sql) throws SQLException {
        EmbeddedPostgres own = Objects.requireNonNull(postgres);
        try (Connection connection = DriverManager.getConnection(own.jdbcUrl("postgres"));
                Statement statement = connection.createStatement()) {
            statement.execute("DROP DATABASE IF EXISTS altered");
            statement.execute("CREATE DATABASE altered TEMPLATE central");
        }
        try (Connection connection = DriverManager.getConnection(own.jdbcUrl("altered"));
                Statement statement = connection.createStatement()) {
            statement.execute("ALTER TABLE transfer DISABLE TRIGGER USER");
            statement.execute("ALTER TABLE settled DISABLE TRIGGER USER");
            statement.execute("ALTER TABLE posting DISABLE TRIGGER posting_only_grows");
            assertThat(statement.executeUpdate(sql)).isPositive();
        }
        return Audit.run(own.jdbcUrl("altered"), Map.of(), rootKey);
    }

    private static List<String> breaches(Map<String, Object> report) {
        List<String> breaches = new ArrayList<>();
        ((List<?>) report.getOrDefault("breaches", List.of())).forEach(b -> breaches.add(String.valueOf(b)));
        return breaches;
    }
}
