package org.jiaozi.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.jiaozi.core.refusal.RefusalCode;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What lands on standard error. */
final class LoggingTest {
    private static final Logger LOG = Logger.getLogger("org.jiaozi.server.LoggingTest");

    private final PrintStream before = System.err;
    private final ByteArrayOutputStream said = new ByteArrayOutputStream();

    private void listen(Logging.Form form) {
        System.setErr(new PrintStream(said, true, StandardCharsets.UTF_8));
        Logging.configure(Level.INFO, form);
    }

    @AfterEach
    void giveBack() {
        System.setErr(before);
        Logging.configure(Level.WARNING);
    }

    private List<String> lines() {
        return said.toString(StandardCharsets.UTF_8).lines().toList();
    }

    @Test
    void aLineForPeopleUnlessAskedOtherwise() {
        listen(Logging.Form.TEXT);
        LOG.log(Level.WARNING, "a thing\nof {0} lines", 2);
        LOG.fine("not this");
        assertThat(lines()).singleElement().asString().matches("\\S+Z WARNING LoggingTest: a thing of 2 lines");
    }

    @Test
    void anObjectALineSaysForWhichRequestAndWhichNumber() throws IOException {
        listen(Logging.Form.JSON);
        LOG.log(Level.INFO, "a \"thing\"\nof {0} lines", 2);
        RequestInHand request = RequestInHand.fresh("GET /v1/{what}");
        boolean logged = request.during(() -> {
            LOG.log(
                    Level.WARNING,
                    "waits",
                    new ServiceFault(RefusalCode.BUSY, "later", new IllegalStateException("deep")));
            return true;
        });
        assertThat(logged).isTrue();
        assertThat(lines()).hasSize(2);
        ObjectMapper json = new ObjectMapper();
        JsonNode plain = json.readTree(lines().getFirst());
        assertThat(plain.properties())
                .extracting(java.util.Map.Entry::getKey)
                .containsExactly("time", "level", "logger", "message");
        assertThat(plain.path("message").asText()).isEqualTo("a \"thing\"\nof 2 lines");
        assertThat(plain.path("level").asText()).isEqualTo("INFO");
        assertThat(plain.path("logger").asText()).isEqualTo("org.jiaozi.server.LoggingTest");
        JsonNode of = json.readTree(lines().getLast());
        assertThat(of.path("number").asInt()).isEqualTo(802);
        assertThat(of.path("route").asText()).isEqualTo("GET /v1/{what}");
        assertThat(of.path("request").asText()).isEqualTo(request.id());
        assertThat(of.path("thrown").asText()).contains("802 BUSY: later at org.jiaozi.server.LoggingTest");
    }
}
