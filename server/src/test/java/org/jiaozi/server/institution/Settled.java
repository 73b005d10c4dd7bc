package org.jiaozi.server.institution;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.Stream;

/** Whether everything in a world is finished that anybody began, and read that anybody wrote. */
final class Settled implements AutoCloseable {
    private final World world;
    private final Map<String, Connection> open = new HashMap<>();

    Settled(World world) {
        this.world = world;
    }

    boolean all() {
        return Stream.of("bank-a", "bank-b").allMatch(this::settled);
    }

    private boolean settled(String bank) {
        String own = world.database(bank);
        return number(
                                own,
                                "SELECT (SELECT count(*) FROM operation WHERE done_at IS NULL)"
                                        + " + (SELECT count(*) FROM outbox WHERE sent_at IS NULL)"
                                        + " + (SELECT count(*) FROM suspense WHERE state IN ('RETURNING', 'PAYING'))"
                                        + " + (SELECT count(*) FROM debt WHERE pending > 0"
                                        + " OR (reported < recovered AND length(cause) = 32))")
                        == 0
                && number(own, "SELECT coalesce(max(number), 0) FROM inbox")
                        == number(
                                world.centralDatabase,
                                "SELECT coalesce(max(e.number), 0) FROM inbox_event e JOIN institution i"
                                        + " ON i.id = e.institution WHERE i.code = '" + bank + "'");
    }

    private long number(String database, String query) {
        try {
            return ask(database, query);
        } catch (SQLException e) {
            // it may have been killed since it was last asked
            open.remove(database);
        }
        try {
            return ask(database, query);
        } catch (SQLException e) {
            throw new IllegalStateException(query, e);
        }
    }

    private long ask(String database, String query) throws SQLException {
        Connection connection = open.get(database);
        if (connection == null) {
            connection = DriverManager.getConnection(database);
            open.put(database, connection);
        }
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(query)) {
            row.next();
            return row.getLong(1);
        }
    }

    @Override
    public void close() {
        try {
            for (Connection each : open.values()) {
                each.close();
            }
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }
}
