package org.jiaozi.server.db;

import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.Query;
import org.jdbi.v3.core.statement.SqlStatement;
import org.jdbi.v3.core.statement.StatementContext;
import org.jdbi.v3.core.statement.StatementCustomizer;
import org.jdbi.v3.core.statement.Update;
import org.jiaozi.core.value.Bytes;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGStatement;

/**
 * Rows for one statement, handed over as an array for each column: what costs most of a row is its own statement. The
 * statement reads them from {@code v}, in their order by {@code v.place}. They are taken out of all arrays in step: as a function in
 * {@code FROM} each array would be put down in a store of its own first.
 */
public final class Bulk {
    private static final StatementCustomizer PLANNED_ANEW = new StatementCustomizer() {
        @Override
        public void beforeExecution(PreparedStatement statement, StatementContext context) throws SQLException {
            statement.unwrap(PGStatement.class).setPrepareThreshold(0);
        }
    };

    private final String sql;
    private final List<String> types = new ArrayList<>();
    private final List<List<@Nullable Object>> columns = new ArrayList<>();
    private int rows;

    /**
     * What is written where the rows' columns go into a table as they are.
     *
     * @param columns each a name and a type, such as {@code seq bigint}
     */
    public static Bulk into(String table, String suffix, String... columns) {
        List<String> names =
                Arrays.stream(columns).map(c -> c.substring(0, c.indexOf(' '))).toList();
        String all = String.join(", ", names);
        return new Bulk(
                "INSERT INTO " + table + " (" + all + ") SELECT " + all + " FROM %s ORDER BY place " + suffix, columns);
    }

    /** A statement with {@code %s} where it reads its rows, as a table {@code v} of {@code columns} and {@code place}. */
    public Bulk(String statement, String... columns) {
        List<String> names = new ArrayList<>();
        for (String column : columns) {
            int space = column.indexOf(' ');
            names.add(column.substring(0, space));
            types.add(column.substring(space + 1));
            this.columns.add(new ArrayList<>());
        }
        String arrays = IntStream.range(0, names.size())
                .mapToObj(i -> "unnest(?::" + types.get(i) + "[]) AS \"" + names.get(i) + "\"")
                .collect(Collectors.joining(", "));
        sql = statement.replace("%s", "(SELECT " + arrays + ", generate_series(1, ?) AS place) AS v");
    }

    /** One row more. */
    public void add(@Nullable Object... values) {
        if (values.length != columns.size()) {
            throw new IllegalArgumentException(values.length + " values for " + sql);
        }
        for (int i = 0; i < values.length; i++) {
            columns.get(i).add(values[i] instanceof Bytes bytes ? bytes.toArray() : values[i]);
        }
        rows++;
    }

    /**
     * Gives a statement the rows so far. What joins them with a table is planned each time: a plan that was made when there was next to
     * nothing in it would read the whole of a full one. What is only put into a table goes by the same plan ever after.
     */
    private void bind(SqlStatement<?> statement) {
        if (!sql.startsWith("INSERT")) {
            statement.addCustomizer(PLANNED_ANEW);
        }
        for (int i = 0; i < types.size(); i++) {
            Object[] values = array(types.get(i), columns.get(i));
            statement.bind(i, (position, prepared, context) -> prepared.setObject(position, values));
        }
        statement.bind(types.size(), rows);
    }

    /** An array as the driver knows them. */
    private static Object[] array(String type, List<@Nullable Object> values) {
        return switch (type) {
            case "bytea" -> values.toArray(byte[][]::new);
            case "bigint" -> values.toArray(Long[]::new);
            case "integer" -> values.toArray(Integer[]::new);
            case "text" -> values.toArray(String[]::new);
            case "boolean" -> values.toArray(Boolean[]::new);
            default -> throw new IllegalArgumentException(type);
        };
    }

    /** Executes the statement over the rows so far, if there are any, and forgets them. */
    public int run(Handle handle) {
        if (rows == 0) {
            return 0;
        }
        try (Update update = handle.createUpdate(sql)) {
            bind(update);
            return update.execute();
        } finally {
            columns.forEach(List::clear);
            rows = 0;
        }
    }

    /** The same where each row must have made one. */
    public void runEach(Handle handle) {
        int due = rows;
        int made = run(handle);
        if (made != due) {
            throw new IllegalStateException(made + " rows instead of " + due + ": " + sql);
        }
    }

    /** Takes one row of an answer. */
    @FunctionalInterface
    public interface Taken {
        void row(ResultSet row) throws SQLException;
    }

    /** What the statement answers over the rows so far, if there are any. */
    public void each(Handle handle, Taken taken) {
        if (rows == 0) {
            return;
        }
        try (Query query = handle.createQuery(sql)) {
            bind(query);
            query.map((row, context) -> {
                        taken.row(row);
                        return true;
                    })
                    .forEach(done -> {});
        }
    }
}
