package org.jiaozi.server.db;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import com.zaxxer.hikari.metrics.micrometer.MicrometerMetricsTrackerFactory;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Timer;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Optional;
import java.util.Properties;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.mapper.CaseStrategy;
import org.jdbi.v3.core.mapper.MapMappers;
import org.jdbi.v3.core.statement.StatementExceptions;
import org.jiaozi.core.refusal.Refusal;
import org.jiaozi.core.refusal.RefusalCode;
import org.jiaozi.server.ServiceFault;
import org.jiaozi.server.StartFailure;
import org.jiaozi.server.durable.DurableSteps;
import org.jiaozi.server.metrics.Metrics;
import org.jspecify.annotations.Nullable;

/**
 * One role's database. Every change goes through a transaction of an explicit isolation level; work that the database
 * asks to repeat (serialization failure, deadlock) is repeated a bounded number of times, so the work must change
 * nothing but the database.
 */
public final class Database implements AutoCloseable {
    private static final Logger LOG = Logger.getLogger(Database.class.getName());
    private static final String SCHEME = "jdbc:postgresql:";
    private static final int ATTEMPTS = 12;
    private static final long FIRST_PAUSE_MILLIS = 2;
    private static final long LONGEST_PAUSE_MILLIS = 200;
    private static final long POOL_WAIT_MILLIS = 10_000;
    /** A recovery after a kill replays up to what one checkpoint holds back. */
    private static final long READY_NANOS = 300_000_000_000L;

    private static final long PROBE_PAUSE_MILLIS = 100;
    private static final long FIRST_CONNECTION_MILLIS = 60_000;
    private static final String TIME = "jiaozi.database.transaction.duration";
    private static final String TIME_MEANING =
            "From asking for a connection to the end of a transaction, repeats included.";
    private static final int PULSE_SECONDS = 5;
    private static final String CONNECT_SECONDS = "5";
    private static final String SOCKET_SECONDS = "60";
    /** One that holds the migrations' lock, and one that migrates. */
    private static final int MIGRATING = 2;

    private final HikariDataSource pool;
    private final Jdbi jdbi;
    private final Pulse pulse = new Pulse(this::answersNow);
    private final ScopedValue<Handle> together = ScopedValue.newInstance();

    private final Timer committed;
    private final Timer failed;
    private final Counter repeats;

    private Database(HikariDataSource pool, Metrics metrics) {
        this.pool = pool;
        committed = metrics.timer(TIME, TIME_MEANING, "committed");
        failed = metrics.timer(TIME, TIME_MEANING, "failed");
        repeats =
                metrics.counter("jiaozi.database.repeats", "Transactions run again because others were in their way.");
        this.jdbi = Jdbi.create(pool);
        // what a query calls a column is what its answer calls it
        jdbi.getConfig(MapMappers.class).setCaseChange(CaseStrategy.NOP);
        // a failure is logged, and what it was about is somebody's
        jdbi.getConfig(StatementExceptions.class).setMessageRendering(StatementExceptions.MessageRendering.NONE);
    }

    /** How a database finds what it is asked for. */
    public enum Access {
        /** As its planner thinks best. */
        PLANNED(""),
        /**
         * By index, one look-up for each thing: the planner of a young database, which knows of no rows yet, would read whole
         * tables that have grown since. A statement's plan is made without regard to what it is asked with, so that one that is
         * kept ({@link Bulk}) need not be made again.
         */
        LOOKED_UP("SET enable_seqscan = off; SET enable_hashjoin = off; SET enable_mergejoin = off;"
                + " SET plan_cache_mode = force_generic_plan");

        private final String settings;

        Access(String settings) {
            this.settings = settings;
        }
    }

    /** Connects to a database that plans as it likes, and brings the schema up to date. */
    public static Database open(String jdbcUrl, String migrations, int poolSize) {
        return open(jdbcUrl, migrations, poolSize, Access.PLANNED, new Metrics());
    }

    /**
     * Connects and brings the schema up to date.
     *
     * @param jdbcUrl a {@code jdbc:postgresql:} address; it may carry user and password and is never shown
     * @param migrations where the migrations lie, such as {@code classpath:db/central}
     * @param poolSize the most connections to hold
     * @param access how it finds things
     * @param metrics where it counts
     * @throws StartFailure in one line where the database cannot be reached or its schema does not fit
     */
    public static Database open(String jdbcUrl, String migrations, int poolSize, Access access, Metrics metrics) {
        if (!jdbcUrl.startsWith(SCHEME)) {
            throw new StartFailure("A database address begins with " + SCHEME + "//HOST:PORT/NAME.");
        }
        probe(jdbcUrl);
        HikariConfig config = new HikariConfig();
        config.setJdbcUrl(jdbcUrl);
        config.setPoolName("db-" + shown(jdbcUrl).replaceAll(".*/", ""));
        config.setMaximumPoolSize(poolSize);
        config.setMetricsTrackerFactory(new MicrometerMetricsTrackerFactory(metrics.registry()));
        config.setMinimumIdle(1);
        // so that a transaction of this level, which is nearly each, need not ask for it
        config.setTransactionIsolation("TRANSACTION_SERIALIZABLE");
        config.setConnectionTimeout(POOL_WAIT_MILLIS);
        config.setInitializationFailTimeout(FIRST_CONNECTION_MILLIS);
        config.addDataSourceProperty("connectTimeout", CONNECT_SECONDS);
        config.addDataSourceProperty("loginTimeout", CONNECT_SECONDS);
        config.addDataSourceProperty("socketTimeout", SOCKET_SECONDS);
        if (!access.settings.isEmpty()) {
            config.setConnectionInitSql(access.settings);
        }
        config.addDataSourceProperty("logServerErrorDetail", "false");
        HikariDataSource pool = new HikariDataSource(config);
        try (HikariDataSource patient = patient(jdbcUrl)) {
            Flyway schema = Flyway.configure()
                    .dataSource(patient)
                    .locations(migrations)
                    // A schema newer than this program is not ours to write to.
                    .ignoreMigrationPatterns(new String[0])
                    .failOnMissingLocations(true)
                    .load();
            DurableSteps.pass("schema", schema::migrate);
            return new Database(pool, metrics);
        } catch (FlywayException e) {
            pool.close();
            throw new StartFailure(
                    "The schema of the database at " + shown(jdbcUrl) + " does not fit: " + oneLine(e.getMessage()), e);
        }
    }

    /** Connections whose statements take as long as they take: a migration rewrites what a registry of years holds. */
    private static HikariDataSource patient(String jdbcUrl) {
        HikariConfig config = new HikariConfig();
        config.setJdbcUrl(jdbcUrl);
        config.setPoolName("migration");
        config.setMaximumPoolSize(MIGRATING);
        config.setMinimumIdle(0);
        config.setConnectionTimeout(POOL_WAIT_MILLIS);
        config.addDataSourceProperty("connectTimeout", CONNECT_SECONDS);
        config.addDataSourceProperty("loginTimeout", CONNECT_SECONDS);
        config.addDataSourceProperty("logServerErrorDetail", "false");
        return new HikariDataSource(config);
    }

    /** A server that is there but recovers, or is too busy to answer in time, is waited for. */
    private static void probe(String jdbcUrl) {
        Properties properties = new Properties();
        properties.setProperty("connectTimeout", CONNECT_SECONDS);
        properties.setProperty("loginTimeout", CONNECT_SECONDS);
        long begin = System.nanoTime();
        for (int attempt = 1; ; attempt++) {
            try (Connection connection = DriverManager.getConnection(jdbcUrl, properties)) {
                if (!connection.isValid(5)) {
                    throw new StartFailure("The database at " + shown(jdbcUrl) + " does not answer.");
                }
                return;
            } catch (SQLException e) {
                String said = shown(jdbcUrl) + ": " + oneLine(e.getMessage());
                if (!SqlState.saysNotYet(e) || System.nanoTime() - begin > READY_NANOS) {
                    throw new StartFailure("Cannot use the database at " + said, e);
                }
                if (attempt == 1) {
                    LOG.log(Level.WARNING, "waiting for the database at {0}", said);
                }
                rest();
            }
        }
    }

    private static void rest() {
        try {
            Thread.sleep(PROBE_PAUSE_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new StartFailure("Interrupted while waiting for the database.", e);
        }
    }

    /** The address without whatever may hold a password. */
    private static String shown(String jdbcUrl) {
        return jdbcUrl.substring(SCHEME.length()).replaceAll("[?].*", "").replaceAll("^//([^/@]*@)?", "");
    }

    private static String oneLine(@Nullable String message) {
        return message == null ? "no message" : message.strip().replaceAll("\\s*\\R\\s*", " ");
    }

    /**
     * Runs work in a serializable transaction: as if no other ran beside it. The level for everything that moves money.
     */
    public <T extends @Nullable Object> T serializable(Function<Handle, T> work) {
        return transaction("commit", work);
    }

    /**
     * The same under a name of its own as a durable step, where one method makes changes of several kinds.
     *
     * @param what a word for what is changed; several joined by {@code +} where one transaction makes changes of several kinds
     */
    public <T extends @Nullable Object> T serializable(String what, Function<Handle, T> work) {
        return transaction("commit " + what, work);
    }

    /** As {@link #serializable(Function)}, for work without a result. */
    public void useSerializable(Consumer<Handle> work) {
        serializable(handle -> {
            work.accept(handle);
            return true;
        });
    }

    /** Runs reads that see one unchanging state of the database; a write in it fails. */
    public <T extends @Nullable Object> T snapshot(Function<Handle, T> work) {
        if (together.isBound()) {
            return work.apply(together.get());
        }
        return transaction("snapshot", handle -> {
            handle.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY");
            return work.apply(handle);
        });
    }

    /**
     * Makes one serializable transaction of all that this thread changes and looks up in {@code work}, which may run more than
     * once: none of it is durable before all of it is. For what is put on record many at a time; where somebody is told of a
     * step before the next one, each step is a transaction of its own.
     */
    public <T extends @Nullable Object> T together(Supplier<T> work) {
        return serializable(handle -> ScopedValue.where(together, handle).call(work::get));
    }

    /**
     * Runs work in one transaction that commits when it returns and rolls back when it throws. Where the database asks
     * for it, the whole work runs again.
     *
     * @throws ServiceFault 802 after too many repetitions, 803 where the disk is full, 801 where the database is away;
     *     in the last case the outcome of a commit is unknown, so callers repeat with the same idempotency key
     */
    private <T extends @Nullable Object> T transaction(String what, Function<Handle, T> work) {
        if (together.isBound()) {
            return work.apply(together.get());
        }
        long begin = System.nanoTime();
        boolean excluded = false;
        for (int attempt = 1; ; attempt++) {
            try {
                T done = committed(what, work);
                committed.record(System.nanoTime() - begin, TimeUnit.NANOSECONDS);
                return done;
            } catch (RuntimeException e) {
                boolean excludes = SqlState.excludes(e);
                boolean again = SqlState.asksForRetry(e) || (excludes && !excluded);
                excluded |= excludes;
                if (!again || attempt == ATTEMPTS) {
                    failed.record(System.nanoTime() - begin, TimeUnit.NANOSECONDS);
                }
                if (!again) {
                    throw explained(e);
                }
                repeats.increment();
                if (attempt == ATTEMPTS) {
                    throw new ServiceFault(RefusalCode.BUSY, "too many transactions want the same rows", e);
                }
                pause(attempt);
            }
        }
    }

    /** A transaction that wrote nothing is no durable step; what it wrote only the database knows. */
    private <T extends @Nullable Object> T committed(String what, Function<Handle, T> work) {
        AtomicBoolean wrote = new AtomicBoolean();
        T done = jdbi.inTransaction(handle -> {
            T made = work.apply(handle);
            if (DurableSteps.watched() && writes(handle)) {
                wrote.set(true);
                DurableSteps.before(what, () -> letGo(handle));
            }
            return made;
        });
        if (wrote.get()) {
            DurableSteps.after(what);
        }
        return done;
    }

    private static boolean writes(Handle handle) {
        return handle.createQuery("SELECT pg_current_xact_id_if_assigned() IS NOT NULL")
                .mapTo(Boolean.class)
                .one();
    }

    /** What the end of the process makes of an open transaction. */
    private static void letGo(Handle handle) {
        handle.rollback();
        try {
            handle.getConnection().close();
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    private static RuntimeException explained(RuntimeException e) {
        if (SqlState.of(e).filter(SqlState.DISK_FULL::equals).isPresent()) {
            return new ServiceFault(RefusalCode.STORAGE_FULL, "the database has no room left", e);
        }
        if (SqlState.saysUnavailable(e)) {
            return new ServiceFault(RefusalCode.UNREACHABLE, "the database does not answer", e);
        }
        return e;
    }

    /** Waits a random, growing while, so that those who collided do not collide again in step. */
    private static void pause(int attempt) {
        long most = Math.min(LONGEST_PAUSE_MILLIS, FIRST_PAUSE_MILLIS << attempt);
        try {
            Thread.sleep(ThreadLocalRandom.current().nextLong(most) + 1);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ServiceFault(RefusalCode.BUSY, "interrupted while waiting to repeat", e);
        }
    }

    /**
     * Whether the database answers within so long, and has a connection for who asks.
     *
     * @return 801 where not
     */
    public Optional<Refusal> ready(Duration patience) {
        return pulse.beats(patience)
                ? Optional.empty()
                : Optional.of(new Refusal(RefusalCode.UNREACHABLE, "the database does not answer"));
    }

    private boolean answersNow() {
        try (Connection connection = pool.getConnection()) {
            return connection.isValid(PULSE_SECONDS);
        } catch (SQLException e) {
            return false;
        }
    }

    /** Closes all connections. */
    @Override
    public void close() {
        pool.close();
    }
}
