package org.jiaozi.cli.up;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.function.Consumer;
import org.jiaozi.cli.CommandFailure;
import org.jiaozi.core.policy.Profile;
import org.jiaozi.server.central.CentralConfig;
import org.jiaozi.server.central.CentralServer;
import org.jiaozi.server.institution.InstitutionServer;
import org.jiaozi.server.postgres.EmbeddedPostgres;
import org.jiaozi.server.tls.CertificateAuthority;
import org.jspecify.annotations.Nullable;

/** The central bank, its institutions and their PostgreSQL, started in order and ended in reverse. */
final class Whole implements AutoCloseable {
    private static final long READY_NANOS = 600_000_000_000L;
    private static final long POLL_MILLIS = 50;

    private final DataFolder data;
    private final Settings settings;
    private final long clockOffset;
    private final Optional<String> databaseUrl;
    private final Consumer<String> report;
    private final Role.Starter starter;
    private final List<Role> children = new ArrayList<>();
    private @Nullable EmbeddedPostgres postgres;
    private boolean closed;

    Whole(DataFolder data, Settings settings, long clockOffset, Optional<String> databaseUrl, Consumer<String> report) {
        this(data, settings, clockOffset, databaseUrl, report, ChildProcess::start);
    }

    Whole(
            DataFolder data,
            Settings settings,
            long clockOffset,
            Optional<String> databaseUrl,
            Consumer<String> report,
            Role.Starter starter) {
        this.data = data;
        this.settings = settings;
        this.clockOffset = clockOffset;
        this.databaseUrl = databaseUrl;
        this.report = report;
        this.starter = starter;
    }

    /** Starts everything and returns once all of it answers. */
    void start() throws InterruptedException {
        DataFolder.write(data.root().resolve("up.pid"), ChildProcess.describe(ProcessHandle.current()));
        ChildProcess.stopOrphans(data, report);
        if (databaseUrl.isEmpty()) {
            report.accept("PostgreSQL starts.");
            begin(EmbeddedPostgres.start(data.postgres(), OptionalInt.empty()));
        }
        boolean first = !Files.exists(data.settings());
        // keys, certificates and trust exist before anybody runs, so that all start at once
        Path central = data.role(DataFolder.CENTRAL);
        CertificateAuthority authority = CentralServer.prepare(central, members(), settings.url(DataFolder.CENTRAL));
        copy(central.resolve("operator"), data.operator(DataFolder.CENTRAL));
        copy(central.resolve("monitor"), data.monitor(DataFolder.CENTRAL));
        report.accept("The central bank and "
                + String.join(
                        ", ",
                        settings.institutions().stream()
                                .map(Settings.Institution::code)
                                .toList())
                + " start.");
        begin(DataFolder.CENTRAL, RoleLines.central(data, settings, clockOffset));
        for (Settings.Institution institution : settings.institutions()) {
            prepare(institution.code(), authority);
            begin(institution.code(), RoleLines.institution(data, settings, institution, clockOffset));
        }
        awaitHealth(DataFolder.CENTRAL);
        for (Settings.Institution institution : settings.institutions()) {
            awaitHealth(institution.code());
        }
        if (first) {
            report.accept("Quotas, reserves and the guarantee fund are set up.");
            fund();
        }
        settings.store(data);
        writeTrust();
    }

    private synchronized void begin(EmbeddedPostgres started) {
        if (closed) {
            started.close();
            throw new CommandFailure("ended while starting");
        }
        postgres = started;
    }

    private synchronized void begin(String role, List<String> arguments) {
        if (closed) {
            throw new CommandFailure("ended while starting");
        }
        children.add(starter.start(data, role, arguments, Map.of("JIAOZI_DATABASE_URL", database(role))));
    }

    private String database(String role) {
        String name = RoleLines.database(role);
        EmbeddedPostgres own = postgres;
        if (own == null) {
            return databaseUrl.orElseThrow().replace("%s", name);
        }
        own.createDatabaseIfMissing(name);
        return own.jdbcUrl(name);
    }

    private List<CentralConfig.Member> members() {
        return settings.institutions().stream()
                .map(i -> new CentralConfig.Member(i.code(), i.name()))
                .toList();
    }

    /** Connection identity and trust for an institution; operator identity for its people. */
    private void prepare(String code, CertificateAuthority authority) {
        Path central = data.role(DataFolder.CENTRAL);
        Path own = data.role(code);
        try {
            Files.createDirectories(own);
            copy(central.resolve("members").resolve(code), own.resolve("tls"));
            Files.copy(central.resolve("trust.json"), own.resolve("trust.json"), StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw new CommandFailure("cannot prepare " + own + ": " + e.getMessage(), e);
        }
        authority.issueInto(data.operator(code), InstitutionServer.operatorName(code), Instant.now());
        authority.issueInto(data.monitor(code), InstitutionServer.monitorName(code), Instant.now());
    }

    private static void copy(Path from, Path to) {
        try {
            Files.createDirectories(to);
            for (String name : List.of("ca.pem", "tls.pem", "tls.key")) {
                Files.copy(
                        from.resolve(name),
                        to.resolve(name),
                        StandardCopyOption.REPLACE_EXISTING,
                        StandardCopyOption.COPY_ATTRIBUTES);
            }
        } catch (IOException e) {
            throw new CommandFailure("cannot copy " + from + ": " + e.getMessage(), e);
        }
    }

    @FunctionalInterface
    private interface Ready {
        boolean now();
    }

    private void awaitHealth(String role) throws InterruptedException {
        try (Caller caller = Caller.at(data.operator(role), settings.url(role))) {
            await(role, caller::healthy);
            report.accept(role + " serves.");
        }
    }

    private void await(String role, Ready ready) throws InterruptedException {
        long begin = System.nanoTime();
        while (!ready.now()) {
            if (!child(role).alive()) {
                throw new CommandFailure(role + " does not start: " + lastLine(role));
            }
            if (System.nanoTime() - begin > READY_NANOS) {
                throw new CommandFailure(role + " does not become ready (see " + log(role) + ")");
            }
            Thread.sleep(POLL_MILLIS);
        }
    }

    private synchronized Role child(String role) {
        return children.stream().filter(c -> c.name().equals(role)).findFirst().orElseThrow();
    }

    private Path log(String role) {
        return data.logs().resolve(role + ".log");
    }

    private String lastLine(String role) {
        try {
            List<String> lines = Files.readAllLines(log(role));
            return (lines.isEmpty() ? "no word" : lines.getLast()) + " (see " + log(role) + ")";
        } catch (IOException e) {
            return "see " + log(role);
        }
    }

    /** Quotas, reserves and the guarantee fund of a first start; each acts once for its reference. */
    private void fund() {
        Profile profile = PolicyFile.named(settings.profile());
        String currency = profile.currency().code();
        try (Caller central = Caller.at(data.operator(DataFolder.CENTRAL), settings.url(DataFolder.CENTRAL))) {
            for (Settings.Institution institution : settings.institutions()) {
                ObjectNode sum = Caller.JSON
                        .createObjectNode()
                        .put("institution", institution.code())
                        .put("currency", currency);
                central.post(
                        "/v1/operator/quota",
                        sum.deepCopy().put("number", RoleLines.QUOTA_NUMBER).put("limit", settings.quota()));
                central.post(
                        "/v1/operator/reserve",
                        sum.deepCopy()
                                .put("amount", settings.reserve())
                                .put("reference", "first-start-" + institution.code()));
                if (settings.guarantee() > 0) {
                    central.post(
                            "/v1/operator/guarantee",
                            sum.deepCopy()
                                    .put(
                                            "amount",
                                            settings.guarantee()
                                                    / settings.institutions().size())
                                    .put("reference", "first-guarantee-" + institution.code()));
                }
            }
        }
    }

    /** What wallets are given: whom to trust and where to go. */
    private void writeTrust() {
        try {
            JsonNode central = Caller.JSON.readTree(
                    Files.readString(data.role(DataFolder.CENTRAL).resolve("trust.json")));
            ObjectNode trust = central.deepCopy();
            ArrayNode all = trust.putArray("institutions");
            for (Settings.Institution institution : settings.institutions()) {
                JsonNode member = Caller.JSON.readTree(
                        Files.readString(data.role(institution.code()).resolve("member.json")));
                all.addObject()
                        .put("id", member.required("id").intValue())
                        .put("code", institution.code())
                        .put("name", institution.name())
                        .put("url", settings.url(institution.code()));
            }
            DataFolder.write(data.trust(), trust.toPrettyString() + "\n");
        } catch (IOException e) {
            throw new CommandFailure("cannot write " + data.trust() + ": " + e.getMessage(), e);
        }
    }

    /** For people: what listens where. */
    List<String> describe() {
        List<String> lines = new ArrayList<>();
        lines.add("central    " + settings.url(DataFolder.CENTRAL));
        for (Settings.Institution institution : settings.institutions()) {
            lines.add(String.format("%-10s %s", institution.code(), settings.url(institution.code())));
        }
        EmbeddedPostgres own = postgres;
        if (own != null) {
            lines.add("postgres   127.0.0.1:" + own.port());
        }
        lines.add("for wallets: --trust " + data.trust());
        lines.add("operator keys: " + data.operators() + "; logs: " + data.logs());
        return lines;
    }

    /** For programs. */
    synchronized Map<String, Object> report() {
        Map<String, Object> roles = new LinkedHashMap<>();
        for (Role child : children) {
            roles.put(child.name(), Map.of("url", settings.url(child.name()), "pid", child.pid()));
        }
        Map<String, Object> answer = new LinkedHashMap<>();
        answer.put("ok", true);
        answer.put("data", data.root().toString());
        answer.put("trust", data.trust().toString());
        answer.put("operators", data.operators().toString());
        answer.put("roles", roles);
        EmbeddedPostgres own = postgres;
        if (own != null) {
            answer.put("postgresPort", own.port());
        }
        return answer;
    }

    /** Returns only when a role has ended by itself, or the PostgreSQL without which none can do anything. */
    void watch() throws InterruptedException {
        List<Role> all;
        Optional<CompletableFuture<?>> own;
        synchronized (this) {
            all = List.copyOf(children);
            own = Optional.ofNullable(postgres).map(EmbeddedPostgres::end);
        }
        List<CompletableFuture<?>> ends = new ArrayList<>();
        all.forEach(role -> ends.add(role.end()));
        own.ifPresent(ends::add);
        try {
            CompletableFuture.anyOf(ends.toArray(CompletableFuture[]::new)).get();
        } catch (ExecutionException e) {
            throw new IllegalStateException(e);
        }
        synchronized (this) {
            if (closed) {
                return;
            }
        }
        if (own.filter(CompletableFuture::isDone).isPresent()) {
            throw new CommandFailure(
                    "PostgreSQL has ended (see " + data.postgres().resolve("postgres.log") + ")");
        }
        String dead =
                all.stream().filter(c -> !c.alive()).map(Role::name).findFirst().orElseThrow();
        throw new CommandFailure(dead + " has ended: " + lastLine(dead));
    }

    /** Ends the institutions, then the central bank, then PostgreSQL. Calling it again is fine. */
    @Override
    public synchronized void close() {
        if (closed) {
            return;
        }
        closed = true;
        children.reversed().forEach(Role::tell);
        children.reversed().forEach(Role::stop);
        if (postgres != null) {
            postgres.close();
        }
        try {
            Files.deleteIfExists(data.root().resolve("up.pid"));
        } catch (IOException e) {
            // the next start finds that the file names nobody
        }
    }

    static void release(FileChannel lock) {
        try {
            lock.close();
        } catch (IOException e) {
            // the process ends and the lock with it
        }
    }
}
