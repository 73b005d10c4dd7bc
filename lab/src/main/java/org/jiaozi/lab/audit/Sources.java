package org.jiaozi.lab.audit;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.UnaryOperator;
import org.jiaozi.cli.CommandFailure;
import org.jiaozi.core.value.Bytes;
import org.jiaozi.server.StartFailure;
import org.jiaozi.server.postgres.EmbeddedPostgres;
import org.jspecify.annotations.Nullable;

/** Finds the databases of a folder that {@code jiaozi up} made; starts their PostgreSQL if nothing else runs it, and never makes one. */
final class Sources implements AutoCloseable {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final List<String> codes;
    private final Bytes rootKey;
    private final UnaryOperator<String> url;
    private final @Nullable EmbeddedPostgres started;

    private Sources(List<String> codes, Bytes rootKey, UnaryOperator<String> url, @Nullable EmbeddedPostgres started) {
        this.codes = codes;
        this.rootKey = rootKey;
        this.url = url;
        this.started = started;
    }

    /**
     * Opens a folder.
     *
     * @param template where {@code up} was told of another PostgreSQL: its address with %s for the database
     */
    static Sources open(Path data, Optional<String> template) {
        List<String> codes = new ArrayList<>();
        JsonNode settings = json(data.resolve("up.json"));
        for (JsonNode institution : settings.path("institutions")) {
            codes.add(institution.path("code").asText());
        }
        Bytes root = Bytes.fromHex(json(data.resolve("central").resolve("trust.json"))
                .path("rootKey")
                .asText());
        if (template.isPresent()) {
            return new Sources(codes, root, name -> template.get().replace("%s", name), null);
        }
        String elsewhere = settings.path("database").asText("");
        if (!elsewhere.isEmpty()) {
            throw new CommandFailure(
                    "the databases of " + data + " are not in the folder (" + elsewhere + "): give --database-url");
        }
        Optional<UnaryOperator<String>> running = running(data.resolve("postgres"));
        if (running.isPresent()) {
            return new Sources(codes, root, running.get(), null);
        }
        // an audit looks; it makes nothing
        if (!Files.exists(data.resolve("postgres").resolve("pgdata"))) {
            throw new CommandFailure("there are no databases in " + data
                    + " and none runs: give --database-url, or bring back " + data.resolve("postgres"));
        }
        try {
            EmbeddedPostgres own = EmbeddedPostgres.start(data.resolve("postgres"), OptionalInt.empty());
            return new Sources(codes, root, own::jdbcUrl, own);
        } catch (StartFailure e) {
            throw new CommandFailure(String.valueOf(e.getMessage()), e);
        }
    }

    private static JsonNode json(Path file) {
        try {
            return JSON.readTree(Files.readString(file));
        } catch (IOException e) {
            throw new CommandFailure(
                    "no whole was started here, " + file + " cannot be read (jiaozi up --data DIR)", e);
        }
    }

    /** The cluster that servers have running, by the files it leaves. */
    private static Optional<UnaryOperator<String>> running(Path cluster) {
        try {
            String port = Files.readString(cluster.resolve("postgres.port")).strip();
            String password =
                    Files.readString(cluster.resolve("postgres.password")).strip();
            UnaryOperator<String> url =
                    name -> "jdbc:postgresql://127.0.0.1:" + port + "/" + name + "?user=jiaozi&password=" + password;
            try (Connection connection = DriverManager.getConnection(url.apply("central"))) {
                return connection.isValid(5) ? Optional.of(url) : Optional.empty();
            }
        } catch (IOException | SQLException e) {
            return Optional.empty();
        }
    }

    String central() {
        return url.apply("central");
    }

    /** JDBC addresses by institution code. */
    Map<String, String> institutions() {
        Map<String, String> urls = new LinkedHashMap<>();
        codes.forEach(code -> urls.put(code, url.apply(code.replace('-', '_'))));
        return urls;
    }

    Bytes rootKey() {
        return rootKey;
    }

    @Override
    public void close() {
        if (started != null) {
            started.close();
        }
    }
}
