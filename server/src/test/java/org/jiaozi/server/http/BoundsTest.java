package org.jiaozi.server.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.logging.Level;
import org.jiaozi.core.refusal.Refusal;
import org.jiaozi.core.refusal.RefusalCode;
import org.jiaozi.server.Logging;
import org.jiaozi.server.http.HttpServer.Setup;
import org.jiaozi.server.tls.CertificateAuthority;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a server bears of those who ask too slowly, too much, without leave or too late. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
final class BoundsTest {
    private static final int MAX_BODY = 200_000;
    private static final Duration LONG = Duration.ofMinutes(5);
    private static final Bounds BOUNDS = Bounds.usual(MAX_BODY).withPatience(LONG, LONG);
    /** Short enough for a test, and far longer than what a request here takes. */
    private static final Bounds IMPATIENT = BOUNDS.withPatience(Duration.ofMillis(400), LONG);

    private static final int DRIP_MILLIS = 20;
    private static final int FOREVER_MILLIS = 30_000;

    private final CountDownLatch inside = new CountDownLatch(1);
    private final CountDownLatch cutOff = new CountDownLatch(1);
    private final CountDownLatch go = new CountDownLatch(1);
    private final HttpCaller caller = HttpCaller.create(Optional.empty(), Duration.ofSeconds(30));

    private final List<Route> routes = List.of(
            Route.get("/quick", question -> HttpAnswer.json("1")),
            Route.post("/echo", question -> HttpAnswer.cbor(question.body())),
            Route.post("/members", question -> HttpAnswer.json("1")).forMembers(),
            Route.get("/much", question -> HttpAnswer.cbor(new byte[32 << 20])),
            Route.post("/slow", question -> {
                inside.countDown();
                try {
                    go.await();
                } catch (InterruptedException e) {
                    cutOff.countDown();
                    throw new IllegalStateException(e);
                }
                return HttpAnswer.cbor(question.body());
            }));

    @BeforeAll
    static void quiet() {
        Logging.configure(Level.OFF);
    }

    private HttpServer serve(Bounds bounds) {
        return HttpServer.start(0, Optional.empty(), new Setup(bounds, Optional::empty), routes);
    }

    private static URI at(HttpServer server, String path) {
        return URI.create(server.address() + path);
    }

    private static Socket connect(HttpServer server) throws IOException {
        Socket socket = new Socket(InetAddress.ofLiteral("127.0.0.1"), server.port());
        socket.setSoTimeout(FOREVER_MILLIS);
        return socket;
    }

    /** All that the other side says until it closes. */
    private static String said(Socket socket) throws IOException {
        return new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
    }

    private static void write(Socket socket, String text) throws IOException {
        socket.getOutputStream().write(text.getBytes(StandardCharsets.US_ASCII));
    }

    private Future<HttpReply> slow(HttpServer server, int bytes) throws InterruptedException {
        FutureTask<HttpReply> asked =
                new FutureTask<>(() -> caller.post(at(server, "/slow"), MediaType.CBOR, new byte[bytes]));
        Thread.ofVirtual().start(asked);
        inside.await();
        return asked;
    }

    /** One leaves after its answer is sent or its connection is cut, so a moment after the other side has noticed. */
    private void untilThereIsRoom(HttpServer server) throws Unreachable {
        while (!caller.get(at(server, "/quick"), MediaType.JSON).ok()) {
            Thread.onSpinWait();
        }
    }

    /** Sends a byte, and another, until the other side has had enough; what it said before that. */
    private static String drip(Socket socket) throws IOException {
        socket.setSoTimeout(DRIP_MILLIS);
        StringBuilder said = new StringBuilder();
        while (true) {
            try {
                write(socket, "a");
                int read = socket.getInputStream().read();
                if (read < 0) {
                    return said.toString();
                }
                said.append((char) read);
            } catch (SocketTimeoutException e) {
                // it still listens
            } catch (SocketException e) {
                return said.toString();
            }
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "GET /quick HTTP/1.1\r\n",
                "GET /quick HTTP/1.1\r\nHost: here\r\n",
                "GET /quick HTTP/1.1\r\nHost: here\r\nX-Much: ",
            })
    void whoDripsAHeaderIsCutOff(String before) throws IOException {
        try (HttpServer server = serve(IMPATIENT);
                Socket socket = connect(server)) {
            write(socket, before);
            assertThat(drip(socket)).isEmpty();
        }
    }

    @Test
    void whoDripsABodyIsCutOffAndMakesRoom() throws Exception {
        try (HttpServer server = serve(IMPATIENT.withRequests(1));
                Socket socket = connect(server)) {
            write(socket, "POST /echo HTTP/1.1\r\nHost: here\r\nContent-Length: 100000\r\n\r\n");
            assertThat(drip(socket)).isEmpty();
            untilThereIsRoom(server);
        }
    }

    /** A body comes in at the door, however slowly; its request takes a place once it is all there. */
    @Test
    void whoDripsABodyTakesNobodysPlace() throws Exception {
        try (HttpServer server = serve(BOUNDS.withRequests(1));
                Socket socket = connect(server)) {
            write(socket, "POST /echo HTTP/1.1\r\nHost: here\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\n");
            byte[] readOn = "HTTP/1.1 100 Continue".getBytes(StandardCharsets.US_ASCII);
            assertThat(socket.getInputStream().readNBytes(readOn.length)).isEqualTo(readOn);
            write(socket, "a");
            assertThat(caller.get(at(server, "/quick"), MediaType.JSON).ok()).isTrue();
            Future<HttpReply> slow = slow(server, 1);
            // whose place was taken meanwhile
            write(socket, "b");
            socket.shutdownOutput();
            assertThat(said(socket)).contains("HTTP/1.1 503").contains("Retry-After: 1");
            go.countDown();
            assertThat(slow.get().body()).hasSize(1);
        }
    }

    @Test
    void whoSaysNothingIsCutOffAlsoInTheMiddleOfAHandshake(@TempDir Path folder) throws IOException {
        CertificateAuthority authority =
                CertificateAuthority.openOrCreate(folder.resolve("ca"), Instant.now(), new SecureRandom());
        ServerTls tls = new ServerTls(
                authority.issueInto(folder.resolve("own"), "own", Instant.now()).context(),
                ServerTls.Clients.MEMBERS_OR_ANYBODY);
        try (HttpServer server = HttpServer.start(0, Optional.of(tls), new Setup(IMPATIENT, Optional::empty), routes);
                Socket silent = connect(server);
                Socket half = connect(server)) {
            // the beginning of a handshake that announces more than comes
            half.getOutputStream().write(new byte[] {22, 3, 1, 2, 0, 1});
            assertThat(silent.getInputStream().readAllBytes()).isEmpty();
            assertThat(half.getInputStream().readAllBytes()).isEmpty();
        }
    }

    @Test
    void whoAsksNothingMoreIsCutOff() throws IOException {
        try (HttpServer server = serve(BOUNDS.withPatience(LONG, Duration.ofMillis(400)));
                Socket socket = connect(server)) {
            write(socket, "GET /quick HTTP/1.1\r\nHost: here\r\n\r\n");
            assertThat(said(socket)).startsWith("HTTP/1.1 200").endsWith("1");
        }
    }

    @Test
    void whoTakesNoAnswerIsCutOffAndMakesRoom() throws Exception {
        try (HttpServer server = serve(IMPATIENT.withRequests(1))) {
            try (Socket socket = connect(server)) {
                socket.setReceiveBufferSize(4096);
                write(socket, "GET /much HTTP/1.1\r\nHost: here\r\n\r\n");
                untilThereIsRoom(server);
            }
        }
    }

    @Test
    void oneMoreThanFindRoomIsToldToComeAgainAndWaitsInNoQueue() throws Exception {
        try (HttpServer server = serve(BOUNDS.withRequests(1))) {
            Future<HttpReply> first = slow(server, 1);
            HttpReply second = caller.get(at(server, "/quick"), MediaType.JSON);
            assertThat(second.status()).isEqualTo(503);
            assertThat(second.refusal().map(Refusal::code)).contains(RefusalCode.BUSY);
            assertThat(second.retryAfter()).contains(Duration.ofSeconds(1));
            assertThat(caller.get(at(server, "/health"), MediaType.JSON).ok()).isTrue();
            assertThat(caller.get(at(server, "/ready"), MediaType.JSON).ok()).isTrue();
            go.countDown();
            assertThat(first.get().body()).hasSize(1);
            untilThereIsRoom(server);
        }
    }

    @Test
    void bodiesTogetherTakeSoMuchMemoryAndNoMore() throws Exception {
        try (HttpServer server = serve(BOUNDS.withHeldBytes(MAX_BODY + 1000))) {
            Future<HttpReply> first = slow(server, MAX_BODY);
            HttpReply second = caller.post(at(server, "/echo"), MediaType.CBOR, new byte[1001]);
            assertThat(second.refusal()).contains(new Refusal(RefusalCode.BUSY, "no room for the body"));
            assertThat(caller.post(at(server, "/echo"), MediaType.CBOR, new byte[1000])
                            .body())
                    .hasSize(1000);
            go.countDown();
            assertThat(first.get().body()).hasSize(MAX_BODY);
            while (!caller.post(at(server, "/echo"), MediaType.CBOR, new byte[MAX_BODY])
                    .ok()) {
                Thread.onSpinWait();
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"/members 403 806", "/nowhere 400 110"})
    void whoMayNotAskIsNotListenedTo(String which) throws IOException {
        String[] parts = which.split(" ", -1);
        try (HttpServer server = serve(IMPATIENT);
                Socket socket = connect(server)) {
            // nothing of the body follows, and the answer does not wait for it
            write(socket, "POST " + parts[0] + " HTTP/1.1\r\nHost: here\r\nContent-Length: 9000000\r\n\r\n");
            assertThat(said(socket)).startsWith("HTTP/1.1 " + parts[1]).contains("\"number\":" + parts[2]);
        }
    }

    @Test
    void aRefusedBodyIsSkippedForTheNextRequest() throws IOException {
        try (HttpServer server = serve(BOUNDS);
                Socket socket = connect(server)) {
            write(
                    socket,
                    "POST /members HTTP/1.1\r\nHost: here\r\nContent-Length: 5\r\n\r\n12345"
                            + "GET /quick HTTP/1.1\r\nHost: here\r\nConnection: close\r\n\r\n");
            assertThat(said(socket))
                    .contains("\"number\":806")
                    .contains("HTTP/1.1 200")
                    .endsWith("1");
        }
    }

    @Test
    void aBodyThatDoesNotSayHowLongItIsIsNotRead() throws IOException {
        try (HttpServer server = serve(IMPATIENT);
                Socket socket = connect(server)) {
            write(socket, "POST /echo HTTP/1.1\r\nHost: here\r\nTransfer-Encoding: chunked\r\n\r\n7fffffff\r\n");
            assertThat(said(socket)).startsWith("HTTP/1.1 400").contains("\"number\":101");
        }
    }

    @Test
    void anEndWaitsForWhatIsUnderWayAndRefusesTheRest() throws Exception {
        HttpServer server = serve(BOUNDS.withGrace(LONG));
        Future<HttpReply> first = slow(server, 3);
        CompletableFuture<Void> end = CompletableFuture.runAsync(server::close);
        HttpReply ready;
        do {
            ready = caller.get(at(server, "/ready"), MediaType.JSON);
        } while (ready.ok());
        assertThat(ready.refusal()).contains(new Refusal(RefusalCode.BUSY, "the server ends"));
        assertThat(ready.status()).isEqualTo(503);
        assertThat(ready.retryAfter()).isPresent();
        assertThat(caller.get(at(server, "/health"), MediaType.JSON).ok()).isTrue();
        URI quick = at(server, "/quick");
        HttpReply late = caller.get(quick, MediaType.CBOR);
        assertThat(late.refusal()).contains(new Refusal(RefusalCode.BUSY, "the server ends"));
        assertThat(late.retryAfter()).isPresent();
        assertThat(end).isNotDone();
        go.countDown();
        assertThat(first.get().body()).hasSize(3);
        end.get();
        assertThatThrownBy(() -> caller.get(quick, MediaType.JSON)).isInstanceOf(Unreachable.class);
    }

    @Test
    void anEndDoesNotWaitForEver() throws Exception {
        HttpServer server = serve(BOUNDS.withGrace(Duration.ofMillis(50)));
        Future<HttpReply> first = slow(server, 3);
        assertThat(first).isNotDone();
        server.close();
        cutOff.await();
    }

    @Test
    void isReadyOnlyWhereItCanWork() throws Exception {
        Refusal away = new Refusal(RefusalCode.UNREACHABLE, "the database does not answer");
        try (HttpServer server =
                HttpServer.start(0, Optional.empty(), new Setup(BOUNDS, () -> Optional.of(away)), routes)) {
            HttpReply no = caller.get(at(server, "/ready"), MediaType.JSON);
            assertThat(no.status()).isEqualTo(503);
            assertThat(no.refusal()).contains(away);
            assertThat(caller.get(at(server, "/health"), MediaType.JSON).ok()).isTrue();
        }
    }
}
