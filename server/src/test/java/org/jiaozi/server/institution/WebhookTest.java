package org.jiaozi.server.institution;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jiaozi.core.crypto.Signature;
import org.jiaozi.core.refusal.RefusalCode;
import org.jiaozi.core.value.Bytes;
import org.jiaozi.crypto.Es256Verifier;
import org.jiaozi.server.central.Ledger;
import org.jiaozi.server.http.HttpAnswer;
import org.jiaozi.server.http.HttpServer;
import org.jiaozi.server.http.Route;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What happened is posted, signed, until the receiver takes it. */
final class WebhookTest {
    private record Got(String id, String signature, Bytes body) {}

    @Test
    void anEventIsPostedUntilItIsTakenAndItsSignatureIsTheInstitutions(@TempDir Path folder) throws Exception {
        List<Got> got = new CopyOnWriteArrayList<>();
        Route route = Route.post("/hook", question -> {
            got.add(new Got(
                    question.header("Jiaozi-Event").orElse(""),
                    question.header("Jiaozi-Signature").orElse(""),
                    Bytes.of(question.body())));
            // busy at first
            return got.size() == 1 ? HttpAnswer.refused(RefusalCode.BUSY, "") : HttpAnswer.done();
        });
        try (World world = new World(folder);
                HttpServer receiver = HttpServer.start(0, Optional.empty(), 10_000, List.of(route))) {
            world.banks.put(
                    "bank-a",
                    InstitutionServer.start(world.config(
                            "bank-a", world.central.address(), Optional.of(URI.create(receiver.address() + "/hook")))));
            String account =
                    world.open("bank-a", "Alice", 1, 100).required("account").asText();
            world.operator("bank-a", "/accounts/" + account + "/block", Map.of());
            World.await("the event is taken", () -> got.size() >= 2);
            assertThat(got.get(1).id()).isEqualTo(got.get(0).id());
            assertThat(got.get(1).body()).isEqualTo(got.get(0).body());
            JsonNode event = World.JSON.readTree(got.get(1).body().toArray());
            assertThat(event.required("type").asText()).isEqualTo("blocked");
            assertThat(event.required("account").asText()).isEqualTo(account);
            Bytes signed =
                    Bytes.of(World.utf8("jiaozi/1/webhook\n")).concat(got.get(1).body());
            assertThat(new Es256Verifier()
                            .verify(
                                    world.entry("bank-a").currentKey().key(),
                                    signed,
                                    new Signature(Bytes.fromHex(got.get(1).signature()))))
                    .isTrue();
        }
    }

    /** One that wants a day is asked again in ten minutes. */
    @Test
    void aReceiverIsLeftAloneAsLongAsItWantsButNotForEver(@TempDir Path folder) throws Exception {
        com.sun.net.httpserver.HttpServer receiver =
                com.sun.net.httpserver.HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        receiver.createContext("/hook", event -> {
            event.getResponseHeaders().set("Retry-After", "86400");
            event.sendResponseHeaders(429, -1);
            event.close();
        });
        receiver.start();
        try (World world = new World(folder)) {
            URI hook = URI.create("http://127.0.0.1:" + receiver.getAddress().getPort() + "/hook");
            world.banks.put(
                    "bank-a",
                    InstitutionServer.start(world.config("bank-a", world.central.address(), Optional.of(hook))));
            String account =
                    world.open("bank-a", "Alice", 1, 100).required("account").asText();
            world.operator("bank-a", "/accounts/" + account + "/block", Map.of());
            World.await(
                    "the event is offered",
                    () -> Ledger.names(world.database("bank-a"), "SELECT id::text FROM outbox WHERE attempts > 0")
                                    .size()
                            == 1);
            assertThat(Ledger.names(world.database("bank-a"), "SELECT (next_at - created_at)::text FROM outbox"))
                    .singleElement()
                    .satisfies(pause -> assertThat(Long.parseLong(pause)).isBetween(600L, 3_600L));
        } finally {
            receiver.stop(0);
        }
    }
}
