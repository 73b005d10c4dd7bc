package org.jiaozi.cli.up;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.jiaozi.cli.CommandFailure;
import org.jiaozi.core.refusal.Refusal;
import org.jiaozi.core.refusal.RefusalCode;
import org.jiaozi.server.http.HttpCaller;
import org.jiaozi.server.http.HttpReply;
import org.jiaozi.server.http.MediaType;
import org.jiaozi.server.http.Unreachable;
import org.jiaozi.server.tls.TlsIdentity;

/** Asks a role's operator endpoints, with the operator's certificate. */
public final class Caller implements AutoCloseable {
    static final ObjectMapper JSON = new ObjectMapper();

    private final HttpCaller http;
    private final String address;

    private Caller(HttpCaller http, String address) {
        this.http = http;
        this.address = address;
    }

    /** The operator of {@code role}, whose keys lie in the data folder. */
    static Caller operator(DataFolder data, String role) {
        Path identity = data.operator(role);
        if (!Files.exists(identity)) {
            throw new CommandFailure("no operator keys for " + role + " in " + data.operators());
        }
        Settings settings = SettingsFile.stored(data);
        return at(identity, settings.url(role));
    }

    /**
     * The operator whose TLS identity lies in {@code identity}, at the role that answers at {@code address}. Its calls refuse
     * what the role refuses, and 801 where no answer comes.
     */
    public static Caller at(Path identity, String address) {
        return new Caller(
                HttpCaller.create(Optional.of(TlsIdentity.load(identity).context()), Duration.ofSeconds(30)), address);
    }

    public JsonNode get(String path) {
        try {
            return read(http.get(URI.create(address + path), MediaType.JSON));
        } catch (Unreachable e) {
            throw CommandFailure.refused(new Refusal(RefusalCode.UNREACHABLE, String.valueOf(e.getMessage())));
        }
    }

    public JsonNode post(String path, JsonNode body) {
        try {
            return read(http.post(URI.create(address + path), MediaType.JSON, JSON.writeValueAsBytes(body)));
        } catch (Unreachable e) {
            throw CommandFailure.refused(new Refusal(RefusalCode.UNREACHABLE, String.valueOf(e.getMessage())));
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private static JsonNode read(HttpReply reply) {
        Optional<Refusal> refusal = reply.refusal();
        if (refusal.isPresent()) {
            throw CommandFailure.refused(refusal.get());
        }
        try {
            return reply.body().length == 0 ? JSON.createObjectNode() : JSON.readTree(reply.body());
        } catch (IOException e) {
            throw new CommandFailure("the server's answer is not JSON", e);
        }
    }

    /** Whether it answers at all. */
    boolean healthy() {
        try {
            return http.get(URI.create(address + "/health"), MediaType.JSON).ok();
        } catch (Unreachable e) {
            return false;
        }
    }

    @Override
    public void close() {
        http.close();
    }
}
