package org.jiaozi.server.db;

import java.net.SocketTimeoutException;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.postgresql.util.PSQLException;
import org.postgresql.util.ServerErrorMessage;

/** PostgreSQL's five-character answers that code acts upon, and how to find them in what a library threw. */
public final class SqlState {
    /** Two transactions could not have run one after the other: run this one again. */
    public static final String SERIALIZATION_FAILURE = "40001";
    /** Two transactions waited for each other: run this one again. */
    public static final String DEADLOCK = "40P01";
    /** A unique key exists already. */
    public static final String UNIQUE_VIOLATION = "23505";
    /** An exclusion constraint, such as "no two redeemed ranges of one note overlap". */
    public static final String EXCLUSION_VIOLATION = "23P01";
    /** A check constraint, such as "a booking balances". */
    public static final String CHECK_VIOLATION = "23514";
    /** No room on the disk. */
    public static final String DISK_FULL = "53100";

    /** The server starts, recovers or stops. */
    private static final String CANNOT_CONNECT_NOW = "57P03";
    /** No connection; without a cause it is the driver that waited in vain. */
    private static final String CONNECTION_NOT_MADE = "08001";

    private SqlState() {}

    /** The state that the database gave, if a database error is what lies under this exception. */
    public static Optional<String> of(Throwable thrown) {
        return sql(thrown).map(SQLException::getSQLState);
    }

    /** True where the database refused because of this constraint. */
    public static boolean violates(Throwable thrown, String constraint) {
        return sql(thrown)
                .filter(PSQLException.class::isInstance)
                .map(PSQLException.class::cast)
                .map(PSQLException::getServerErrorMessage)
                .map(ServerErrorMessage::getConstraint)
                .filter(constraint::equals)
                .isPresent();
    }

    static boolean asksForRetry(Throwable thrown) {
        String state = of(thrown).orElse("");
        return state.equals(SERIALIZATION_FAILURE) || state.equals(DEADLOCK);
    }

    /**
     * Two transactions may have written the same: of an exclusion constraint PostgreSQL says that it is violated where it says of a
     * unique key that they could not have run one after the other. Run again, a transaction sees what the other one wrote. What a
     * trigger refuses names no table; it has seen what there is, and running it again could only hide a fault.
     */
    static boolean excludes(Throwable thrown) {
        return sql(thrown)
                .filter(e -> EXCLUSION_VIOLATION.equals(e.getSQLState()))
                .filter(PSQLException.class::isInstance)
                .map(PSQLException.class::cast)
                .map(PSQLException::getServerErrorMessage)
                .map(ServerErrorMessage::getTable)
                .isPresent();
    }

    /** Connection exceptions, a server shutting down or starting, and a pool that got no connection in time. */
    static boolean saysUnavailable(Throwable thrown) {
        Optional<SQLException> found = sql(thrown);
        String state = found.map(SQLException::getSQLState).orElse("");
        return state.startsWith("08")
                || state.startsWith("57P0")
                || found.filter(SQLTransientConnectionException.class::isInstance)
                        .isPresent();
    }

    /** A server that is there and starts or recovers, or one that did not answer in time; not one that is not there. */
    static boolean saysNotYet(SQLException thrown) {
        return CANNOT_CONNECT_NOW.equals(thrown.getSQLState())
                || thrown.getCause() instanceof SocketTimeoutException
                || (thrown instanceof PSQLException
                        && CONNECTION_NOT_MADE.equals(thrown.getSQLState())
                        && thrown.getCause() == null);
    }

    private static Optional<SQLException> sql(Throwable thrown) {
        for (@Nullable Throwable cause = thrown; cause != null; cause = cause.getCause()) {
            if (cause instanceof SQLException e) {
                return Optional.of(e);
            }
        }
        return Optional.empty();
    }
}
