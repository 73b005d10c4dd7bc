package org.jiaozi.server.central;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jiaozi.core.crypto.Sha256;
import org.jiaozi.crypto.Es256Verifier;
import org.jiaozi.crypto.SystemEntropy;
import org.jiaozi.server.StartFailure;
import org.jiaozi.server.db.Belonging;
import org.jiaozi.server.db.Database;
import org.jiaozi.server.durable.DurableFile;
import org.jiaozi.server.http.HttpServer;
import org.jiaozi.server.http.ServerTls;
import org.jiaozi.server.metrics.Metrics;
import org.jiaozi.server.tls.CertificateAuthority;
import org.jiaozi.server.tls.TlsIdentity;

/**
 * A running central bank. Its data folder holds the keys ({@code root.key}, {@code registry.key}), the connection
 * authority ({@code ca}), what wallets and institutions are given ({@code trust.json}), and the connection certificates
 * of its operator ({@code operator}), of whoever watches it ({@code monitor}) and members ({@code members/CODE}).
 */
public final class CentralServer implements AutoCloseable {
    /** The name in the operator's connection certificate. */
    public static final String OPERATOR = "operator-central";

    /** The name in the connection certificate of whoever watches it: it may see the metrics and nothing else. */
    public static final String MONITOR = "monitor-central";

    static final String MIGRATIONS = "classpath:db/central";

    private static final int POOL = 8;
    private static final Duration READY = Duration.ofSeconds(2);

    private final CentralBank bank;
    private final HttpServer http;
    private final Metrics metrics;
    private final Path dataDir;

    private CentralServer(CentralBank bank, HttpServer http, Metrics metrics, Path dataDir) {
        this.bank = bank;
        this.http = http;
        this.metrics = metrics;
        this.dataDir = dataDir;
    }

    /**
     * Starts, and returns once it listens. Keys and authority are made on the first start.
     *
     * @throws StartFailure in one line
     */
    public static CentralServer start(CentralConfig config) {
        return start(config, CentralCrash.fromEnvironment());
    }

    static CentralServer start(CentralConfig config, CentralCrash crash) {
        Path data = config.dataDir();
        Founding founding = found(data, config.members());
        CentralKeys keys = CentralKeys.openOrCreate(data, new SystemEntropy());
        Metrics metrics = Metrics.ofThisProcess();
        Database database = database(config, keys, metrics);
        CentralBank bank = new CentralBank(
                database,
                keys,
                new Es256Verifier(),
                config.clock(),
                config.policy(),
                crash,
                new DepositCounts(metrics));
        try {
            HttpServer http = HttpServer.start(
                    config.port(),
                    Optional.of(new ServerTls(founding.own().context(), ServerTls.Clients.MEMBERS_OR_ANYBODY)),
                    new HttpServer.Setup(
                            config.bounds(), () -> database.ready(READY), metrics, List.of(OPERATOR, MONITOR)),
                    Stream.concat(
                                    new MemberRoutes(bank, config.members()).routes().stream(),
                                    new OperatorRoutes(new CentralAdmin(bank)).routes().stream())
                            .toList());
            writeTrust(data, keys, founding.authority(), http.address());
            return new CentralServer(bank, http, metrics, data);
        } catch (RuntimeException e) {
            bank.close();
            metrics.close();
            throw e;
        }
    }

    /** The registry of these keys and no other. */
    private static Database database(CentralConfig config, CentralKeys keys, Metrics metrics) {
        Database database = Database.open(config.jdbcUrl(), MIGRATIONS, POOL, Database.Access.LOOKED_UP, metrics);
        try {
            Bulletins bulletins = new Bulletins(keys);
            Belonging.hold(
                    database,
                    config.dataDir(),
                    Sha256.hash(keys.root().publicKey().compressed()).bytes().toArray(),
                    new SystemEntropy().next(Belonging.ID_SIZE).toArray(),
                    handle -> bulletins
                            .latest(handle)
                            .map(b ->
                                    b.verifies(new Es256Verifier(), keys.root().publicKey()))
                            .orElse(true));
            return database;
        } catch (RuntimeException e) {
            database.close();
            throw e;
        }
    }

    /**
     * Makes all that lies in the data folder, keys, authority, certificates and trust, before anything is served there, so
     * that operators and members can be given theirs while the server is still starting. Doing it again keeps the keys.
     *
     * @param address where the server is going to listen
     * @return the connection authority
     */
    public static CertificateAuthority prepare(Path data, List<CentralConfig.Member> members, String address) {
        Founding founding = found(data, members);
        writeTrust(data, CentralKeys.openOrCreate(data, new SystemEntropy()), founding.authority(), address);
        return founding.authority();
    }

    private record Founding(CertificateAuthority authority, TlsIdentity own) {}

    private static Founding found(Path data, List<CentralConfig.Member> members) {
        privateFolder(data);
        // a connection is judged by the machine's clock, whatever clock the money runs on
        Instant now = Instant.now();
        CertificateAuthority authority = CertificateAuthority.openOrCreate(data.resolve("ca"), now, new SecureRandom());
        TlsIdentity own = authority.issueInto(data.resolve("tls"), "central", now);
        authority.issueInto(data.resolve("operator"), OPERATOR, now);
        authority.issueInto(data.resolve("monitor"), MONITOR, now);
        privateFolder(data.resolve("members"));
        for (CentralConfig.Member member : members) {
            authority.issueInto(memberFolder(data, member.code()), member.code(), now);
        }
        return new Founding(authority, own);
    }

    private static Path memberFolder(Path data, String code) {
        return data.resolve("members").resolve(code);
    }

    private static void privateFolder(Path folder) {
        try {
            DurableFile.createFolders(
                    folder, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        } catch (IOException e) {
            throw new StartFailure("Cannot create " + folder + ": " + e, e);
        }
    }

    /** What everybody who trusts this central bank needs: its root key and its connection authority. */
    private static void writeTrust(Path data, CentralKeys keys, CertificateAuthority authority, String address) {
        try {
            String pem = "-----BEGIN CERTIFICATE-----\n"
                    + Base64.getMimeEncoder(64, new byte[] {'\n'})
                            .encodeToString(authority.certificate().getEncoded())
                    + "\n-----END CERTIFICATE-----\n";
            ObjectMapper json = new ObjectMapper();
            String text = json.writerWithDefaultPrettyPrinter()
                            .writeValueAsString(json.createObjectNode()
                                    .put(
                                            "rootKey",
                                            keys.root().publicKey().compressed().hex())
                                    .put("centralUrl", address)
                                    .put("caPem", pem))
                    + "\n";
            DurableFile.write(
                    data.resolve("trust.json"), text.getBytes(StandardCharsets.UTF_8), DurableFile.Access.USUAL);
        } catch (IOException | java.security.cert.CertificateEncodingException e) {
            throw new StartFailure("Cannot write " + data.resolve("trust.json") + ": " + e, e);
        }
    }

    /** Where it listens, such as {@code https://127.0.0.1:4001}. */
    public String address() {
        return http.address();
    }

    public int port() {
        return http.port();
    }

    /** Everything it answers, as method and path. */
    public List<String> routes() {
        return http.routes();
    }

    /** The file that wallets and institutions are given. */
    public Path trustFile() {
        return dataDir.resolve("trust.json");
    }

    /** The folder with the operator's connection certificate. */
    public Path operatorFolder() {
        return dataDir.resolve("operator");
    }

    /** The folder with a member's connection certificate: {@code ca.pem}, {@code tls.pem}, {@code tls.key}. */
    public Path memberFolder(String code) {
        return memberFolder(dataDir, code);
    }

    /** What operators can do, from within this process. */
    public CentralAdmin admin() {
        return new CentralAdmin(bank);
    }

    /** Stops in order. */
    @Override
    public void close() {
        http.close();
        bank.close();
        metrics.close();
    }
}
