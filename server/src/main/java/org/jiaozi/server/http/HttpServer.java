package org.jiaozi.server.http;

import io.helidon.common.tls.TlsClientAuth;
import io.helidon.common.tls.TlsConfig;
import io.helidon.http.Method;
import io.helidon.webserver.WebServer;
import io.helidon.webserver.WebServerConfig;
import io.helidon.webserver.http.HttpRouting;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.Stream;
import org.jiaozi.core.refusal.Refusal;
import org.jiaozi.server.StartFailure;
import org.jiaozi.server.metrics.Metrics;

/**
 * A running HTTP server on the loopback interface. It adds {@code GET /health} (it runs), {@code GET /ready} (it can do
 * its work) and {@code GET /metrics}, answers every refusal and every fault as a problem body (CBOR to those who sent or accept CBOR, else JSON),
 * and keeps to its {@link Bounds}. It closes in order: who asks from then on is refused with 802, who is under way is
 * waited for.
 */
public final class HttpServer implements AutoCloseable {
    private static final Logger LOG = Logger.getLogger(HttpServer.class.getName());
    private static final String LOOPBACK = "127.0.0.1";

    /** What is still being refused when nothing is under way any more. */
    private static final Duration LAST_REFUSALS = Duration.ofSeconds(2);

    private final WebServer server;
    private final boolean encrypted;
    private final List<String> routes;
    private final Door door;
    private final Patience patience;
    private final Duration grace;

    private HttpServer(
            WebServer server, boolean encrypted, List<String> routes, Door door, Patience patience, Duration grace) {
        this.server = server;
        this.encrypted = encrypted;
        this.routes = routes;
        this.door = door;
        this.patience = patience;
        this.grace = grace;
    }

    /**
     * What a server is, beside its routes.
     *
     * @param bounds what it bears
     * @param ready why it cannot do its work now, if it cannot; asked by anybody, so it costs little and ends soon
     * @param metrics what it counts into, and shows at {@code GET /metrics}
     * @param watchers names in the client certificates of those who may see that
     */
    public record Setup(Bounds bounds, Supplier<Optional<Refusal>> ready, Metrics metrics, List<String> watchers) {

        /** One that counts for itself alone. */
        public Setup(Bounds bounds, Supplier<Optional<Refusal>> ready) {
            this(bounds, ready, new Metrics(), List.of());
        }
    }

    /** Starts a server that is always ready, within the usual bounds for a longest request body. */
    public static HttpServer start(int port, Optional<ServerTls> tls, int maxBodyBytes, List<Route> routes) {
        return start(port, tls, new Setup(Bounds.usual(maxBodyBytes), Optional::empty), routes);
    }

    /**
     * Starts a server and returns once it listens.
     *
     * @param port where to listen on 127.0.0.1; 0 means any free port
     * @param tls how connections are protected; empty means not at all, for a console behind another server only
     * @throws StartFailure in one line where the port is taken
     */
    public static HttpServer start(int port, Optional<ServerTls> tls, Setup setup, List<Route> routes) {
        Bounds bounds = setup.bounds();
        Door door = new Door(bounds.requests(), bounds.heldBytes());
        Metrics metrics = setup.metrics();
        Serving serving = new Serving(door, bounds.bodyBytes(), metrics);
        List<Route> always = List.of(
                Route.get("/health", question -> HttpAnswer.json("{\"status\":\"up\"}")),
                Route.get("/ready", question -> ready(door, setup.ready())),
                Route.get(
                                "/metrics",
                                question -> HttpAnswer.content(
                                        Metrics.TEXT, metrics.text().getBytes(StandardCharsets.UTF_8)))
                        .onlyFor(setup.watchers().toArray(String[]::new)));
        HttpRouting.Builder routing = HttpRouting.builder();
        for (Route route : always) {
            routing.route(
                    Method.create(route.method()),
                    route.path(),
                    (request, response) -> serving.always(route, request, response));
        }
        for (Route route : routes) {
            routing.route(
                    Method.create(route.method()),
                    route.path(),
                    (request, response) -> serving.ifThereIsRoom(route, request, response));
        }
        routing.any(serving::nothing);
        Patience patience = new Patience(bounds.patience(), bounds.idle());
        metrics.gauge("jiaozi.http.requests.under.way", "Requests that are being answered.", door::inside);
        metrics.gauge("jiaozi.http.connections", "Connections that are open.", patience::connections);
        WebServerConfig.Builder config = WebServer.builder()
                .host(LOOPBACK)
                .port(port)
                // Whoever started us decides when and in what order things stop.
                .shutdownHook(false)
                .shutdownGracePeriod(LAST_REFUSALS)
                .maxTcpConnections(bounds.connections())
                // only ours: with a second one to choose from, a connection is looked at before anybody looks after it
                .protocolsDiscoverServices(false)
                .addConnectionSelector(patience)
                .directHandlers(Answers.ofTheLibrary(metrics::refused))
                .routing(routing);
        tls.ifPresent(wanted -> config.tls(TlsConfig.builder()
                .sslContext(wanted.context())
                .clientAuth(clientAuth(wanted.clients()))
                .build()));
        WebServer server = config.build();
        server.start();
        // The library logs what went wrong instead of throwing it.
        if (!server.isRunning()) {
            patience.close();
            throw new StartFailure(
                    "Cannot listen on " + LOOPBACK + ":" + port + ": the port is taken or not permitted.");
        }
        return new HttpServer(
                server,
                tls.isPresent(),
                Stream.concat(always.stream(), routes.stream())
                        .map(r -> r.method() + " " + r.path())
                        .toList(),
                door,
                patience,
                bounds.grace());
    }

    private static HttpAnswer ready(Door door, Supplier<Optional<Refusal>> ready) {
        return (door.isShut() ? Optional.of(Serving.ENDING) : ready.get())
                .map(HttpAnswer::refused)
                .orElseGet(() -> HttpAnswer.json("{\"status\":\"ready\"}"));
    }

    private static TlsClientAuth clientAuth(ServerTls.Clients clients) {
        return switch (clients) {
            case ANYBODY -> TlsClientAuth.NONE;
            case MEMBERS_OR_ANYBODY -> TlsClientAuth.OPTIONAL;
            case MEMBERS_ONLY -> TlsClientAuth.REQUIRED;
        };
    }

    /** Everything it answers, as method and path: what its description must list. */
    public List<String> routes() {
        return routes;
    }

    /** The port that the server listens on. */
    public int port() {
        return server.port();
    }

    /** Where the server answers, without a slash at the end. */
    public String address() {
        return (encrypted ? "https://" : "http://") + LOOPBACK + ":" + port();
    }

    /**
     * Stops in order. It listens until what is under way is through, or the grace is over, so that whoever asks meanwhile is
     * told to come again rather than nothing. Calling it again is fine.
     */
    @Override
    public void close() {
        door.shut();
        try {
            int left = door.empty(grace.toNanos());
            if (left > 0) {
                LOG.log(Level.WARNING, "ends while {0} requests are under way", left);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        server.stop();
        patience.close();
    }
}
