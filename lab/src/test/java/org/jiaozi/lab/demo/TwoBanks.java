package org.jiaozi.lab.demo;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.jiaozi.core.bulletin.Bulletin;
import org.jiaozi.core.policy.Profile;
import org.jiaozi.core.statement.Signed;
import org.jiaozi.core.value.Amount;
import org.jiaozi.core.value.Bytes;
import org.jiaozi.core.value.Currency;
import org.jiaozi.core.value.InstitutionId;
import org.jiaozi.lab.audit.Audit;
import org.jiaozi.server.central.CentralConfig;
import org.jiaozi.server.central.CentralServer;
import org.jiaozi.server.http.HttpCaller;
import org.jiaozi.server.http.HttpReply;
import org.jiaozi.server.http.MediaType;
import org.jiaozi.server.http.Unreachable;
import org.jiaozi.server.institution.InstitutionConfig;
import org.jiaozi.server.institution.InstitutionServer;
import org.jiaozi.server.postgres.EmbeddedPostgres;
import org.jiaozi.server.tls.CertificateAuthority;
import org.jiaozi.server.tls.TlsIdentity;

/** A central bank and two institutions on a database of their own, each of which can be stopped by itself. */
final class TwoBanks implements AutoCloseable {
    private static final Currency CNY = new Currency("CNY");
    private static final List<String> CODES = List.of("bank-a", "bank-b");

    private final Path folder;
    private final EmbeddedPostgres postgres;
    final CentralServer central;
    private final Map<String, InstitutionServer> banks = new HashMap<>();
    private final Map<String, Integer> ports = new HashMap<>();
    private final Map<String, HttpCaller> callers = new HashMap<>();
    private final List<Shell> shells = new ArrayList<>();

    TwoBanks(Path folder) throws IOException {
        this.folder = folder;
        postgres = EmbeddedPostgres.start(folder.resolve("postgres"), OptionalInt.empty());
        central = CentralServer.start(new CentralConfig(
                folder.resolve("central"),
                0,
                database("central"),
                InstantSource.system(),
                profile(),
                CODES.stream().map(c -> new CentralConfig.Member(c, c)).toList()));
        for (String code : CODES) {
            try (ServerSocket free = new ServerSocket(0, 1, InetAddress.ofLiteral("127.0.0.1"))) {
                ports.put(code, free.getLocalPort());
            }
            prepare(code);
            start(code);
            central.admin().setQuota(id(code), 1, CNY, new Amount(1_000_000));
            central.admin().fundReserve(id(code), CNY, new Amount(1_000_000), "first-" + code);
        }
    }

    private static Profile profile() throws IOException {
        try (InputStream shipped =
                Profile.class.getResourceAsStream("/org/jiaozi/core/policy/profiles/circulating.json")) {
            return Profile.fromMap(Jiaozi.JSON.readValue(shipped, new TypeReference<Map<String, Object>>() {}));
        }
    }

    private String database(String role) {
        String name = role.replace('-', '_');
        postgres.createDatabaseIfMissing(name);
        return postgres.jdbcUrl(name);
    }

    private void prepare(String code) throws IOException {
        Path own = folder.resolve(code);
        Files.createDirectories(own.resolve("tls"));
        for (String name : List.of("ca.pem", "tls.pem", "tls.key")) {
            Files.copy(
                    central.memberFolder(code).resolve(name), own.resolve("tls").resolve(name));
        }
        Files.copy(central.trustFile(), own.resolve("trust.json"));
        Path operator = folder.resolve("operator-" + code);
        CertificateAuthority.openOrCreate(folder.resolve("central").resolve("ca"), Instant.now(), new SecureRandom())
                .issueInto(operator, InstitutionServer.operatorName(code), Instant.now());
        callers.put(
                code, HttpCaller.create(Optional.of(TlsIdentity.load(operator).context()), Duration.ofSeconds(60)));
    }

    void start(String code) {
        banks.put(
                code,
                InstitutionServer.start(new InstitutionConfig(
                        code,
                        code,
                        folder.resolve(code),
                        1,
                        Objects.requireNonNull(ports.get(code)),
                        central.address(),
                        database(code),
                        InstantSource.system(),
                        Duration.ofMillis(200),
                        Optional.empty())));
    }

    void stop(String code) {
        Objects.requireNonNull(banks.remove(code)).close();
    }

    InstitutionId id(String code) {
        return central.admin().institution(code).orElseThrow();
    }

    String url(String code) {
        return "https://127.0.0.1:" + ports.get(code);
    }

    Path trust() {
        return central.trustFile();
    }

    /** Declares it, and waits until the other institution hands the bulletin out to its wallets. */
    void declare(String code, boolean gone, String toldBy) {
        long epoch = central.admin().declare(id(code), gone, "test").statement().epoch();
        await("the bulletin of epoch " + epoch, () -> epoch(toldBy) >= epoch);
    }

    private long epoch(String code) {
        byte[] body = ask(code, c -> c.get(URI.create(url(code) + "/v1/bulletin"), MediaType.CBOR))
                .body();
        return Signed.decode(Bytes.of(body), Bulletin.MAX_BYTES, Bulletin::read)
                .statement()
                .epoch();
    }

    private interface Question {
        HttpReply ask(HttpCaller caller) throws Unreachable;
    }

    private HttpReply ask(String code, Question question) {
        try {
            HttpReply reply = question.ask(Objects.requireNonNull(callers.get(code)));
            if (!reply.ok()) {
                throw new AssertionError(code + ": " + reply.refusal());
            }
            return reply;
        } catch (Unreachable e) {
            throw new UncheckedIOException(e);
        }
    }

    JsonNode operator(String code, String path, Map<String, ?> body) throws IOException {
        byte[] json = Jiaozi.JSON.writeValueAsBytes(body);
        return Jiaozi.JSON.readTree(ask(
                        code, c -> c.post(URI.create(url(code) + "/v1/operator" + path), MediaType.JSON, json))
                .body());
    }

    long balance(String code, String account) {
        try {
            return Jiaozi.JSON
                    .readTree(ask(
                                    code,
                                    c -> c.get(
                                            URI.create(url(code) + "/v1/operator/accounts/" + account), MediaType.JSON))
                            .body())
                    .required("balance")
                    .longValue();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The auditor's word on all three databases, whoever runs. */
    Map<String, Object> audit() throws SQLException, IOException {
        Bytes root = Bytes.fromHex(
                Jiaozi.JSON.readTree(trust().toFile()).required("rootKey").asText());
        return Audit.run(database("central"), Map.of("bank-a", database("bank-a"), "bank-b", database("bank-b")), root);
    }

    /** One of the auditor's counts. */
    long audited(String count) {
        try {
            return ((Number) Objects.requireNonNull(((Map<?, ?>) audit().get("counted")).get(count), count))
                    .longValue();
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Waits for something that a server does in the background. */
    static void await(String what, BooleanSupplier happened) {
        long begin = System.nanoTime();
        while (!happened.getAsBoolean()) {
            if (System.nanoTime() - begin > 240_000_000_000L) {
                throw new AssertionError("does not happen: " + what);
            }
            LockSupport.parkNanos(20_000_000);
        }
    }

    /** Something that has to end before the servers do. */
    void closes(Shell shell) {
        shells.add(shell);
    }

    @Override
    public void close() {
        shells.forEach(Shell::close);
        callers.values().forEach(HttpCaller::close);
        banks.values().forEach(InstitutionServer::close);
        central.close();
        postgres.close();
    }
}
