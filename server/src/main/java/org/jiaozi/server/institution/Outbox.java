package org.jiaozi.server.institution;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.jdbi.v3.core.Handle;
import org.jiaozi.core.value.Bytes;
import org.jiaozi.server.http.HttpCaller;

/**
 * Webhooks: what happened is stored in the transaction in which it happened, and posted until the receiver takes it, not
 * before it wants to be asked again. The header {@code Jiaozi-Signature} is ES256, in hexadecimal, of the institution's key over {@code jiaozi/1/webhook}, a
 * newline and the body. A receiver tells repeated ones by their id.
 */
final class Outbox {
    private static final Logger LOG = Logger.getLogger(Outbox.class.getName());
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Bytes DOMAIN = Bytes.of("jiaozi/1/webhook\n".getBytes(StandardCharsets.US_ASCII));
    private static final Duration PATIENCE = Duration.ofSeconds(5);
    private static final long LONGEST_WAIT_SECONDS = 600;

    private final Office office;
    private final Optional<URI> receiver;

    Outbox(Office office, Optional<URI> receiver) {
        this.office = office;
        this.receiver = receiver;
    }

    /** Stores an event inside the caller's transaction; nothing where nobody listens. */
    void add(Handle h, String type, String account, String reference) {
        if (receiver.isEmpty()) {
            return;
        }
        ObjectNode body = JSON.createObjectNode()
                .put("type", type)
                .put("institution", office.membership().code())
                .put("account", account)
                .put("reference", reference)
                .put("at", office.now().seconds());
        h.createUpdate("INSERT INTO outbox (body, created_at, next_at) VALUES (:body, :now, 0)")
                .bind("body", body.toString())
                .bind("now", office.now().seconds())
                .execute();
    }

    /**
     * What the receiver did.
     *
     * @param pauseSeconds for how long at least it wants to be left alone
     */
    private record Met(boolean taken, long pauseSeconds) {}

    private record Waiting(long id, String body, int attempts) {}

    /** Posts what is due, in order; stops at the first that is not taken. */
    void deliver() {
        if (receiver.isEmpty()) {
            return;
        }
        List<Waiting> due = office.db()
                .snapshot(h -> h.createQuery("SELECT id, body, attempts FROM outbox"
                                + " WHERE sent_at IS NULL AND next_at <= :now ORDER BY id LIMIT 100")
                        .bind("now", office.now().seconds())
                        .map((row, context) ->
                                new Waiting(row.getLong("id"), row.getString("body"), row.getInt("attempts")))
                        .list());
        try (HttpClient client =
                HttpClient.newBuilder().connectTimeout(PATIENCE).build()) {
            for (Waiting event : due) {
                Met met = post(client, receiver.get(), event);
                office.db().useSerializable(h -> mark(h, event, met));
                if (!met.taken()) {
                    return;
                }
            }
        }
    }

    private void mark(Handle h, Waiting event, Met met) {
        long now = office.now().seconds();
        long wait = Math.min(LONGEST_WAIT_SECONDS, Math.max(met.pauseSeconds(), 1L << Math.min(event.attempts(), 10)));
        h.createUpdate("UPDATE outbox SET attempts = attempts + 1, next_at = :next,"
                        + " sent_at = CASE WHEN :taken THEN :now ELSE NULL END WHERE id = :id")
                .bind("next", now + wait)
                .bind("taken", met.taken())
                .bind("now", now)
                .bind("id", event.id())
                .execute();
    }

    private Met post(HttpClient client, URI to, Waiting event) {
        byte[] body = event.body().getBytes(StandardCharsets.UTF_8);
        String signature = office.keys()
                .signer()
                .sign(DOMAIN.concat(Bytes.of(body)))
                .bytes()
                .hex();
        HttpRequest request = HttpRequest.newBuilder(to)
                .header("Content-Type", "application/json")
                .header("Jiaozi-Event", Long.toString(event.id()))
                .header("Jiaozi-Signature", signature)
                .timeout(PATIENCE)
                .POST(HttpRequest.BodyPublishers.ofByteArray(body))
                .build();
        try {
            HttpResponse<Void> response = client.send(request, HttpResponse.BodyHandlers.discarding());
            return new Met(
                    response.statusCode() >= 200 && response.statusCode() < 300,
                    HttpCaller.retryAfter(response).map(Duration::toSeconds).orElse(0L));
        } catch (IOException e) {
            LOG.log(Level.INFO, "webhook {0} waits: {1}", new Object[] {event.id(), String.valueOf(e.getMessage())});
            return new Met(false, 0);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return new Met(false, 0);
        }
    }
}
