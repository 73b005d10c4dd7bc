package org.jiaozi.server.institution;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.jiaozi.core.crypto.Signer;
import org.jiaozi.core.message.BankAnswer;
import org.jiaozi.core.message.BankMessage;
import org.jiaozi.core.message.BankRequest;
import org.jiaozi.core.refusal.Refusal;
import org.jiaozi.core.refusal.RefusalCode;
import org.jiaozi.core.statement.Signed;
import org.jiaozi.core.value.Bytes;
import org.jiaozi.core.value.InstitutionId;
import org.jiaozi.core.value.IssuerKeyId;
import org.jiaozi.core.value.Limit;
import org.jiaozi.core.value.Nonce;
import org.jiaozi.crypto.Es256Verifier;
import org.jiaozi.crypto.SystemEntropy;
import org.jiaozi.server.http.HttpCaller;
import org.jiaozi.server.http.MediaType;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Whatever answers at the central bank's address: only what the registry signed is its decision. */
final class CentralBankTest {
    private static final IssuerKeyId SELF = new IssuerKeyId(new InstitutionId(1), 0);
    private static final IssuerKeyId REGISTRY = new IssuerKeyId(InstitutionId.CENTRAL_BANK, 0);

    private static final Refusal DECIDED = new Refusal(RefusalCode.QUOTA_EXCEEDED, "of the registry");

    private final Signer registry = TestWallet.signer();
    private final HttpCaller caller = HttpCaller.create(Optional.empty(), Duration.ofSeconds(60));
    private HttpServer server;
    private Reply reply;

    /** What answers a request. */
    private interface Reply {
        void to(HttpExchange asked, BankMessage message) throws IOException;
    }

    @BeforeEach
    void listen() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", asked -> {
            try (asked) {
                Bytes body = Bytes.of(asked.getRequestBody().readAllBytes());
                reply.to(
                        asked,
                        Signed.decode(body, Limit.SERVICE_MESSAGE_BYTES, BankMessage::read)
                                .statement());
            }
        });
        server.start();
    }

    @AfterEach
    void close() {
        server.stop(0);
        caller.close();
    }

    private RefusalCode asked(Reply by) {
        reply = by;
        CentralBank bank = new CentralBank(
                caller,
                "http://127.0.0.1:" + server.getAddress().getPort(),
                SELF,
                TestWallet.signer(),
                new Es256Verifier(),
                InstantSource.system(),
                new SystemEntropy());
        return bank.ask(new BankRequest.ReadInbox(0), registry.publicKey()) instanceof BankAnswer.Refused no
                ? no.refusal().code()
                : RefusalCode.INTERNAL;
    }

    private static void send(HttpExchange asked, int status, String type, byte[] body) throws IOException {
        asked.getResponseHeaders().set("Content-Type", type);
        asked.sendResponseHeaders(status, body.length);
        asked.getResponseBody().write(body);
    }

    private static Reply signed(Signer by, Function<BankMessage, Nonce> id) {
        return (asked, message) -> send(
                asked,
                200,
                MediaType.CBOR,
                Signed.by(
                                by,
                                new BankMessage(
                                        REGISTRY,
                                        id.apply(message),
                                        message.at(),
                                        new BankAnswer.Refused(DECIDED).cbor()))
                        .encode()
                        .toArray());
    }

    @Test
    void onlyWhatTheRegistrySignedIsDecided() {
        assertThat(asked(signed(registry, BankMessage::id))).isEqualTo(DECIDED.code());
        assertThat(asked(signed(TestWallet.signer(), BankMessage::id))).isEqualTo(RefusalCode.INTERNAL);
        assertThat(asked(signed(registry, m -> TestWallet.nonce()))).isEqualTo(RefusalCode.INTERNAL);
    }

    /** Its word comes when there is room for the same request. */
    @Test
    void whereThereIsNoRoomItAsksTheSameAgain() {
        List<Nonce> ids = new ArrayList<>();
        Reply later = signed(registry, BankMessage::id);
        assertThat(asked((asked, message) -> {
                    ids.add(message.id());
                    if (ids.size() > 2) {
                        later.to(asked, message);
                        return;
                    }
                    asked.getResponseHeaders().set("Retry-After", "0");
                    send(asked, 503, "text/plain", new byte[] {1});
                }))
                .isEqualTo(DECIDED.code());
        assertThat(ids).hasSize(3).containsOnly(ids.getFirst());
    }

    /** Whoever took it for a decision would free the money of a note that is registered. */
    @ParameterizedTest
    @CsvSource({"404, 102", "403, 713", "409, 701", "503, 802"})
    void aRefusalThatNobodySignedIsSilence(int status, int number) {
        String problem = "{\"number\": %d, \"name\": \"%s\", \"retry\": \"no\", \"detail\": \"\"}"
                .formatted(number, RefusalCode.byNumber(number).orElseThrow());
        assertThat(asked((asked, m) -> send(asked, status, MediaType.PROBLEM_JSON, problem.getBytes(UTF_8))))
                .isEqualTo(RefusalCode.UNREACHABLE);
        assertThat(asked((asked, m) -> send(asked, status, "text/plain", new byte[] {1}))
                        .isFault())
                .isTrue();
    }
}
