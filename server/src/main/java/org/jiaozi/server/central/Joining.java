package org.jiaozi.server.central;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import org.jiaozi.core.codec.DecodeException;
import org.jiaozi.core.crypto.PublicKey;
import org.jiaozi.core.refusal.Refusal;
import org.jiaozi.core.value.Bytes;
import org.jiaozi.core.value.InstitutionId;
import org.jiaozi.core.value.IssuerKeyId;
import org.jiaozi.server.StartFailure;
import org.jiaozi.server.http.HttpCaller;
import org.jiaozi.server.http.HttpReply;
import org.jiaozi.server.http.MediaType;
import org.jiaozi.server.http.Unreachable;
import org.jiaozi.server.tls.TlsIdentity;

/** How an institution registers its keys with the central bank. Doing it again with the same keys changes nothing. */
public final class Joining {
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final ObjectMapper JSON = new ObjectMapper();

    private Joining() {}

    /**
     * Registers keys under the code in the connection certificate.
     *
     * @param central the central bank's address
     * @param connection the member's, from {@code members/CODE} of the central bank's folder
     * @param url where wallets reach the institution
     * @return the institution's number, and which generation the key is
     * @throws StartFailure in one line where the central bank does not answer or refuses
     */
    public static IssuerKeyId join(
            String central, TlsIdentity connection, PublicKey publicKey, Bytes sealingKey, String url) {
        try (HttpCaller caller = HttpCaller.create(Optional.of(connection.context()), PATIENCE)) {
            String body = JSON.createObjectNode()
                    .put("publicKey", publicKey.compressed().hex())
                    .put("sealingKey", sealingKey.hex())
                    .put("url", url)
                    .toString();
            HttpReply reply = caller.post(
                    URI.create(central + "/v1/members"), MediaType.JSON, body.getBytes(StandardCharsets.UTF_8));
            if (reply.refusal().isPresent()) {
                Refusal no = reply.refusal().get();
                throw new StartFailure(
                        "The central bank does not take " + connection.name() + ": " + no,
                        new DecodeException(no.code(), no.detail()));
            }
            JsonNode answer = JSON.readTree(reply.body());
            return new IssuerKeyId(
                    new InstitutionId(answer.required("institution").intValue()),
                    answer.required("generation").intValue());
        } catch (Unreachable | JsonProcessingException e) {
            throw new StartFailure("The central bank at " + central + " does not answer: " + e.getMessage(), e);
        } catch (IOException e) {
            throw new StartFailure("The central bank's answer cannot be read.", e);
        }
    }
}
