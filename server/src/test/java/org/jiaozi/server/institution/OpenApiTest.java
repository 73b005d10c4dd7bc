package org.jiaozi.server.institution;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jiaozi.server.http.HttpCaller;
import org.jiaozi.server.http.HttpReply;
import org.jiaozi.server.http.MediaType;
import org.jiaozi.server.tls.TlsIdentity;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

/** Holds the descriptions of both roles against the running servers. */
final class OpenApiTest {
    private static World world;

    @BeforeAll
    static void start(@TempDir Path folder) {
        world = World.running(folder);
    }

    @AfterAll
    static void stop() {
        world.close();
    }

    private record Operation(String method, String path, JsonNode description) {}

    private static JsonNode read(String role) throws IOException {
        try (InputStream text = InstitutionServer.class.getResourceAsStream("/openapi/" + role + ".yaml")) {
            Object tree = new Yaml(new SafeConstructor(new LoaderOptions())).load(text);
            return World.JSON.valueToTree(tree);
        }
    }

    private static List<Operation> operations(JsonNode description) {
        List<Operation> all = new ArrayList<>();
        description
                .required("paths")
                .properties()
                .forEach(path -> path.getValue()
                        .properties()
                        .forEach(operation -> all.add(new Operation(
                                operation.getKey().toUpperCase(Locale.ROOT), path.getKey(), operation.getValue()))));
        return all;
    }

    @Test
    void theInstitutionAnswersAsDescribedAndNothingElse() throws IOException {
        String account =
                world.open("bank-a", "Alice", 1, 500).required("account").asText();
        check(
                read("institution"),
                world.banks.get("bank-a").routes(),
                world.url("bank-a"),
                world.folder.resolve("operator-bank-a"),
                account);
    }

    @Test
    void theCentralBankAnswersAsDescribedAndNothingElse() throws IOException {
        check(read("central"), world.central.routes(), world.central.address(), world.central.operatorFolder(), "");
    }

    private static void check(JsonNode description, List<String> routes, String address, Path operator, String account)
            throws IOException {
        List<Operation> documented = operations(description);
        assertThat(documented).extracting(o -> o.method() + " " + o.path()).containsExactlyInAnyOrderElementsOf(routes);
        try (HttpCaller caller =
                        HttpCaller.create(Optional.of(TlsIdentity.load(operator).context()), Duration.ofSeconds(30));
                HttpCaller stranger = HttpCaller.create(
                        Optional.of(TlsIdentity.load(world.folder.resolve("bank-b/tls"))
                                .context()),
                        Duration.ofSeconds(30))) {
            for (Operation operation : documented) {
                answersAsDocumented(operation, send(caller, address, operation, account));
                if (operation.path().matches("/metrics|/v1/operator.*")) {
                    HttpReply no = send(stranger, address, operation, account);
                    assertThat(no.status())
                            .as("a stranger at %s", operation.path())
                            .isEqualTo(403);
                    answersAsDocumented(operation, no);
                }
            }
        }
    }

    private static HttpReply send(HttpCaller caller, String address, Operation operation, String account)
            throws IOException {
        String path = operation.path();
        for (JsonNode parameter : operation.description().path("parameters")) {
            String value = parameter.required("example").asText();
            path = path.replace(
                    "{" + parameter.required("name").asText() + "}", value.equals("ACCOUNT") ? account : value);
        }
        URI to = URI.create(address + path);
        JsonNode content = operation.description().path("requestBody").path("content");
        if (operation.method().equals("GET")) {
            return caller.get(to, success(operation).orElse(MediaType.JSON));
        }
        if (content.has(MediaType.CBOR)) {
            return caller.post(to, MediaType.CBOR, new byte[0]);
        }
        JsonNode example = content.path(MediaType.JSON).path("example");
        return caller.post(
                to, MediaType.JSON, example.isMissingNode() ? new byte[0] : World.JSON.writeValueAsBytes(example));
    }

    private static Optional<String> success(Operation operation) {
        var types = operation
                .description()
                .required("responses")
                .required("200")
                .path("content")
                .fieldNames();
        return types.hasNext() ? Optional.of(types.next()) : Optional.empty();
    }

    private static void answersAsDocumented(Operation operation, HttpReply reply) throws IOException {
        String what = operation.method() + " " + operation.path() + " -> " + reply.status();
        JsonNode responses = operation.description().required("responses");
        if (!reply.ok()) {
            // documented under "default"
            assertThat(responses.has("default")).as(what).isTrue();
            assertThat(reply.type()).as(what).isIn(MediaType.PROBLEM_JSON, MediaType.PROBLEM_CBOR);
            assertThat(reply.refusal()).as(what).isPresent();
            assertThat(reply.status()).as("%s: %s", what, reply.refusal()).isNotEqualTo(500);
            return;
        }
        JsonNode documented = responses.path(Integer.toString(reply.status()));
        assertThat(documented.isMissingNode()).as(what).isFalse();
        if (!documented.has("content")) {
            assertThat(reply.body()).as(what).isEmpty();
            return;
        }
        JsonNode content = documented.required("content");
        assertThat(content.has(reply.type())).as("%s: %s", what, reply.type()).isTrue();
        if (reply.type().equals(MediaType.JSON)) {
            JsonNode body = World.JSON.readTree(reply.body());
            JsonNode schema = content.required(MediaType.JSON).required("schema");
            if (schema.required("type").asText().equals("array")) {
                assertThat(body.isArray()).as(what).isTrue();
                return;
            }
            List<String> fields = new ArrayList<>();
            body.fieldNames().forEachRemaining(fields::add);
            schema.path("required").forEach(name -> assertThat(fields).as(what).contains(name.asText()));
            List<String> known = new ArrayList<>();
            schema.path("properties").fieldNames().forEachRemaining(known::add);
            assertThat(known).as(what).containsAll(fields);
        }
    }
}
