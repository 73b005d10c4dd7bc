package org.jiaozi.server.http;

import io.helidon.common.tls.TlsClientAuth;
import io.helidon.common.tls.TlsConfig;
import io.helidon.http.DirectHandler;
import io.helidon.http.HeaderNames;
import io.helidon.http.Method;
import io.helidon.http.Status;
import io.helidon.webserver.WebServer;
import io.helidon.webserver.WebServerConfig;
import io.helidon.webserver.http.DirectHandlers;
import io.helidon.webserver.http.HttpRouting;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.io.IOException;
import java.io.InputStream;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.Stream;
import org.jiaozi.core.refusal.Refusal;
import org.jiaozi.core.refusal.RefusalCode;
import org.jiaozi.server.ServiceFault;
import org.jiaozi.server.StartFailure;
import org.jiaozi.server.tls.TlsIdentity;

/**
 * A running HTTP server on the loopback interface. It adds {@code GET /health}, answers every refusal and every fault as
 * a problem body (CBOR to those who sent or accept CBOR, else JSON), and closes in order: no new connections, a grace
 * period for running requests.
 */
public final class HttpServer implements AutoCloseable {
    private static final Logger LOG = Logger.getLogger(HttpServer.class.getName());
    private static final String LOOPBACK = "127.0.0.1";
    private static final Duration GRACE = Duration.ofSeconds(5);
    private static final Duration IDLE = Duration.ofSeconds(60);

    private final WebServer server;
    private final boolean encrypted;
    private final List<String> routes;

    private HttpServer(WebServer server, boolean encrypted, List<String> routes) {
        this.server = server;
        this.encrypted = encrypted;
        this.routes = routes;
    }

    /**
     * Starts a server and returns once it listens.
     *
     * @param port where to listen on 127.0.0.1; 0 means any free port
     * @param tls how connections are protected; empty means not at all, for a console behind another server only
     * @param maxBodyBytes the longest request body; a longer one is refused with 109
     * @throws StartFailure in one line where the port is taken
     */
    public static HttpServer start(int port, Optional<ServerTls> tls, int maxBodyBytes, List<Route> routes) {
        HttpRouting.Builder routing = HttpRouting.builder();
        routing.get("/health", (request, response) -> send(response, HttpAnswer.json("{\"status\":\"up\"}"), false));
        for (Route route : routes) {
            routing.route(
                    Method.create(route.method()),
                    route.path(),
                    (request, response) -> serve(route, request, response, maxBodyBytes));
        }
        routing.any((request, response) -> send(
                response,
                HttpAnswer.refused(RefusalCode.UNKNOWN_TYPE, "nothing answers at this address"),
                speaksCbor(request)));
        WebServerConfig.Builder config = WebServer.builder()
                .host(LOOPBACK)
                .port(port)
                // Whoever started us decides when and in what order things stop.
                .shutdownHook(false)
                .shutdownGracePeriod(GRACE)
                .idleConnectionTimeout(IDLE)
                .directHandlers(refusals())
                .routing(routing);
        tls.ifPresent(wanted -> config.tls(TlsConfig.builder()
                .sslContext(wanted.context())
                .clientAuth(clientAuth(wanted.clients()))
                .build()));
        WebServer server = config.build();
        server.start();
        // The library logs what went wrong instead of throwing it.
        if (!server.isRunning()) {
            throw new StartFailure(
                    "Cannot listen on " + LOOPBACK + ":" + port + ": the port is taken or not permitted.");
        }
        return new HttpServer(
                server,
                tls.isPresent(),
                Stream.concat(Stream.of("GET /health"), routes.stream().map(r -> r.method() + " " + r.path()))
                        .toList());
    }

    private static TlsClientAuth clientAuth(ServerTls.Clients clients) {
        return switch (clients) {
            case ANYBODY -> TlsClientAuth.NONE;
            case MEMBERS_OR_ANYBODY -> TlsClientAuth.OPTIONAL;
            case MEMBERS_ONLY -> TlsClientAuth.REQUIRED;
        };
    }

    private static void serve(Route route, ServerRequest request, ServerResponse response, int maxBodyBytes) {
        boolean cbor = speaksCbor(request);
        HttpAnswer answer;
        try {
            Optional<byte[]> body = body(request, maxBodyBytes);
            if (body.isPresent()) {
                answer = route.handler().apply(question(route, request, body.get()));
            } else {
                answer = HttpAnswer.refused(RefusalCode.TOO_LARGE, "at most " + maxBodyBytes + " bytes");
                // The rest of the body is still on its way; the connection ends rather than read it.
                response.header(HeaderNames.CONNECTION, "close");
            }
        } catch (ServiceFault fault) {
            LOG.log(Level.WARNING, route.method() + " " + route.path(), fault);
            answer = HttpAnswer.refused(fault.refusal());
        } catch (RuntimeException bug) {
            LOG.log(Level.SEVERE, route.method() + " " + route.path(), bug);
            answer = HttpAnswer.refused(RefusalCode.INTERNAL, "");
        }
        send(response, answer, cbor);
    }

    private static HttpQuestion question(Route route, ServerRequest request, byte[] body) {
        Map<String, String> parameters = new HashMap<>();
        for (String name : request.path().pathParameters().names()) {
            parameters.put(name, request.path().pathParameters().get(name));
        }
        return new HttpQuestion(
                route.method(),
                request.path().path(),
                parameters,
                name -> request.query().first(name).asOptional(),
                name -> request.headers().first(HeaderNames.create(name)),
                peer(request),
                body);
    }

    /** The whole body, or nothing where it exceeds the bound; never holds more than the bound in memory. */
    private static Optional<byte[]> body(ServerRequest request, int maxBodyBytes) {
        if (!request.content().hasEntity()) {
            return Optional.of(new byte[0]);
        }
        if (request.headers().contentLength().orElse(0) > maxBodyBytes) {
            return Optional.empty();
        }
        try (InputStream input = request.content().inputStream()) {
            byte[] read = input.readNBytes(maxBodyBytes + 1);
            return read.length > maxBodyBytes ? Optional.empty() : Optional.of(read);
        } catch (IOException | RuntimeException e) {
            // killed, or cut off: no bug here, and perhaps nobody to hear the answer
            throw new ServiceFault(RefusalCode.UNREACHABLE, "who asks stops in the middle", e);
        }
    }

    private static Optional<String> peer(ServerRequest request) {
        Optional<Certificate[]> chain = request.remotePeer().tlsCertificates();
        return chain.filter(certificates -> certificates.length > 0)
                .map(certificates -> TlsIdentity.nameOf((X509Certificate) certificates[0]));
    }

    private static boolean speaksCbor(ServerRequest request) {
        return names(request, "Content-Type", MediaType.CBOR) || names(request, "Accept", MediaType.CBOR);
    }

    private static boolean names(ServerRequest request, String header, String type) {
        return request.headers()
                .first(HeaderNames.create(header))
                .filter(value -> value.contains(type))
                .isPresent();
    }

    private static void send(ServerResponse response, HttpAnswer answer, boolean cbor) {
        switch (answer) {
            case HttpAnswer.Content content -> {
                response.status(Status.create(content.status()));
                if (content.body().length > 0) {
                    response.header(HeaderNames.CONTENT_TYPE, content.type());
                }
                response.send(content.body());
            }
            case HttpAnswer.Refused(Refusal refusal) -> {
                response.status(Status.create(Problem.status(refusal.code())));
                response.header(HeaderNames.CONTENT_TYPE, cbor ? MediaType.PROBLEM_CBOR : MediaType.PROBLEM_JSON);
                response.send(cbor ? Problem.cbor(refusal) : Problem.json(refusal));
            }
        }
    }

    /** What the library refuses before a route is reached (broken headers, a bad request line) has the same form. */
    private static DirectHandlers refusals() {
        DirectHandlers.Builder handlers = DirectHandlers.builder();
        DirectHandler one = (request, type, status, headers, message) -> {
            RefusalCode code = type == DirectHandler.EventType.PAYLOAD_TOO_LARGE
                    ? RefusalCode.TOO_LARGE
                    : type == DirectHandler.EventType.INTERNAL_ERROR ? RefusalCode.INTERNAL : RefusalCode.MALFORMED;
            return DirectHandler.TransportResponse.builder()
                    .status(Status.create(Problem.status(code)))
                    .header(HeaderNames.CONTENT_TYPE, MediaType.PROBLEM_JSON)
                    .entity(Problem.json(Refusal.of(code)))
                    .build();
        };
        for (DirectHandler.EventType type : DirectHandler.EventType.values()) {
            handlers.addHandler(type, one);
        }
        return handlers.build();
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

    /** Stops in order. Calling it again is fine. */
    @Override
    public void close() {
        server.stop();
    }
}
