package org.jiaozi.server.institution;

import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.jiaozi.bank.institution.CoreBanking;
import org.jiaozi.core.bulletin.Bulletin;
import org.jiaozi.core.crypto.Sha256;
import org.jiaozi.core.statement.Signed;
import org.jiaozi.core.value.Bytes;
import org.jiaozi.crypto.Entropy;
import org.jiaozi.crypto.Es256Verifier;
import org.jiaozi.crypto.HpkeSealer;
import org.jiaozi.crypto.SystemEntropy;
import org.jiaozi.server.db.Belonging;
import org.jiaozi.server.db.Database;
import org.jiaozi.server.http.HttpAnswer;
import org.jiaozi.server.http.HttpCaller;
import org.jiaozi.server.http.HttpQuestion;
import org.jiaozi.server.http.HttpServer;
import org.jiaozi.server.http.Route;
import org.jiaozi.server.http.ServerTls;
import org.jiaozi.server.metrics.Metrics;
import org.jiaozi.server.tls.TlsIdentity;

/** A running institution. */
public final class InstitutionServer implements AutoCloseable {
    private static final Logger LOG = Logger.getLogger(InstitutionServer.class.getName());
    static final String MIGRATIONS = "classpath:db/institution";

    private static final int POOL = 8;
    private static final Duration READY = Duration.ofSeconds(2);
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private final Database db;
    private final HttpCaller caller;
    private final HttpServer http;
    private final Metrics metrics;
    private final ScheduledExecutorService background;
    private final Optional<DepositLots> lots;

    private InstitutionServer(
            Database db,
            HttpCaller caller,
            HttpServer http,
            Metrics metrics,
            ScheduledExecutorService background,
            Optional<DepositLots> lots) {
        this.db = db;
        this.lots = lots;
        this.caller = caller;
        this.http = http;
        this.metrics = metrics;
        this.background = background;
    }

    /** How an institution keeps its customers' money. */
    @FunctionalInterface
    public interface Banking {
        /** The port, for this database and clock. */
        CoreBanking open(Database db, InstantSource clock);
    }

    /** The name in the connection certificate of an institution's operator. */
    public static String operatorName(String code) {
        return "operator-" + code;
    }

    /** The name in the connection certificate of whoever watches an institution: it may see the metrics, nothing else. */
    public static String monitorName(String code) {
        return "monitor-" + code;
    }

    /** Starts with the built-in accounts. */
    public static InstitutionServer start(InstitutionConfig config) {
        return start(config, BuiltInAccounts::new);
    }

    /**
     * Starts and returns once it answers. What a crash left open is finished in the background, now and at every poll.
     *
     * @throws org.jiaozi.server.StartFailure in one line where something that it needs is missing
     */
    public static InstitutionServer start(InstitutionConfig config, Banking banking) {
        Entropy entropy = new SystemEntropy();
        Metrics metrics = Metrics.ofThisProcess();
        InstitutionKeys keys = InstitutionKeys.openOrCreate(config.dataDir(), entropy);
        TlsIdentity tls = TlsIdentity.load(config.dataDir().resolve("tls"));
        Es256Verifier verifier = new Es256Verifier();
        HttpCaller caller = HttpCaller.create(Optional.of(tls.context()), PATIENCE);
        Membership membership = Joining.join(config, keys, caller, verifier);
        Database db = database(config, membership, verifier, entropy, metrics);
        CentralBank central = new CentralBank(
                caller, config.centralUrl(), membership.key(), keys.signer(), verifier, config.clock(), entropy);
        Bulletins bulletins = new Bulletins(db, central, membership.rootKey(), verifier);
        Office office = new Office(
                membership,
                keys,
                db,
                central,
                bulletins,
                banking.open(db, config.clock()),
                verifier,
                entropy,
                config.clock());
        return new Wiring(office, config, tls, caller, entropy, metrics).start();
    }

    /** The accounts of this institution under this central bank and no other's. */
    private static Database database(
            InstitutionConfig config, Membership membership, Es256Verifier verifier, Entropy entropy, Metrics metrics) {
        Database db = Database.open(config.jdbcUrl(), MIGRATIONS, POOL, Database.Access.LOOKED_UP, metrics);
        try {
            int number = membership.key().institution().number();
            Bytes self = membership.rootKey().compressed().concat(Bytes.of(new byte[] {
                (byte) (number >> 8), (byte) number
            }));
            Belonging.hold(
                    db,
                    config.dataDir(),
                    Sha256.hash(self).bytes().toArray(),
                    entropy.next(Belonging.ID_SIZE).toArray(),
                    handle -> Bulletins.latest(handle)
                            .map(b -> b.verifies(verifier, membership.rootKey()))
                            .orElse(true));
            return db;
        } catch (RuntimeException e) {
            db.close();
            throw e;
        }
    }

    /** Puts the desks together. */
    private static final class Wiring {
        private final Office office;
        private final InstitutionConfig config;
        private final TlsIdentity tls;
        private final HttpCaller caller;
        private final Metrics metrics;
        private final ScheduledExecutorService background = Executors.newSingleThreadScheduledExecutor(
                Thread.ofPlatform().name("institution-background").daemon(true).factory());
        private final WakeUp wakeUp = new WakeUp(background, this::poll);
        private final Outbox outbox;
        private final Suspense suspense;
        private final DebtCollector debts;
        private final Operations operations;
        private final InboxReader inbox;
        private final Notes notes;
        private final Deposits deposits;
        private final Optional<DepositLots> lots;
        private final Remittances remittances;
        private final WalletDesk wallets;

        Wiring(
                Office office,
                InstitutionConfig config,
                TlsIdentity tls,
                HttpCaller caller,
                Entropy entropy,
                Metrics metrics) {
            this.office = office;
            this.config = config;
            this.tls = tls;
            this.caller = caller;
            this.metrics = metrics;
            OperationCounts counts = new OperationCounts(metrics);
            outbox = new Outbox(office, config.webhook());
            suspense = new Suspense(office, outbox);
            debts = new DebtCollector(office);
            operations = new Operations(office, outbox, counts);
            inbox = new InboxReader(
                    office,
                    debts,
                    outbox,
                    operations,
                    new Arrivals(office, suspense),
                    new DepositEvents(office, suspense));
            notes = new Notes(office, operations);
            deposits = new Deposits(office, operations, debts);
            remittances = new Remittances(office, operations);
            Messages messages = new Messages(office);
            // with a banking system elsewhere each step of each deposit is a matter between two systems
            lots = office.banking() instanceof BuiltInAccounts
                    ? Optional.of(new DepositLots(office, operations, outbox, messages, debts, counts))
                    : Optional.empty();
            wallets = new WalletDesk(
                    office,
                    new HpkeSealer(entropy),
                    messages,
                    new Enrolments(office, messages),
                    notes,
                    deposits,
                    lots,
                    remittances,
                    new Devices(office, debts),
                    new Records(office),
                    counts,
                    wakeUp::ask);
        }

        InstitutionServer start() {
            List<Route> routes = new ArrayList<>(new OperatorDesk(office, outbox, suspense).routes());
            routes.add(Route.post("/v1/wallet", wallets::serve));
            routes.add(Route.get("/v1/bulletin", this::bulletin));
            HttpServer http = HttpServer.start(
                    config.port(),
                    Optional.of(new ServerTls(tls.context(), ServerTls.Clients.MEMBERS_OR_ANYBODY)),
                    new HttpServer.Setup(
                            config.bounds(),
                            () -> office.db().ready(READY),
                            metrics,
                            List.of(operatorName(config.code()), monitorName(config.code()))),
                    routes);
            long pause = Math.max(1, config.inboxEvery().toMillis());
            // it ends with the executor; each round reports its own failures
            var _ = background.scheduleWithFixedDelay(this::poll, 0, pause, TimeUnit.MILLISECONDS);
            return new InstitutionServer(office.db(), caller, http, metrics, background, lots);
        }

        private HttpAnswer bulletin(HttpQuestion question) {
            Signed<Bulletin> current = office.bulletins().current();
            long since = question.query("since")
                    .filter(s -> s.matches("[0-9]{1,10}"))
                    .map(Long::parseLong)
                    .orElse(-1L);
            return current.statement().epoch() <= since
                    ? HttpAnswer.done()
                    : HttpAnswer.cbor(current.encode().toArray());
        }

        /** One round of everything that nobody waits for; whatever fails is tried again at the next. */
        private void poll() {
            quietly("bulletin", office.bulletins()::refresh);
            quietly("recovery", this::recover);
            quietly("inbox", inbox::read);
            quietly("suspense", suspense::run);
            quietly("debts", debts::resume);
            quietly("webhooks", outbox::deliver);
        }

        private void recover() {
            List<Operations.Open> open = operations.open();
            List<String> handedIn = open.stream()
                    .filter(o -> o.kind() == Operation.Kind.DEPOSIT)
                    .map(Operations.Open::reference)
                    .toList();
            lots.ifPresent(l -> quietly("deposits", () -> l.finish(handedIn)));
            for (Operations.Open operation : open) {
                Operations.Steps steps = switch (operation.kind()) {
                    case LOAD -> notes::runLoad;
                    case RETURN -> notes::runReturn;
                    case DEPOSIT -> deposits::run;
                    case REMIT -> remittances::run;
                };
                quietly(operation.reference(), () -> operations.resume(operation.reference(), steps));
            }
        }

        private static void quietly(String what, Runnable work) {
            try {
                work.run();
            } catch (RuntimeException e) {
                LOG.log(Level.WARNING, what, e);
            }
        }
    }

    /** Where it answers. */
    public String address() {
        return http.address();
    }

    /** The port it listens on. */
    public int port() {
        return http.port();
    }

    /** Everything it answers, as method and path. */
    public List<String> routes() {
        return http.routes();
    }

    /** Stops in order; calling it again is fine. */
    @Override
    public void close() {
        http.close();
        lots.ifPresent(DepositLots::close);
        background.shutdownNow();
        try {
            if (!background.awaitTermination(10, TimeUnit.SECONDS)) {
                LOG.warning("background work does not end");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        caller.close();
        db.close();
        metrics.close();
    }
}
