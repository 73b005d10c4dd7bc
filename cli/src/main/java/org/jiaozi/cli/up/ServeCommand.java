package org.jiaozi.cli.up;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.logging.Level;
import org.jiaozi.cli.CommandFailure;
import org.jiaozi.cli.ExitCode;
import org.jiaozi.core.value.Limit;
import org.jiaozi.server.Logging;
import org.jiaozi.server.StartFailure;
import org.jiaozi.server.central.CentralConfig;
import org.jiaozi.server.central.CentralServer;
import org.jiaozi.server.http.Bounds;
import org.jiaozi.server.institution.InstitutionConfig;
import org.jiaozi.server.institution.InstitutionServer;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** One role in this process, until it is told to end. {@code jiaozi up} starts one for each role. */
@Command(
        name = "serve",
        description = "Runs one role in this process, on a PostgreSQL database that exists.",
        mixinStandardHelpOptions = true)
final class ServeCommand implements Callable<Integer> {
    @Option(names = "--role", required = true, paramLabel = "ROLE", description = "central or institution.")
    private String role = "";

    @Option(names = "--data", required = true, paramLabel = "DIR", description = "The role's own folder.")
    private Path data = Path.of("");

    @Option(names = "--port", required = true, paramLabel = "PORT", description = "Where it listens on 127.0.0.1.")
    private int port;

    @Option(
            names = "--database-url",
            defaultValue = "${env:JIAOZI_DATABASE_URL}",
            paramLabel = "JDBC-URL",
            description = "Its database, jdbc:postgresql://HOST:PORT/NAME?…; also from JIAOZI_DATABASE_URL.")
    private @Nullable String databaseUrl;

    @Option(names = "--clock-offset", defaultValue = "0", paramLabel = "SECONDS", description = "Added to the clock.")
    private long clockOffset;

    @Option(
            names = "--profile",
            defaultValue = "circulating",
            paramLabel = "NAME",
            description = "central: the policy at its first start, a name or a file.")
    private String profile = "circulating";

    @Option(names = "--member", paramLabel = "CODE=NAME", description = "central: who may join.")
    private List<String> members = new ArrayList<>();

    @Option(names = "--code", paramLabel = "CODE", description = "institution: its code.")
    private @Nullable String code;

    @Option(names = "--name", paramLabel = "NAME", description = "institution: its name.")
    private @Nullable String name;

    @Option(names = "--central-url", paramLabel = "URL", description = "institution: the central bank.")
    private @Nullable String centralUrl;

    @Option(
            names = "--quota-number",
            paramLabel = "NUMBER",
            defaultValue = "1",
            description = "institution: the quota its notes count against.")
    private long quota;

    @Option(
            names = "--inbox-millis",
            defaultValue = "1000",
            paramLabel = "MILLIS",
            description = "institution: how often it asks for events.")
    private long inboxMillis;

    @Option(names = "--webhook", paramLabel = "URL", description = "institution: where events are posted.")
    private @Nullable URI webhook;

    @Option(
            names = "--max-requests",
            defaultValue = "${env:" + Bounds.REQUESTS_SET + ":-" + Bounds.REQUESTS + "}",
            paramLabel = "NUMBER",
            description =
                    "The most requests under way; one more is refused with 802. Also from " + Bounds.REQUESTS_SET + ".")
    private int maxRequests;

    @Option(
            names = "--grace",
            defaultValue = "" + Bounds.GRACE_SECONDS,
            paramLabel = "SECONDS",
            description = "How long its end waits for requests under way.")
    private int grace;

    @Option(
            names = "--log",
            defaultValue = "${env:JIAOZI_LOG:-text}",
            paramLabel = "FORM",
            description = "text, or json for an object a line; also from JIAOZI_LOG.")
    private String log = "text";

    @Override
    public Integer call() {
        Logging.configure(Level.INFO, form());
        if (maxRequests < 1 || grace < 0) {
            throw CommandFailure.usage("--max-requests is at least 1, --grace at least 0");
        }
        Bounds bounds = Bounds.usual(Limit.SERVICE_MESSAGE_BYTES)
                .withRequests(maxRequests)
                .withGrace(Duration.ofSeconds(grace));
        if (databaseUrl == null || databaseUrl.isBlank()) {
            throw CommandFailure.usage("--database-url or JIAOZI_DATABASE_URL is needed");
        }
        String database = databaseUrl;
        InstantSource clock = InstantSource.offset(InstantSource.system(), Duration.ofSeconds(clockOffset));
        try {
            AutoCloseable server = switch (role) {
                case "central" ->
                    CentralServer.start(new CentralConfig(
                            data, port, database, clock, PolicyFile.named(profile), members(), bounds));
                case "institution" ->
                    InstitutionServer.start(new InstitutionConfig(
                            needed("--code", code),
                            name == null ? needed("--code", code) : name,
                            data,
                            quota,
                            port,
                            needed("--central-url", centralUrl),
                            database,
                            clock,
                            Duration.ofMillis(inboxMillis),
                            Optional.ofNullable(webhook),
                            bounds));
                default -> throw CommandFailure.usage("--role is central or institution, not " + role);
            };
            untilTold(server);
            return ExitCode.OK;
        } catch (StartFailure e) {
            throw new CommandFailure(String.valueOf(e.getMessage()), e);
        }
    }

    /** Waits for TERM, Ctrl-C or, inside another process, an interrupt, and closes in order. */
    private static void untilTold(AutoCloseable server) {
        CountDownLatch told = new CountDownLatch(1);
        Thread end = Thread.ofPlatform().unstarted(() -> {
            close(server);
            told.countDown();
        });
        Runtime.getRuntime().addShutdownHook(end);
        try {
            told.await();
        } catch (InterruptedException asked) {
            Runtime.getRuntime().removeShutdownHook(end);
            close(server);
        }
    }

    private static void close(AutoCloseable server) {
        try {
            server.close();
        } catch (Exception e) {
            System.err.println("jiaozi serve: " + e);
        }
    }

    private static String needed(String option, @Nullable String value) {
        if (value == null) {
            throw CommandFailure.usage(option + " is needed");
        }
        return value;
    }

    private Logging.Form form() {
        return switch (log) {
            case "text" -> Logging.Form.TEXT;
            case "json" -> Logging.Form.JSON;
            default -> throw CommandFailure.usage("--log is text or json, not " + log);
        };
    }

    private List<CentralConfig.Member> members() {
        return members.stream()
                .map(m -> m.split("=", 2))
                .map(p -> new CentralConfig.Member(p[0], p.length > 1 ? p[1] : p[0]))
                .toList();
    }
}
