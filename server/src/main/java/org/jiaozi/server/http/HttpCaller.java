package org.jiaozi.server.http;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/** Asks other servers. One for a process: it keeps connections open and may be used by many threads. */
public final class HttpCaller implements AutoCloseable {
    private static final Duration CONNECT = Duration.ofSeconds(15);
    private static final int MAX_REPLY_BYTES = 64 << 20;

    private final HttpClient client;
    private final Duration patience;

    private HttpCaller(HttpClient client, Duration patience) {
        this.client = client;
        this.patience = patience;
    }

    /**
     * A caller.
     *
     * @param tls what it shows and whom it trusts; empty for servers without TLS
     * @param patience how long a whole answer may take
     */
    public static HttpCaller create(Optional<SSLContext> tls, Duration patience) {
        HttpClient.Builder builder = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .followRedirects(HttpClient.Redirect.NEVER)
                .connectTimeout(CONNECT);
        tls.ifPresent(builder::sslContext);
        return new HttpCaller(builder.build(), patience);
    }

    /**
     * Sends bytes and waits for the answer.
     *
     * @throws Unreachable where no answer comes; the other side may have acted all the same
     */
    public HttpReply post(URI address, String type, byte[] body) throws Unreachable {
        return send(HttpRequest.newBuilder(address)
                .header("Content-Type", type)
                .header("Accept", type)
                .POST(HttpRequest.BodyPublishers.ofByteArray(body))
                .timeout(patience)
                .build());
    }

    /**
     * Fetches what lies at an address.
     *
     * @param accept the type wanted
     * @throws Unreachable where no answer comes
     */
    public HttpReply get(URI address, String accept) throws Unreachable {
        return send(HttpRequest.newBuilder(address)
                .header("Accept", accept)
                .GET()
                .timeout(patience)
                .build());
    }

    private HttpReply send(HttpRequest request) throws Unreachable {
        URI address = request.uri();
        try {
            HttpResponse<byte[]> response = client.send(
                    request,
                    HttpResponse.BodyHandlers.limiting(HttpResponse.BodyHandlers.ofByteArray(), MAX_REPLY_BYTES));
            return new HttpReply(
                    response.statusCode(),
                    response.headers().firstValue("Content-Type").orElse(""),
                    response.body(),
                    retryAfter(response));
        } catch (IOException e) {
            throw new Unreachable(
                    "No answer from " + address.getHost() + ":" + address.getPort() + ": " + reason(e), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new Unreachable("Interrupted while waiting for " + address.getHost() + ":" + address.getPort(), e);
        }
    }

    /** How long the other side wants to be left alone before it is asked again, if it says so. */
    public static Optional<Duration> retryAfter(HttpResponse<?> response) {
        return response.headers().firstValue("Retry-After").flatMap(HttpCaller::seconds);
    }

    /** The form with a date is not spoken here. */
    private static Optional<Duration> seconds(String retryAfter) {
        return retryAfter.matches("[0-9]{1,9}")
                ? Optional.of(Duration.ofSeconds(Long.parseLong(retryAfter)))
                : Optional.empty();
    }

    /** The first message on the way down to the cause, or the kind of the failure: a refused connection has no text. */
    private static String reason(Throwable thrown) {
        for (@Nullable Throwable cause = thrown; cause != null; cause = cause.getCause()) {
            if (cause.getMessage() != null && !cause.getMessage().isBlank()) {
                return cause.getMessage().strip().replaceAll("\\s*\\R\\s*", " ");
            }
        }
        return thrown.getClass().getSimpleName().replaceAll("([a-z])([A-Z])", "$1 $2");
    }

    /** Lets go of the open connections. */
    @Override
    public void close() {
        client.shutdownNow();
        client.close();
    }
}
