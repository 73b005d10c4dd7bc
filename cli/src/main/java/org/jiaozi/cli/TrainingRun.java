package org.jiaozi.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.jiaozi.cli.up.RolesInside;

/**
 * Runs once what most command lines do, all of it in this process and in a temporary folder, so that the launcher's build
 * can record it in the AOT cache: servers that start, two wallets that enrol, load, pay over files and QR images, and sync.
 */
final class TrainingRun {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Path folder;

    private TrainingRun(Path folder) {
        this.folder = folder;
    }

    /** Ends normally whatever the commands answer: a command that fails must not spoil the cache. */
    public static void main(String[] args) throws IOException {
        Path folder = Files.createTempDirectory("jiaozi-training");
        try {
            new TrainingRun(folder).run();
        } finally {
            delete(folder);
        }
        // whatever thread a library still has
        System.exit(0);
    }

    private void run() throws IOException {
        run("--version");
        run("--help");
        run("wallet", "--help");
        run("nothing");
        Path data = folder.resolve("banks");
        try (RolesInside ready = RolesInside.start(data)) {
            System.err.println("training with servers on port " + ready.port());
            withServers(data);
        } catch (RuntimeException | InterruptedException e) {
            // such as no PostgreSQL on this machine: the cache then knows less
            System.err.println("training without servers: " + e);
        }
    }

    private void withServers(Path data) throws IOException {
        String[] payer = wallet(data, "bank-a", "payer", "50.00");
        String[] payee = wallet(data, "bank-b", "payee", "0.00");
        run(with(payer, "wallet", "load", "20.00", "--json"));
        for (String way : List.of("file", "qr")) {
            String tap = folder.resolve(way).toString();
            run(with(payee, "wallet", "request", "1.00", "--json", "--" + way + "-out", tap + "1"));
            run(with(payer, "wallet", "pay", "--yes", "--" + way + "-in", tap + "1", "--" + way + "-out", tap + "2"));
            run(with(payee, "wallet", "receive", "--" + way + "-in", tap + "2", "--" + way + "-out", tap + "3"));
            run(with(payer, "wallet", "receipt", "--json", "--" + way + "-in", tap + "3"));
        }
        run(with(payer, "wallet", "pay", "--yes", "--connect", "127.0.0.1:1"));
        for (String[] wallet : List.of(payer, payee)) {
            run(with(wallet, "wallet", "sync", "--keep", "1.00", "--json"));
            run(with(wallet, "wallet", "show", "--json"));
            run(with(wallet, "wallet", "account"));
            run(with(wallet, "wallet", "history"));
        }
        run("central", "net", "--data", data.toString(), "--json");
        run("audit", "--data", data.toString(), "--json");
        run("evidence", "verify", folder.resolve("pin").toString(), "--trust", trust(data));
    }

    /** Opens an account, makes a wallet and enrols it; returns the options that name it. */
    private String[] wallet(Path data, String bank, String name, String balance) throws IOException {
        Path pin = Files.writeString(folder.resolve("pin"), "135790\n");
        String[] options = {
            "--dir", folder.resolve(name).toString(),
            "--mark-dir", folder.resolve(name + "-mark").toString(),
            "--pin-file", pin.toString()
        };
        run(with(options, "wallet", "create", "--trust", trust(data), "--json"));
        String[] at = {"--data", data.toString(), "--institution", bank, "--json"};
        JsonNode opened = run(with(at, "bank", "open-account", "--holder", name, "--tier", "2", "--balance", balance));
        JsonNode banks = JSON.readTree(Path.of(trust(data)).toFile()).path("institutions");
        for (JsonNode entry : banks) {
            if (entry.path("code").asText().equals(bank)) {
                String url = entry.path("url").asText();
                String code = opened.path("code").asText();
                run(with(options, "wallet", "enroll", "--institution", url, "--code", code, "--json"));
            }
        }
        return options;
    }

    private static String trust(Path data) {
        return data.resolve("trust.json").toString();
    }

    private static String[] with(String[] options, String... words) {
        return Stream.concat(Arrays.stream(words), Arrays.stream(options)).toArray(String[]::new);
    }

    private static JsonNode run(String... line) throws IOException {
        StringWriter said = new StringWriter();
        int code = Main.run(new PrintWriter(said), new PrintWriter(Writer.nullWriter()), line);
        System.err.println(code + " " + String.join(" ", line));
        String answer = said.toString().strip();
        return answer.startsWith("{") ? JSON.readTree(answer) : JSON.createObjectNode();
    }

    private static void delete(Path folder) throws IOException {
        try (Stream<Path> found = Files.walk(folder)) {
            for (Path path : found.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        }
    }
}
