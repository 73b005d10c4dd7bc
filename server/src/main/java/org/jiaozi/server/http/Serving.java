package org.jiaozi.server.http;

import io.helidon.http.HeaderNames;
import io.helidon.http.HeaderValues;
import io.helidon.webserver.CloseConnectionException;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.jiaozi.core.refusal.Refusal;
import org.jiaozi.core.refusal.RefusalCode;
import org.jiaozi.server.RequestInHand;
import org.jiaozi.server.ServiceFault;
import org.jiaozi.server.metrics.Metrics;
import org.jiaozi.server.tls.TlsIdentity;

/** Takes requests to their handlers. Who may not ask, and who finds no room, is refused before its body is read. */
final class Serving {
    static final Refusal ENDING = new Refusal(RefusalCode.BUSY, "the server ends");

    private static final Logger LOG = Logger.getLogger(Serving.class.getName());
    private static final Refusal CROWDED = new Refusal(RefusalCode.BUSY, "too many requests are under way");

    private final Door door;
    private final int maxBodyBytes;
    private final Metrics metrics;

    Serving(Door door, int maxBodyBytes, Metrics metrics) {
        this.door = door;
        this.maxBodyBytes = maxBodyBytes;
        this.metrics = metrics;
    }

    /** One that takes no body and is answered however much is under way. */
    void always(Route route, ServerRequest request, ServerResponse response) {
        Reply reply = new Reply(route.method(), route.path(), request, response);
        Optional<Refusal> no = route.gate().apply(peer(request));
        reply.send(no.map(HttpAnswer::refused)
                .orElseGet(() -> guarded(route, () -> route.handler().apply(question(route, request, new byte[0])))));
    }

    /** One that is answered if there is room for it, once its body is there; it leaves when its answer is sent. */
    void ifThereIsRoom(Route route, ServerRequest request, ServerResponse response) {
        Reply reply = new Reply(route.method(), route.path(), request, response);
        Optional<Refusal> no = route.gate().apply(peer(request));
        if (no.isPresent()) {
            reply.send(HttpAnswer.refused(no.get()));
            return;
        }
        if (!door.hasRoom()) {
            reply.send(noRoom());
            return;
        }
        Body body = new Body(door, maxBodyBytes);
        try {
            Optional<Refusal> bad = body.read(request);
            if (bad.isPresent()) {
                reply.send(HttpAnswer.refused(bad.get()));
            } else if (door.enter()) {
                inside(route, body, request, reply);
            } else {
                reply.send(noRoom());
            }
        } finally {
            door.letGo(body.held());
        }
    }

    private void inside(Route route, Body body, ServerRequest request, Reply reply) {
        try {
            reply.send(guarded(route, () -> route.handler().apply(question(route, request, body.bytes()))));
        } finally {
            door.leave();
        }
    }

    private HttpAnswer noRoom() {
        return HttpAnswer.refused(door.isShut() ? ENDING : CROWDED);
    }

    /** One for which there is no route; its method and path are whatever somebody likes and no label of a metric. */
    void nothing(ServerRequest request, ServerResponse response) {
        new Reply("other", "other", request, response)
                .send(HttpAnswer.refused(RefusalCode.UNKNOWN_TYPE, "nothing answers at this address"));
    }

    /** What is logged meanwhile says for which request. */
    private static HttpAnswer guarded(Route route, Supplier<HttpAnswer> work) {
        return RequestInHand.fresh(route.method() + " " + route.path()).during(() -> answered(route, work));
    }

    private static HttpAnswer answered(Route route, Supplier<HttpAnswer> work) {
        try {
            return work.get();
        } catch (ServiceFault fault) {
            // that there is no room is counted: said of each, it would cost most when there is least
            if (fault.refusal().code() != RefusalCode.BUSY || fault.getCause() != null) {
                LOG.log(Level.WARNING, route.method() + " " + route.path(), fault);
            }
            return HttpAnswer.refused(fault.refusal());
        } catch (RuntimeException bug) {
            LOG.log(Level.SEVERE, route.method() + " " + route.path(), bug);
            return HttpAnswer.refused(RefusalCode.INTERNAL, "");
        }
    }

    /** The answer to one request, which is counted before it leaves. */
    private final class Reply {
        private final long begin = System.nanoTime();
        private final String method;
        private final String route;
        private final ServerRequest request;
        private final ServerResponse response;

        Reply(String method, String route, ServerRequest request, ServerResponse response) {
            this.method = method;
            this.route = route;
            this.request = request;
            this.response = response;
        }

        void send(HttpAnswer answer) {
            if (answer instanceof HttpAnswer.Refused(Refusal refusal)) {
                metrics.refused(refusal.code());
            }
            boolean unread = !request.content().consumed() && !Body.skippable(request, maxBodyBytes);
            if (unread) {
                response.header(HeaderValues.CONNECTION_CLOSE);
            }
            metrics.answered(method, route, Answers.status(answer), System.nanoTime() - begin);
            Answers.send(response, answer, Answers.speaksCbor(request.headers()));
            // the library says so and goes on listening: to the rest of a body as if it were a request
            if (unread) {
                throw new Patience.Unread();
            }
            if (request.headers().containsToken(HeaderValues.CONNECTION_CLOSE)) {
                throw new CloseConnectionException("The connection ends as asked");
            }
        }
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

    private static Optional<String> peer(ServerRequest request) {
        Optional<Certificate[]> chain = request.remotePeer().tlsCertificates();
        return chain.filter(certificates -> certificates.length > 0)
                .map(certificates -> TlsIdentity.nameOf((X509Certificate) certificates[0]));
    }
}
