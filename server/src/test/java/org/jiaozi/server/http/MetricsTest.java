package org.jiaozi.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jiaozi.core.refusal.Refusal;
import org.jiaozi.core.refusal.RefusalCode;
import org.jiaozi.server.http.HttpServer.Setup;
import org.jiaozi.server.metrics.Metrics;
import org.junit.jupiter.api.Test;

/** What a server counts of its requests. */
final class MetricsTest {
    private static final int MAX_BODY = 100;
    private static final List<Route> ROUTES = List.of(
            Route.post("/echo/{word}", question -> HttpAnswer.cbor(question.body())),
            Route.post("/refuse", question -> HttpAnswer.refused(RefusalCode.QUOTA_EXCEEDED, "")));

    private static void raw(HttpServer server, String request) throws Exception {
        try (Socket socket = new Socket(InetAddress.ofLiteral("127.0.0.1"), server.port())) {
            socket.setSoTimeout(30_000);
            socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
            assertThat(socket.getInputStream().readAllBytes()).isNotEmpty();
        }
    }

    @Test
    void countsByTemplateStatusAndNumberAndNothingThatSomebodySent() throws Exception {
        try (Metrics metrics = Metrics.ofThisProcess();
                HttpServer server = HttpServer.start(
                        0,
                        Optional.empty(),
                        new Setup(Bounds.usual(MAX_BODY), Optional::empty, metrics, List.of()),
                        ROUTES);
                HttpCaller caller = HttpCaller.create(Optional.empty(), Duration.ofSeconds(30))) {
            for (String path : List.of("/echo/secret-one", "/echo/secret-two", "/refuse", "/nowhere/secret")) {
                caller.post(URI.create(server.address() + path), MediaType.CBOR, new byte[] {1});
            }
            caller.post(URI.create(server.address() + "/echo/secret-four"), MediaType.CBOR, new byte[MAX_BODY + 1]);
            raw(server, "BREW /secret HTTP/1.1\r\nHost: here\r\nConnection: close\r\n\r\n");
            raw(server, "GET /secret HTTP/1.1\r\nHost here\r\n\r\n");
            String text = metrics.text();
            assertThat(text.lines())
                    .contains(
                            count("POST", "/echo/{word}", 200) + " 2",
                            count("POST", "/echo/{word}", 413) + " 1",
                            count("POST", "/refuse", 422) + " 1",
                            count("other", "other", 400) + " 2",
                            "jiaozi_refusals_total{number=\"701\"} 1.0",
                            "jiaozi_refusals_total{number=\"109\"} 1.0",
                            "jiaozi_refusals_total{number=\"110\"} 2.0",
                            "jiaozi_refusals_total{number=\"101\"} 1.0");
            assertThat(text)
                    .contains(
                            "jiaozi_http_request_duration_seconds_bucket{",
                            "jiaozi_http_connections ",
                            "jiaozi_http_requests_under_way ")
                    .contains("jvm_memory_used_bytes{", "jvm_gc_", "jvm_threads_live_threads ")
                    .doesNotContain("secret", "nowhere", "BREW");
            // the door of a server without certificates opens to nobody
            assertThat(caller.get(URI.create(server.address() + "/metrics"), MediaType.JSON)
                            .refusal())
                    .contains(new Refusal(RefusalCode.CLIENT_REFUSED, RefusalCode.CLIENT_REFUSED.meaning()));
        }
    }

    private static String count(String method, String route, int status) {
        return "jiaozi_http_request_duration_seconds_count{method=\"" + method + "\",route=\"" + route + "\",status=\""
                + status + "\"}";
    }
}
