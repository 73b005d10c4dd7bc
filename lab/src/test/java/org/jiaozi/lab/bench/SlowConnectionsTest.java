package org.jiaozi.lab.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import org.jiaozi.server.http.Bounds;
import org.jiaozi.server.http.HttpAnswer;
import org.jiaozi.server.http.HttpCaller;
import org.jiaozi.server.http.HttpServer;
import org.jiaozi.server.http.MediaType;
import org.jiaozi.server.http.Route;
import org.jiaozi.server.http.ServerTls;
import org.jiaozi.server.tls.CertificateAuthority;
import org.jiaozi.server.tls.TlsIdentity;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Whoever drips at a server is cut off, and comes again, and whoever does not is answered. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
final class SlowConnectionsTest {
    @Test
    void whoDripsIsCutOffAndComesAgain(@TempDir Path folder) throws Exception {
        CertificateAuthority authority =
                CertificateAuthority.openOrCreate(folder.resolve("ca"), Instant.now(), new SecureRandom());
        ServerTls tls = new ServerTls(
                authority.issueInto(folder.resolve("own"), "own", Instant.now()).context(),
                ServerTls.Clients.MEMBERS_OR_ANYBODY);
        SSLContext trusting = TlsIdentity.trusting(authority.certificate());
        Bounds impatient =
                Bounds.usual(1_000_000).withRequests(1).withPatience(Duration.ofMillis(800), Duration.ofMinutes(5));
        Route wallet = Route.post("/v1/wallet", question -> HttpAnswer.cbor(question.body()));
        try (HttpServer server = HttpServer.start(
                        0, Optional.of(tls), new HttpServer.Setup(impatient, Optional::empty), List.of(wallet));
                HttpCaller good = HttpCaller.create(Optional.of(trusting), Duration.ofSeconds(30));
                SlowConnections slow = new SlowConnections(server.address(), trusting, 6)) {
            URI address = URI.create(server.address() + "/v1/wallet");
            while (slow.cutOff() < 12) {
                assertThat(good.post(address, MediaType.CBOR, new byte[] {1}).body())
                        .hasSize(1);
            }
        }
    }
}
