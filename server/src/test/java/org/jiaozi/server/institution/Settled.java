package org.jiaozi.server.institution;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Whether everything in a world is finished that anybody began, and read that anybody wrote. */
final class Settled implements AutoCloseable {
    private final Map<String, Connection> databases = new HashMap<>();
    private final Connection central;

    Settled(World world) {
        try {
            central = DriverManager.getConnection(world.centralDatabase);
            for (String bank : List.of("bank-a", "bank-b")) {
                databases.put(bank, DriverManager.getConnection(world.database(bank)));
            }
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    boolean all() {
        return databases.entrySet().stream().allMatch(e -> settled(e.getKey(), e.getValue()));
    }

    private boolean settled(String bank, Connection own) {
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
                                central,
                                "SELECT coalesce(max(e.number), 0) FROM inbox_event e JOIN institution i"
                                        + " ON i.id = e.institution WHERE i.code = '" + bank + "'");
    }

    private static long number(Connection connection, String query) {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(query)) {
            row.next();
            return row.getLong(1);
        } catch (SQLException e) {
            throw new IllegalStateException(query, e);
        }
    }

    @Override
    public void close() {
        try {
            central.close();
            for (Connection each : databases.values()) {
                each.close();
            }
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }
}
