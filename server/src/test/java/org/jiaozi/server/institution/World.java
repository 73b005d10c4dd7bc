package org.jiaozi.server.institution;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jiaozi.bank.institution.CoreBanking;
import org.jiaozi.core.bulletin.Bulletin;
import org.jiaozi.core.bulletin.InstitutionEntry;
import org.jiaozi.core.policy.Profile;
import org.jiaozi.core.statement.Signed;
import org.jiaozi.core.value.Amount;
import org.jiaozi.core.value.Bytes;
import org.jiaozi.core.value.Currency;
import org.jiaozi.core.value.Limit;
import org.jiaozi.server.TestCluster;
import org.jiaozi.server.central.CentralConfig;
import org.jiaozi.server.central.CentralServer;
import org.jiaozi.server.http.HttpCaller;
import org.jiaozi.server.http.HttpReply;
import org.jiaozi.server.http.MediaType;
import org.jiaozi.server.http.Unreachable;
import org.jiaozi.server.tls.CertificateAuthority;
import org.jiaozi.server.tls.TlsIdentity;

/** A central bank and two institutions in this process, with a clock that a test sets. */
final class World implements AutoCloseable {
    static final Currency CNY = new Currency("CNY");
    static final ObjectMapper JSON = new ObjectMapper();
    /** The central bank in the place of an institution's code, where its operator asks. */
    static final String CENTRAL = "central";

    private static final Set<Integer> GIVEN = ConcurrentHashMap.newKeySet();
    static final long RESERVE = 10_000_000;

    final Path folder;
    final AtomicLong offset = new AtomicLong();
    final InstantSource clock = () -> Instant.now().plusSeconds(offset.get());
    final CentralServer central;
    /** Where it answers, also after it was closed here and goes on elsewhere. */
    final String centralAddress;

    final String centralDatabase;
    final Map<String, InstitutionServer> banks = new HashMap<>();
    private final Supplier<String> fresh;
    private final Clocks clocks;
    private final Map<String, Integer> ports = new HashMap<>();
    private final Map<String, String> databases = new HashMap<>();
    private final Map<String, HttpCaller> callers = new HashMap<>();

    /** What servers read the time from. */
    @FunctionalInterface
    interface Clocks {
        /** One server's, which this thread starts next. */
        InstantSource of(String role, InstantSource clock);
    }

    World(Path folder) {
        this(folder, TestCluster::freshDatabase);
    }

    /** On databases that {@code databases} makes. */
    World(Path folder, Supplier<String> databases) {
        this(folder, databases, List.of());
    }

    /** With members besides the usual two, whose databases and folders are made when they are asked for. */
    World(Path folder, Supplier<String> databases, List<String> others) {
        this(folder, databases, others, (role, clock) -> clock);
    }

    private World(Path folder, Supplier<String> databases, List<String> others, Clocks clocks) {
        this.folder = folder;
        this.fresh = databases;
        this.clocks = clocks;
        centralDatabase = databases.get();
        central = CentralServer.start(new CentralConfig(
                folder.resolve(CENTRAL), 0, centralDatabase, clocks.of(CENTRAL, clock), profile(), members(others)));
        centralAddress = central.address();
        callers.put(CENTRAL, caller(folder.resolve(CENTRAL).resolve("operator")));
        List.of("bank-a", "bank-b").forEach(this::prepare);
    }

    private static HttpCaller caller(Path identity) {
        return HttpCaller.create(Optional.of(TlsIdentity.load(identity).context()), Duration.ofSeconds(60));
    }

    private static String name(String code) {
        return "Bank " + code.substring("bank-".length()).toUpperCase(Locale.ROOT);
    }

    /** The two that every world has, and others. */
    static List<CentralConfig.Member> members(List<String> others) {
        return Stream.concat(Stream.of("bank-a", "bank-b"), others.stream())
                .map(code -> new CentralConfig.Member(code, name(code)))
                .toList();
    }

    /** Both institutions, funded. */
    static World running(Path folder) {
        return running(folder, TestCluster::freshDatabase);
    }

    /** The same on databases that {@code databases} makes. */
    static World running(Path folder, Supplier<String> databases) {
        return running(folder, databases, (role, clock) -> clock, Optional.empty());
    }

    /** The same by clocks of their own, where somebody may hear the first institution's webhooks. */
    static World running(Path folder, Supplier<String> databases, Clocks clocks, Optional<URI> webhook) {
        World world = new World(folder, databases, List.of(), clocks);
        world.start("bank-a", world.central.address(), webhook);
        world.start("bank-b", world.central.address());
        world.fund();
        return world;
    }

    static Profile profile() {
        return profile(Map.of());
    }

    /** The default with some values changed. */
    static Profile profile(Map<String, ?> changed) {
        try (InputStream shipped =
                Profile.class.getResourceAsStream("/org/jiaozi/core/policy/profiles/circulating.json")) {
            Map<String, Object> values = JSON.readValue(shipped, new TypeReference<Map<String, Object>>() {});
            values.putAll(changed);
            return Profile.fromMap(values);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** One that nobody listens on, and that nobody was given before. */
    static int freePort() {
        while (true) {
            try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.ofLiteral("127.0.0.1"))) {
                if (GIVEN.add(socket.getLocalPort())) {
                    return socket.getLocalPort();
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    /** Makes what an institution is started with. */
    void prepare(String code) {
        databases.put(code, fresh.get());
        ports.put(code, freePort());
        try {
            Path own = folder.resolve(code);
            Files.createDirectories(own.resolve("tls"));
            for (String name : List.of("ca.pem", "tls.pem", "tls.key")) {
                Files.copy(
                        central.memberFolder(code).resolve(name),
                        own.resolve("tls").resolve(name));
            }
            Files.copy(central.trustFile(), own.resolve("trust.json"));
            CertificateAuthority.openOrCreate(
                            folder.resolve("central").resolve("ca"), Instant.now(), new SecureRandom())
                    .issueInto(folder.resolve("operator-" + code), "operator-" + code, Instant.now());
            callers.put(code, caller(folder.resolve("operator-" + code)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    InstitutionConfig config(String code, String centralUrl, Optional<URI> webhook) {
        return new InstitutionConfig(
                code,
                name(code),
                folder.resolve(code),
                1,
                ports.get(code),
                centralUrl,
                databases.get(code),
                clocks.of(code, clock),
                // tests ask for events; nothing depends on how fast they come by themselves
                Duration.ofMillis(500),
                webhook);
    }

    void start(String code, String centralUrl) {
        start(code, centralUrl, Optional.empty());
    }

    private void start(String code, String centralUrl, Optional<URI> webhook) {
        banks.put(code, InstitutionServer.start(config(code, centralUrl, webhook)));
    }

    /** One that reaches its accounts through the port only, as those of another system. */
    void startWithAccountsElsewhere(String code) {
        banks.put(code, InstitutionServer.start(config(code, central.address(), Optional.empty()), (db, clock) -> {
            CoreBanking accounts = new BuiltInAccounts(db, clock);
            return (CoreBanking) Proxy.newProxyInstance(
                    CoreBanking.class.getClassLoader(),
                    new Class<?>[] {CoreBanking.class},
                    (proxy, method, arguments) -> asked(accounts, method, arguments));
        }));
    }

    private static Object asked(CoreBanking accounts, Method method, Object[] arguments) throws Throwable {
        try {
            return method.invoke(accounts, arguments);
        } catch (InvocationTargetException e) {
            throw e.getCause();
        }
    }

    void stop(String code) {
        InstitutionServer running = banks.remove(code);
        if (running != null) {
            running.close();
        }
    }

    void fund() {
        List.of("bank-a", "bank-b").forEach(this::fund);
    }

    void fund(String code) {
        var id = central.admin().institution(code).orElseThrow();
        central.admin().setQuota(id, 1, CNY, new Amount(RESERVE));
        central.admin().fundReserve(id, CNY, new Amount(RESERVE), "first-" + code);
    }

    String url(String code) {
        return code.equals(CENTRAL) ? centralAddress : "https://127.0.0.1:" + ports.get(code);
    }

    String database(String code) {
        return databases.get(code);
    }

    HttpReply post(String code, String path, String type, byte[] body) {
        try {
            return callers.get(code).post(URI.create(url(code) + path), type, body);
        } catch (Unreachable e) {
            throw new UncheckedIOException(e);
        }
    }

    HttpReply get(String code, String path, String type) {
        try {
            return callers.get(code).get(URI.create(url(code) + path), type);
        } catch (Unreachable e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Asks {@code code} with the identity of {@code other}'s operator. */
    HttpReply stranger(String other, String code, String path) {
        try {
            return callers.get(other).get(URI.create(url(code) + path), MediaType.JSON);
        } catch (Unreachable e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What an operator's question is answered; a refusal fails the test. */
    JsonNode operator(String code, String path, Map<String, ?> body) {
        try {
            HttpReply reply = post(code, "/v1/operator" + path, MediaType.JSON, JSON.writeValueAsBytes(body));
            if (!reply.ok()) {
                throw new WasRefused(path, reply.refusal().orElseThrow());
            }
            return JSON.readTree(reply.body());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    JsonNode operator(String code, String path) {
        try {
            HttpReply reply = get(code, "/v1/operator" + path, MediaType.JSON);
            if (!reply.ok()) {
                throw new WasRefused(path, reply.refusal().orElseThrow());
            }
            return JSON.readTree(reply.body());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    long balance(String code, String account) {
        return operator(code, "/accounts/" + account).required("balance").longValue();
    }

    long book(String code, String name) {
        return operator(code, "/books").required("books").path(name).asLong(0);
    }

    Bulletin bulletin(String code) {
        return signedBulletin(code).statement();
    }

    Signed<Bulletin> signedBulletin(String code) {
        HttpReply reply = get(code, "/v1/bulletin", MediaType.CBOR);
        if (!reply.ok()) {
            throw new WasRefused("the bulletin", reply.refusal().orElseThrow());
        }
        return Signed.decode(Bytes.of(reply.body()), Limit.SERVICE_MESSAGE_BYTES, Bulletin::read);
    }

    InstitutionEntry entry(String code) {
        return bulletin(code).institutions().stream()
                .filter(i -> i.code().equals(code))
                .findFirst()
                .orElseThrow();
    }

    /** An account with money and the code to enrol. */
    JsonNode open(String code, String holder, int tier, long balance) {
        return open(code, TestWallet.nonce().bytes().hex(), holder, tier, balance);
    }

    /** The same under a reference of the caller's own. */
    JsonNode open(String code, String reference, String holder, int tier, long balance) {
        return operator(
                code,
                "/accounts",
                Map.of("holder", holder, "tier", tier, "openingBalance", balance, "reference", reference));
    }

    /** Waits for something that a server does in the background. */
    static void await(String what, BooleanSupplier happened) {
        long begin = System.nanoTime();
        while (!happened.getAsBoolean()) {
            if (System.nanoTime() - begin > 240_000_000_000L) {
                throw new AssertionError("does not happen: " + what);
            }
            Thread.onSpinWait();
            java.util.concurrent.locks.LockSupport.parkNanos(20_000_000);
        }
    }

    static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    @Override
    public void close() {
        callers.values().forEach(HttpCaller::close);
        banks.values().forEach(InstitutionServer::close);
        central.close();
    }
}
