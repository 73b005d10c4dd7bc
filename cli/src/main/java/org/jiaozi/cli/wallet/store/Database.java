package org.jiaozi.cli.wallet.store;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jiaozi.core.refusal.RefusalCode;
import org.jiaozi.core.value.Bytes;
import org.jiaozi.core.value.Nonce;
import org.jiaozi.server.durable.DurableSteps;
import org.jiaozi.wallet.host.WalletRows;

/**
 * The tables of one wallet in SQLite. Every commit is on the disk when it returns: write-ahead log, {@code synchronous =
 * FULL}. Callers hold the directory's lock.
 */
final class Database implements AutoCloseable {
    static final String FILE = "wallet.db";
    private static final long FORMAT = 1;
    private static final String[] TABLES = {
        "CREATE TABLE row (kind INTEGER NOT NULL, key BLOB NOT NULL, value BLOB NOT NULL, PRIMARY KEY (kind, key))"
                + " WITHOUT ROWID",
        "CREATE TABLE meta (name TEXT PRIMARY KEY, value BLOB NOT NULL) WITHOUT ROWID",
        "CREATE TABLE outgoing (n INTEGER PRIMARY KEY AUTOINCREMENT, id BLOB NOT NULL UNIQUE, message BLOB NOT NULL)",
        "CREATE TABLE history (n INTEGER PRIMARY KEY AUTOINCREMENT, at INTEGER NOT NULL, what TEXT NOT NULL,"
                + " minor INTEGER NOT NULL, text TEXT NOT NULL)",
    };

    private final Connection connection;

    private Database(Connection connection) {
        this.connection = connection;
    }

    /** Opens the database of a directory, with its tables. */
    static Database open(Path directory) {
        try {
            Connection connection = DriverManager.getConnection(
                    "jdbc:sqlite:" + directory.toAbsolutePath().resolve(FILE));
            try {
                try (Statement statement = connection.createStatement()) {
                    statement.execute("PRAGMA locking_mode = EXCLUSIVE");
                    statement.execute("PRAGMA journal_mode = WAL");
                    statement.execute("PRAGMA synchronous = FULL");
                }
                connection.setAutoCommit(false);
                tables(connection);
                return new Database(connection);
            } catch (SQLException | StoreException e) {
                connection.close();
                throw e;
            }
        } catch (SQLException e) {
            throw StoreException.of(e);
        }
    }

    private static void tables(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            long format;
            try (ResultSet result = statement.executeQuery("PRAGMA user_version")) {
                format = result.getLong(1);
            }
            if (format > FORMAT) {
                throw new StoreException(
                        RefusalCode.UNKNOWN_TYPE, "a wallet of format " + format + ": take a later version");
            }
            if (format == 0) {
                for (String table : TABLES) {
                    statement.execute(table);
                }
                statement.execute("PRAGMA user_version = " + FORMAT);
                DurableSteps.pass("commit", connection::commit);
                return;
            }
        }
        connection.rollback();
    }

    /** The wallet's rows. */
    SortedMap<WalletRows.Row, Bytes> rows() {
        SortedMap<WalletRows.Row, Bytes> rows = new TreeMap<>();
        query("SELECT kind, key, value FROM row", r -> {
            WalletRows.Kind kind = WalletRows.Kind.of(r.getInt(1));
            rows.put(new WalletRows.Row(kind, Bytes.of(r.getBytes(2))), Bytes.of(r.getBytes(3)));
        });
        return rows;
    }

    Map<String, Bytes> meta() {
        Map<String, Bytes> meta = new LinkedHashMap<>();
        query("SELECT name, value FROM meta", r -> meta.put(r.getString(1), Bytes.of(r.getBytes(2))));
        return meta;
    }

    /** Messages not answered yet, oldest first. */
    List<Bytes> outgoing() {
        List<Bytes> messages = new ArrayList<>();
        query("SELECT message FROM outgoing ORDER BY n", r -> messages.add(Bytes.of(r.getBytes(1))));
        return messages;
    }

    /** Newest first. */
    List<Change.Line> history() {
        List<Change.Line> lines = new ArrayList<>();
        query(
                "SELECT at, what, minor, text FROM history ORDER BY n DESC",
                r -> lines.add(new Change.Line(r.getLong(1), r.getString(2), r.getLong(3), r.getString(4))));
        return lines;
    }

    private interface Reader {
        void read(ResultSet row) throws SQLException;
    }

    private void query(String sql, Reader reader) {
        try (Statement statement = connection.createStatement();
                ResultSet result = statement.executeQuery(sql)) {
            while (result.next()) {
                reader.read(result);
            }
        } catch (SQLException e) {
            throw StoreException.of(e);
        }
    }

    /** All of it or nothing. */
    void write(List<WalletRows.Change> rows, Change change) {
        try {
            try {
                rows(rows);
                meta(change.meta);
                outgoing(change.outgoing);
                history(change.history);
                DurableSteps.pass("commit", connection::commit);
            } catch (SQLException e) {
                undo(e);
                throw e;
            }
        } catch (SQLException e) {
            throw StoreException.of(e);
        }
    }

    /**
     * On a full disk SQLite has rolled back by itself, and says so here; the cause is the one to tell. The driver does not begin
     * again then, and whatever is written without that is not one transaction.
     */
    private void undo(SQLException cause) {
        try {
            connection.rollback();
        } catch (SQLException e) {
            cause.addSuppressed(e);
            begin(cause);
        }
    }

    private void begin(SQLException cause) {
        try (Statement statement = connection.createStatement()) {
            statement.execute("BEGIN");
        } catch (SQLException e) {
            cause.addSuppressed(e);
        }
    }

    private void rows(List<WalletRows.Change> changes) throws SQLException {
        for (WalletRows.Change change : changes) {
            int kind = change.row().kind().number();
            byte[] key = change.row().key().toArray();
            if (change.value().isPresent()) {
                update(
                        "INSERT OR REPLACE INTO row VALUES (?, ?, ?)",
                        kind,
                        key,
                        blob(change.value().get()));
            } else {
                update("DELETE FROM row WHERE kind = ? AND key = ?", kind, key);
            }
        }
    }

    private void meta(Map<String, Optional<Bytes>> values) throws SQLException {
        for (Map.Entry<String, Optional<Bytes>> e : values.entrySet()) {
            if (e.getValue().isPresent()) {
                update(
                        "INSERT OR REPLACE INTO meta VALUES (?, ?)",
                        e.getKey(),
                        blob(e.getValue().get()));
            } else {
                update("DELETE FROM meta WHERE name = ?", e.getKey());
            }
        }
    }

    private void outgoing(Map<Nonce, Optional<Bytes>> messages) throws SQLException {
        for (Map.Entry<Nonce, Optional<Bytes>> e : messages.entrySet()) {
            byte[] id = blob(e.getKey().bytes());
            if (e.getValue().isPresent()) {
                update(
                        "INSERT INTO outgoing (id, message) VALUES (?, ?)",
                        id,
                        blob(e.getValue().get()));
            } else {
                update("DELETE FROM outgoing WHERE id = ?", (Object) id);
            }
        }
    }

    private void history(List<Change.Line> lines) throws SQLException {
        for (Change.Line line : lines) {
            update(
                    "INSERT INTO history (at, what, minor, text) VALUES (?, ?, ?, ?)",
                    line.at(),
                    line.what(),
                    line.minor(),
                    line.text());
        }
    }

    private void update(String sql, Object... values) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            for (int i = 0; i < values.length; i++) {
                statement.setObject(i + 1, values[i]);
            }
            statement.executeUpdate();
        }
    }

    private static byte[] blob(Bytes bytes) {
        return bytes.toArray();
    }

    static Bytes text(String text) {
        return Bytes.of(text.getBytes(StandardCharsets.UTF_8));
    }

    static String text(Bytes bytes) {
        return new String(bytes.toArray(), StandardCharsets.UTF_8);
    }

    @Override
    public void close() {
        try {
            DurableSteps.pass("checkpoint", connection::close);
        } catch (SQLException e) {
            // every commit is on the disk already
            return;
        }
    }
}
