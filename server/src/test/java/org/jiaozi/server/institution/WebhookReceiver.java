package org.jiaozi.server.institution;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jiaozi.server.central.Ledger;
import org.jiaozi.server.http.HttpAnswer;
import org.jiaozi.server.http.HttpServer;
import org.jiaozi.server.http.Route;

/** Hears an institution's webhooks while that, or its database, is killed. */
final class WebhookReceiver implements AutoCloseable {
    private final Map<String, Set<String>> heard = new ConcurrentHashMap<>();
    private final HttpServer server =
            HttpServer.start(0, Optional.empty(), 10_000, List.of(Route.post("/hook", event -> {
                heard.computeIfAbsent(event.header("Jiaozi-Event").orElseThrow(), id -> ConcurrentHashMap.newKeySet())
                        .add(new String(event.body(), StandardCharsets.UTF_8));
                return HttpAnswer.done();
            })));

    URI address() {
        return URI.create(server.address() + "/hook");
    }

    /** Whatever was killed: each event came, and came again only as it was. */
    void judge(World world) {
        assertThat(heard)
                .hasSizeGreaterThan(20)
                .allSatisfy((id, bodies) -> assertThat(bodies).hasSize(1));
        assertThat(heard.keySet())
                .containsExactlyInAnyOrderElementsOf(
                        Ledger.names(world.database("bank-a"), "SELECT id::text FROM outbox"));
    }

    @Override
    public void close() {
        server.close();
    }
}
