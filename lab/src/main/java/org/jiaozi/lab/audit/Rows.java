package org.jiaozi.lab.audit;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jiaozi.core.value.Bytes;

/** One database as it stood at one moment, read and never written. Not thread-safe. */
final class Rows implements AutoCloseable {
    private static final int AT_ONCE = 10_000;

    private final Connection connection;

    /** Makes something of one row. */
    interface Reader<T> {
        T read(Row row) throws SQLException;
    }

    /** One row's columns by name. */
    record Row(ResultSet columns) {
        long number(String column) throws SQLException {
            return columns.getLong(column);
        }

        boolean flag(String column) throws SQLException {
            return columns.getBoolean(column);
        }

        String text(String column) throws SQLException {
            return columns.getString(column);
        }

        Bytes bytes(String column) throws SQLException {
            byte[] value = columns.getBytes(column);
            return value == null ? Bytes.EMPTY : Bytes.of(value);
        }

        String hex(String column) throws SQLException {
            return bytes(column).hex();
        }
    }

    private Rows(Connection connection) {
        this.connection = connection;
    }

    /** Opens a snapshot of the database at {@code jdbcUrl}. */
    static Rows open(String jdbcUrl) throws SQLException {
        Connection connection = DriverManager.getConnection(jdbcUrl);
        connection.setReadOnly(true);
        connection.setAutoCommit(false);
        connection.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
        return new Rows(connection);
    }

    <T> List<T> all(String sql, Reader<T> reader) throws SQLException {
        List<T> found = new ArrayList<>();
        each(sql, reader, found::add);
        return found;
    }

    /** One row after the other, of which few are in memory at a time. */
    <T> void each(String sql, Reader<T> reader, Consumer<T> taken) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setFetchSize(AT_ONCE);
            try (ResultSet columns = statement.executeQuery()) {
                while (columns.next()) {
                    taken.accept(reader.read(new Row(columns)));
                }
            }
        }
    }

    @Override
    public void close() throws SQLException {
        connection.close();
    }
}
