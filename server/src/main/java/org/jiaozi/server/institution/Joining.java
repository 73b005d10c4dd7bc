package org.jiaozi.server.institution;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.jiaozi.core.bulletin.Bulletin;
import org.jiaozi.core.bulletin.InstitutionEntry;
import org.jiaozi.core.codec.DecodeException;
import org.jiaozi.core.crypto.PublicKey;
import org.jiaozi.core.crypto.SignatureVerifier;
import org.jiaozi.core.refusal.Refusal;
import org.jiaozi.core.refusal.RefusalCode;
import org.jiaozi.core.statement.Signed;
import org.jiaozi.core.value.Bytes;
import org.jiaozi.core.value.IssuerKeyId;
import org.jiaozi.core.value.Limit;
import org.jiaozi.server.StartFailure;
import org.jiaozi.server.http.HttpCaller;
import org.jiaozi.server.http.HttpReply;
import org.jiaozi.server.http.MediaType;
import org.jiaozi.server.http.Unreachable;

/** Registers an institution's keys and address with the central bank and learns from the bulletin what they became. */
final class Joining {
    private static final Logger LOG = Logger.getLogger(Joining.class.getName());
    private static final ObjectMapper JSON = new ObjectMapper();

    private static final Duration PAUSE = Duration.ofMillis(100);

    /** All pauses together: both may be starting at the same time, on a busy machine. */
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    /** 804 is not among them: whatever else listens at that address says that. */
    private static final Set<RefusalCode> NOT_NOW =
            Set.of(RefusalCode.UNREACHABLE, RefusalCode.BUSY, RefusalCode.STORAGE_FULL);

    private Joining() {}

    /** The central bank says that it cannot answer now, which is no better than silence. */
    private static final class NotNow extends IOException {
        private static final long serialVersionUID = 1L;

        private final Duration pause;

        NotNow(Refusal refusal, Duration pause) {
            super("it says " + refusal);
            this.pause = pause;
        }
    }

    /**
     * Joins, or says again where this institution listens. One that has joined before also starts while the central
     * bank is silent.
     *
     * @throws StartFailure in one line where a first joining fails
     */
    static Membership join(
            InstitutionConfig config, InstitutionKeys keys, HttpCaller caller, SignatureVerifier verifier) {
        Optional<Membership> before = Membership.load(config.dataDir());
        Duration paused = Duration.ZERO;
        while (true) {
            try {
                PublicKey root = rootKey(config.dataDir());
                register(config, keys, caller);
                Membership now = listed(config, keys, caller, root, verifier);
                now.store(config.dataDir());
                return now;
            } catch (Unreachable | NotNow e) {
                if (paused.isZero()) {
                    LOG.log(Level.WARNING, "the central bank does not answer yet: {0}", e.getMessage());
                }
                if (before.isPresent()) {
                    return before.get();
                }
                if (paused.compareTo(PATIENCE) >= 0) {
                    throw new StartFailure("Cannot join the central bank: " + e.getMessage(), e);
                }
                Duration pause = e instanceof NotNow no ? no.pause : PAUSE;
                pause(pause);
                paused = paused.plus(pause);
            } catch (IOException | DecodeException | IllegalArgumentException e) {
                throw new StartFailure("Cannot join the central bank: " + e.getMessage(), e);
            }
        }
    }

    private static void pause(Duration pause) {
        try {
            Thread.sleep(pause);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new StartFailure("Interrupted while joining the central bank.", e);
        }
    }

    private static PublicKey rootKey(Path dataDir) throws IOException {
        JsonNode trust = JSON.readTree(Files.readString(dataDir.resolve("trust.json")));
        return new PublicKey(Bytes.fromHex(trust.required("rootKey").asText()));
    }

    private static void register(InstitutionConfig config, InstitutionKeys keys, HttpCaller caller)
            throws Unreachable, NotNow {
        String body = JSON.createObjectNode()
                .put("publicKey", keys.publicKey().compressed().hex())
                .put("sealingKey", keys.sealingKey().hex())
                .put("url", "https://127.0.0.1:" + config.port())
                .toString();
        HttpReply reply = able(caller.post(
                URI.create(config.centralUrl() + "/v1/members"),
                MediaType.JSON,
                body.getBytes(StandardCharsets.UTF_8)));
        reply.refusal().ifPresent(no -> {
            throw new StartFailure(
                    "The central bank does not take " + config.code() + ": " + no,
                    new DecodeException(no.code(), no.detail()));
        });
    }

    /** The reply of one that is able to give one. */
    private static HttpReply able(HttpReply reply) throws NotNow {
        Optional<Refusal> no = reply.refusal().filter(r -> NOT_NOW.contains(r.code()));
        if (no.isPresent()) {
            throw new NotNow(
                    no.get(),
                    reply.retryAfter()
                            .filter(asked -> asked.compareTo(PAUSE) > 0 && asked.compareTo(PATIENCE) < 0)
                            .orElse(PAUSE));
        }
        return reply;
    }

    /** Number and generation are what the signed bulletin says, not what an answer on the way says. */
    private static Membership listed(
            InstitutionConfig config,
            InstitutionKeys keys,
            HttpCaller caller,
            PublicKey root,
            SignatureVerifier verifier)
            throws Unreachable, NotNow {
        HttpReply reply = able(caller.get(URI.create(config.centralUrl() + "/v1/bulletin"), MediaType.CBOR));
        Signed<Bulletin> bulletin = Signed.decode(Bytes.of(reply.body()), Limit.SERVICE_MESSAGE_BYTES, Bulletin::read);
        if (!bulletin.verifies(verifier, root)) {
            throw new StartFailure("The central bank's bulletin is not signed by the trusted root key.");
        }
        for (InstitutionEntry entry : bulletin.statement().institutions()) {
            for (var key : entry.keys()) {
                if (key.key().equals(keys.publicKey())) {
                    return new Membership(
                            config.code(),
                            config.name(),
                            new IssuerKeyId(entry.id(), key.generation()),
                            config.quota(),
                            root);
                }
            }
        }
        throw new StartFailure("The central bank's bulletin does not list the key of " + config.code() + ".");
    }
}
