package org.jiaozi.cli.wallet;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.jiaozi.cli.Main;
import org.jiaozi.core.bulletin.Bulletin;
import org.jiaozi.core.bulletin.InstitutionEntry;
import org.jiaozi.core.bulletin.InstitutionKey;
import org.jiaozi.core.crypto.Sealer;
import org.jiaozi.core.message.BankMessage;
import org.jiaozi.core.message.Envelope;
import org.jiaozi.core.message.WalletAnswer;
import org.jiaozi.core.message.WalletMessage;
import org.jiaozi.core.policy.Profile;
import org.jiaozi.core.statement.Signed;
import org.jiaozi.core.value.Bytes;
import org.jiaozi.core.value.InstitutionId;
import org.jiaozi.core.value.IssuerKeyId;
import org.jiaozi.core.value.Period;
import org.jiaozi.core.value.Thumbprint;
import org.jiaozi.core.value.Timestamp;
import org.jiaozi.crypto.Es256Signer;
import org.jiaozi.crypto.HpkeSealer;
import org.jiaozi.crypto.SecretKey;
import org.jiaozi.crypto.SystemEntropy;

/** A root, a small institution over HTTP with another beside it, and wallets in a folder, run by their commands. */
final class Town implements AutoCloseable {
    static final String PIN = "271828";
    static final String NEW_PIN = "314159";
    private static final ObjectMapper JSON = new ObjectMapper();

    final Path folder;
    final Path trust;
    final TownBank bank;

    /** Every message that came in, as often as it came. */
    final List<Signed<WalletMessage>> heard = new CopyOnWriteArrayList<>();
    /** Whether marks lie beside each wallet and not all in one place. */
    volatile boolean marksBeside;
    /** It acts, and nobody hears its answer. */
    volatile boolean mute;
    /** How often it has no room for a message before it has. */
    final AtomicInteger crowded = new AtomicInteger();

    private final SystemEntropy entropy = new SystemEntropy();
    private final HpkeSealer sealer = new HpkeSealer(entropy);
    private final Es256Signer root = Es256Signer.of(SecretKey.generate(entropy));
    private final Map<InstitutionId, Es256Signer> bankKeys = Map.of(
            TownBank.HERE, Es256Signer.of(SecretKey.generate(entropy)),
            TownBank.ELSEWHERE, Es256Signer.of(SecretKey.generate(entropy)));
    private final Sealer.KeyPair sealing = sealer.newKeyPair();
    private final Timestamp now = new Timestamp(Instant.now().getEpochSecond());
    private final Map<InstitutionId, HttpServer> servers;
    private volatile Signed<Bulletin> bulletin;
    private final Set<InstitutionId> gone = new HashSet<>();

    /** What a command said. */
    record Said(int code, String out, String err) {
        JsonNode json() {
            try {
                // the last object: a listener says its port on a line before
                String last = out.startsWith("{\"") ? out.substring(out.indexOf('\n') + 1) : out;
                return JSON.readTree(last);
            } catch (IOException e) {
                throw new AssertionError("no JSON: " + out + err, e);
            }
        }

        int refused() {
            return json().path("refused").path("number").asInt();
        }

        JsonNode good() {
            if (code != 0) {
                throw new AssertionError(code + ": " + out + err);
            }
            return json();
        }
    }

    /** For commands in this process, until it is closed: the PIN, a cheap vault, and the right time. */
    Town(Path folder) throws IOException {
        System.setProperty("JIAOZI_PIN", PIN);
        System.setProperty("JIAOZI_ARGON2", "cheap");
        this.folder = folder;
        bank = new TownBank(bankKeys, now);
        servers = Map.of(TownBank.HERE, server(), TownBank.ELSEWHERE, server());
        bulletin = bulletin(1, Set.of());
        for (HttpServer server : servers.values()) {
            server.createContext("/v1/bulletin", e -> answer(e, bulletin.encode()));
            server.createContext("/v1/wallet", this::wallet);
            server.start();
        }
        trust = folder.resolve("trust.json");
        Files.writeString(
                trust,
                "{\"rootKey\": \"" + root.publicKey().compressed().hex() + "\", \"caPem\": \"\"}",
                StandardCharsets.UTF_8);
    }

    private Signed<Bulletin> bulletin(long epoch, Set<Thumbprint> revoked) throws IOException {
        return Signed.by(
                root,
                new Bulletin(
                        new IssuerKeyId(InstitutionId.CENTRAL_BANK, 0),
                        epoch,
                        now,
                        now.plus(Period.ofDays(30)),
                        List.of(
                                entry(TownBank.HERE, "bank", "The Bank"),
                                entry(TownBank.ELSEWHERE, "other", "The Other Bank")),
                        new TreeSet<>(revoked),
                        root.publicKey(),
                        profile()));
    }

    private InstitutionEntry entry(InstitutionId institution, String code, String name) {
        return new InstitutionEntry(
                institution,
                code,
                name,
                List.of(new InstitutionKey(
                        0, bankKeys.get(institution).publicKey(), new Timestamp(0), now.plus(Period.ofDays(900)))),
                sealing.publicKey(),
                url(institution),
                gone.contains(institution) ? Optional.of(now) : Optional.empty());
    }

    /** Publishes the next bulletin, in which every key of a wallet is revoked. */
    void revoke(String wallet) throws IOException {
        Set<Thumbprint> revoked = new HashSet<>(bulletin.statement().revoked());
        run(wallet, "show")
                .good()
                .path("keys")
                .forEach(k -> revoked.add(Thumbprint.fromHex(k.path("key").asText())));
        bulletin = bulletin(bulletin.statement().epoch() + 1, revoked);
    }

    /** Publishes the next bulletin, in which the institution is gone, or back. */
    void declare(boolean isGone) throws IOException {
        declare(TownBank.HERE, isGone);
    }

    /** The same for any institution. */
    void declare(InstitutionId institution, boolean isGone) throws IOException {
        if (isGone) {
            gone.add(institution);
        } else {
            gone.remove(institution);
        }
        bulletin =
                bulletin(bulletin.statement().epoch() + 1, bulletin.statement().revoked());
    }

    /** Whatever runs in this process from now on runs that much later. */
    static void clock(long seconds) {
        if (seconds == 0) {
            System.clearProperty("JIAOZI_CLOCK_OFFSET");
        } else {
            System.setProperty("JIAOZI_CLOCK_OFFSET", Long.toString(seconds));
        }
    }

    String url() {
        return url(TownBank.HERE);
    }

    String url(InstitutionId institution) {
        return "http://127.0.0.1:" + servers.get(institution).getAddress().getPort();
    }

    Path dir(String name) {
        return folder.resolve(name);
    }

    /** A wallet that is enrolled. */
    void wallet(String name) {
        run(name, "create", "--trust", trust.toString()).good();
        run(name, "enroll", "--institution", url(), "--code", "CODE").good();
    }

    /** A wallet asks for an amount; where its request lies. */
    Path request(String wallet, String amount, String name) {
        Path to = folder.resolve(name);
        run(wallet, "request", amount, "--file-out", to.toString()).good();
        return to;
    }

    /** A wallet pays a request; where its payment lies. */
    Path pay(String wallet, Path request) {
        Path to = Path.of(request + ".paid");
        run(wallet, "pay", "--yes", "--file-in", request.toString(), "--file-out", to.toString())
                .good();
        return to;
    }

    /** A wallet takes a payment; where its receipt lies. */
    Path receive(String wallet, Path payment) {
        Path to = Path.of(payment + ".receipt");
        run(wallet, "receive", "--file-in", payment.toString(), "--file-out", to.toString())
                .good();
        return to;
    }

    /** What a wallet holds, in minor units. */
    long holding(String wallet) {
        return run(wallet, "show").good().path("holding").asLong();
    }

    /** Runs {@code jiaozi wallet} in this process, with {@code --json}. */
    Said run(String name, String... command) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        int code = Main.run(new PrintWriter(out, true), new PrintWriter(err, true), line(name, command));
        return new Said(code, out.toString(), err.toString());
    }

    private Path marks(String name) {
        return marksBeside ? dir(name).resolveSibling("marks") : dir("marks");
    }

    /** Where the anti-rollback mark of a wallet lies. */
    Path mark(String name) {
        return marks(name).resolve(run(name, "show").good().path("wallet").asText());
    }

    String[] line(String name, String... command) {
        List<String> line = new ArrayList<>(List.of("wallet"));
        line.addAll(Arrays.asList(command));
        line.addAll(List.of(
                "--json",
                "--dir",
                dir(name).toString(),
                "--mark-dir",
                marks(name).toString()));
        return line.toArray(String[]::new);
    }

    /** Runs any command as a person does: no JSON, what goes wrong on the error stream. */
    static Said plain(String... command) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        int code = Main.run(new PrintWriter(out, true), new PrintWriter(err, true), command);
        return new Said(code, out.toString(), err.toString());
    }

    /** The same in a wallet's directory. */
    Said asPerson(String name, String... command) {
        return plain(Arrays.stream(line(name, command))
                .filter(word -> !word.equals("--json"))
                .toArray(String[]::new));
    }

    /** Runs it in a process of its own, which dies at {@code crashAt}; "" for nowhere. */
    Said child(String crashAt, String name, String... command) {
        return process(crashAt, line(name, command));
    }

    /** The same for any command line. */
    Said process(String crashAt, String... words) {
        List<String> line = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path"),
                "org.jiaozi.cli.Main"));
        line.addAll(Arrays.asList(words));
        try {
            ProcessBuilder builder = new ProcessBuilder(line);
            builder.environment().put("JIAOZI_PIN", PIN);
            builder.environment().put("JIAOZI_ARGON2", "cheap");
            builder.environment().put("JIAOZI_CRASH_AT", crashAt);
            builder.redirectError(folder.resolve("child.err").toFile());
            Process process = builder.start();
            String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            return new Said(process.waitFor(), out, Files.readString(folder.resolve("child.err")));
        } catch (IOException e) {
            throw new AssertionError(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }

    private void wallet(HttpExchange exchange) throws IOException {
        if (crowded.getAndUpdate(left -> Math.max(0, left - 1)) > 0) {
            exchange.getResponseHeaders().add("Retry-After", "0");
            answer(
                    exchange,
                    503,
                    "application/problem+json",
                    Bytes.of("{\"number\":802}".getBytes(StandardCharsets.US_ASCII)));
            return;
        }
        Envelope envelope = Envelope.decode(Bytes.of(exchange.getRequestBody().readAllBytes()));
        Envelope.Opened opened = envelope.open(sealer, sealing);
        WalletMessage message = opened.message().statement();
        heard.add(opened.message());
        WalletAnswer said = bank.answer(opened.message(), bulletin.statement());
        if (mute) {
            exchange.close();
            return;
        }
        BankMessage answer = new BankMessage(TownBank.key(message.institution()), message.id(), now, said.cbor());
        answer(
                exchange,
                Envelope.sealAnswer(sealer, opened.replyKey(), Signed.by(bankKeys.get(message.institution()), answer)));
    }

    private static void answer(HttpExchange exchange, Bytes body) throws IOException {
        answer(exchange, 200, "application/cbor", body);
    }

    private static void answer(HttpExchange exchange, int status, String type, Bytes body) throws IOException {
        exchange.getResponseHeaders().add("Content-Type", type);
        // whoever stands where it is to be killed keeps its connection, and the server keeps 200 at most
        exchange.getResponseHeaders().add("Connection", "close");
        exchange.sendResponseHeaders(status, body.size());
        try (OutputStream out = exchange.getResponseBody()) {
            out.write(body.toArray());
        }
    }

    private static HttpServer server() throws IOException {
        return HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    }

    private static Profile profile() throws IOException {
        try (InputStream in = Profile.class.getResourceAsStream("/org/jiaozi/core/policy/profiles/circulating.json")) {
            Map<String, Object> map = JSON.convertValue(
                    JSON.readTree(in), new com.fasterxml.jackson.core.type.TypeReference<Map<String, Object>>() {});
            return Profile.fromMap(longs(map));
        }
    }

    private static Map<String, Object> longs(Map<String, Object> map) {
        Map<String, Object> out = new HashMap<>();
        map.forEach((key, value) -> out.put(key, longs(value)));
        return out;
    }

    @SuppressWarnings("unchecked") // what JSON.convertValue makes of an object
    private static Object longs(Object value) {
        if (value instanceof Integer i) {
            return i.longValue();
        }
        if (value instanceof Map<?, ?> m) {
            return longs((Map<String, Object>) m);
        }
        return value instanceof List<?> l ? l.stream().map(Town::longs).toList() : value;
    }

    @Override
    public void close() {
        servers.values().forEach(server -> server.stop(0));
        clock(0);
        System.clearProperty("JIAOZI_PIN");
        System.clearProperty("JIAOZI_ARGON2");
    }
}
