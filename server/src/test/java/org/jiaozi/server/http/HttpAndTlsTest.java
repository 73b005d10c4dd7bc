package org.jiaozi.server.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import org.jiaozi.core.refusal.Refusal;
import org.jiaozi.core.refusal.RefusalCode;
import org.jiaozi.server.Logging;
import org.jiaozi.server.ServiceFault;
import org.jiaozi.server.StartFailure;
import org.jiaozi.server.tls.CertificateAuthority;
import org.jiaozi.server.tls.TlsIdentity;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class HttpAndTlsTest {
    private static final int MAX_BODY = 1000;
    private static final List<Route> ROUTES = List.of(
            Route.post("/echo/{word}", question -> HttpAnswer.cbor(question.body())),
            Route.get("/who", question -> HttpAnswer.json("\"" + question.peer().orElse("nobody") + "\"")),
            Route.get("/members", question -> HttpAnswer.json("1")).forMembers(),
            Route.get(
                    "/word/{word}",
                    question -> HttpAnswer.json("\"" + question.pathParameter("word")
                            + question.query("more").orElse("") + "\"")),
            Route.post("/refuse", question -> HttpAnswer.refused(RefusalCode.QUOTA_EXCEEDED, "by 3")),
            Route.get("/bug", question -> {
                throw new IllegalStateException("secret");
            }),
            Route.get("/full", question -> {
                throw new ServiceFault(RefusalCode.STORAGE_FULL, "no room", new IllegalStateException());
            }));

    @TempDir
    Path folder;

    private CertificateAuthority authority;
    private TlsIdentity central;
    private TlsIdentity bank;

    @BeforeAll
    static void quiet() {
        Logging.configure(java.util.logging.Level.OFF);
    }

    @BeforeEach
    void issue() {
        Instant now = Instant.now();
        authority = CertificateAuthority.openOrCreate(folder.resolve("ca"), now, new SecureRandom());
        central = authority.issueInto(folder.resolve("central"), "central", now);
        bank = authority.issueInto(folder.resolve("bank-a"), "bank-a", now);
    }

    private HttpServer serve(ServerTls.Clients clients) {
        return HttpServer.start(0, Optional.of(new ServerTls(central.context(), clients)), MAX_BODY, ROUTES);
    }

    private static HttpCaller caller(SSLContext tls) {
        return HttpCaller.create(Optional.of(tls), Duration.ofSeconds(20));
    }

    private static URI at(HttpServer server, String path) {
        return URI.create(server.address() + path);
    }

    private static String text(HttpReply reply) {
        return new String(reply.body(), StandardCharsets.UTF_8);
    }

    @Test
    void letsInOnlyWhoShowsACertificateOfTheAuthority() throws Exception {
        CertificateAuthority other =
                CertificateAuthority.openOrCreate(folder.resolve("other"), Instant.now(), new SecureRandom());
        TlsIdentity stranger = other.issueInto(folder.resolve("stranger"), "bank-a", Instant.now());
        try (HttpServer server = serve(ServerTls.Clients.MEMBERS_ONLY);
                HttpCaller member = caller(bank.context());
                HttpCaller anybody = caller(TlsIdentity.trusting(authority.certificate()));
                HttpCaller foreign = caller(stranger.context())) {
            assertThat(text(member.get(at(server, "/who"), MediaType.JSON))).isEqualTo("\"bank-a\"");
            assertThat(member.get(at(server, "/members"), MediaType.JSON).ok()).isTrue();
            assertThatThrownBy(() -> anybody.get(at(server, "/who"), MediaType.JSON))
                    .isInstanceOf(Unreachable.class);
            assertThatThrownBy(() -> foreign.get(at(server, "/who"), MediaType.JSON))
                    .isInstanceOf(Unreachable.class);
        }
    }

    @Test
    void asksWalletsForNothingAndKeepsMembersRoutesForMembers() throws Exception {
        try (HttpServer server = serve(ServerTls.Clients.MEMBERS_OR_ANYBODY);
                HttpCaller member = caller(bank.context());
                HttpCaller wallet = caller(TlsIdentity.trusting(authority.certificate()))) {
            assertThat(text(wallet.get(at(server, "/who"), MediaType.JSON))).isEqualTo("\"nobody\"");
            assertThat(text(member.get(at(server, "/who"), MediaType.JSON))).isEqualTo("\"bank-a\"");
            HttpReply refused = wallet.get(at(server, "/members"), MediaType.CBOR);
            assertThat(refused.status()).isEqualTo(403);
            assertThat(refused.refusal().map(Refusal::code)).contains(RefusalCode.CLIENT_REFUSED);
        }
    }

    @Test
    void aCallerRefusesAServerOfAnotherAuthority() throws Exception {
        CertificateAuthority other =
                CertificateAuthority.openOrCreate(folder.resolve("other"), Instant.now(), new SecureRandom());
        try (HttpServer server = serve(ServerTls.Clients.ANYBODY);
                HttpCaller wallet = caller(TlsIdentity.trusting(other.certificate()))) {
            assertThatThrownBy(() -> wallet.get(at(server, "/who"), MediaType.JSON))
                    .isInstanceOf(Unreachable.class)
                    .satisfies(thrown -> assertThat(thrown.getMessage()).hasLineCount(1));
        }
    }

    @Test
    void issuesOnceKeepsKeysPrivateAndRenewsInTime() throws Exception {
        assertThat(Files.getPosixFilePermissions(folder.resolve("ca/ca.key")))
                .isEqualTo(PosixFilePermissions.fromString("rw-------"));
        assertThat(Files.getPosixFilePermissions(folder.resolve("bank-a/tls.key")))
                .isEqualTo(PosixFilePermissions.fromString("rw-------"));
        CertificateAuthority again =
                CertificateAuthority.openOrCreate(folder.resolve("ca"), Instant.now(), new SecureRandom());
        assertThat(again.certificate()).isEqualTo(authority.certificate());
        TlsIdentity same = again.issueInto(folder.resolve("bank-a"), "bank-a", Instant.now());
        assertThat(same.certificate()).isEqualTo(bank.certificate());
        Instant later = Instant.now().plus(Duration.ofDays(700));
        TlsIdentity renewed = again.issueInto(folder.resolve("bank-a"), "bank-a", later);
        assertThat(renewed.certificate()).isNotEqualTo(bank.certificate());
        assertThat(renewed.name()).isEqualTo("bank-a");
        Files.writeString(folder.resolve("bank-a/tls.pem"), "nonsense");
        assertThatThrownBy(() -> TlsIdentity.load(folder.resolve("bank-a")))
                .isInstanceOf(StartFailure.class)
                .hasMessageContaining("holds no CERTIFICATE");
    }

    @Test
    void carriesBytesUpToTheBoundAndRefusesLongerOnes() throws Exception {
        try (HttpServer server = HttpServer.start(0, Optional.empty(), MAX_BODY, ROUTES);
                HttpCaller caller = HttpCaller.create(Optional.empty(), Duration.ofSeconds(20))) {
            byte[] full = new byte[MAX_BODY];
            full[MAX_BODY - 1] = 7;
            HttpReply reply = caller.post(at(server, "/echo/x"), MediaType.CBOR, full);
            assertThat(reply.body()).isEqualTo(full);
            assertThat(reply.type()).isEqualTo(MediaType.CBOR);
            HttpReply over = caller.post(at(server, "/echo/x"), MediaType.CBOR, new byte[MAX_BODY + 1]);
            assertThat(over.status()).isEqualTo(413);
            assertThat(over.refusal().map(Refusal::code)).contains(RefusalCode.TOO_LARGE);
            assertThat(caller.post(at(server, "/echo/x"), MediaType.CBOR, new byte[0])
                            .body())
                    .isEmpty();
            assertThat(text(caller.get(at(server, "/word/you?more=%21"), MediaType.JSON)))
                    .isEqualTo("\"you!\"");
            assertThat(text(caller.get(at(server, "/health"), MediaType.JSON))).isEqualTo("{\"status\":\"up\"}");
        }
    }

    @Test
    void aCallerThatIsCutOffIsNoBugOfTheServer() throws Exception {
        try (HttpServer server = HttpServer.start(0, Optional.empty(), MAX_BODY, ROUTES);
                Socket caller = new Socket(InetAddress.ofLiteral("127.0.0.1"), server.port())) {
            caller.getOutputStream()
                    .write("POST /echo/x HTTP/1.1\r\nHost: here\r\nContent-Length: 100\r\n\r\nhalf"
                            .getBytes(StandardCharsets.US_ASCII));
            caller.shutdownOutput();
            String answer = new String(caller.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertThat(answer).contains("\"number\":801");
        }
    }

    @Test
    void everyRefusalHasTheSameForm() throws Exception {
        try (HttpServer server = HttpServer.start(0, Optional.empty(), MAX_BODY, ROUTES);
                HttpCaller caller = HttpCaller.create(Optional.empty(), Duration.ofSeconds(20))) {
            HttpReply cbor = caller.post(at(server, "/refuse"), MediaType.CBOR, new byte[] {1});
            assertThat(cbor.status()).isEqualTo(422);
            assertThat(cbor.type()).isEqualTo(MediaType.PROBLEM_CBOR);
            assertThat(cbor.refusal()).contains(new Refusal(RefusalCode.QUOTA_EXCEEDED, "by 3"));

            HttpReply json = caller.post(at(server, "/refuse"), MediaType.JSON, new byte[] {1});
            JsonNode node = new ObjectMapper().readTree(json.body());
            assertThat(node.get("number").asInt()).isEqualTo(701);
            assertThat(node.get("name").asText()).isEqualTo("QUOTA_EXCEEDED");
            assertThat(node.get("retry").asText()).isEqualTo("NO");
            assertThat(node.get("detail").asText()).isEqualTo("by 3");

            HttpReply bug = caller.get(at(server, "/bug"), MediaType.JSON);
            assertThat(bug.refusal().map(Refusal::code)).contains(RefusalCode.INTERNAL);
            assertThat(text(bug)).doesNotContain("secret");
            assertThat(caller.get(at(server, "/full"), MediaType.JSON).refusal().map(Refusal::code))
                    .contains(RefusalCode.STORAGE_FULL);
            HttpReply nowhere = caller.get(at(server, "/nowhere"), MediaType.JSON);
            assertThat(nowhere.refusal().map(Refusal::code)).contains(RefusalCode.UNKNOWN_TYPE);
        }
    }

    @Test
    void saysInOneLineThatNobodyListensOrThatAPortIsTaken() throws Exception {
        URI gone;
        try (HttpServer server = HttpServer.start(0, Optional.empty(), MAX_BODY, ROUTES)) {
            gone = at(server, "/health");
            assertThatThrownBy(() -> HttpServer.start(server.port(), Optional.empty(), MAX_BODY, ROUTES))
                    .isInstanceOf(StartFailure.class)
                    .hasMessageStartingWith("Cannot listen on 127.0.0.1:" + server.port() + ": ");
        }
        try (HttpCaller caller = HttpCaller.create(Optional.empty(), Duration.ofSeconds(20))) {
            assertThatThrownBy(() -> caller.get(gone, MediaType.JSON))
                    .isInstanceOf(Unreachable.class)
                    .hasMessage("No answer from 127.0.0.1:" + gone.getPort() + ": Connect Exception");
        }
    }
}
