package org.jiaozi.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Comparator;
import java.util.stream.Stream;

/**
 * Runs what most command lines begin with, so that the launcher's build can record it in the AOT cache. Its one
 * wallet lies in a temporary folder and knows no institution.
 */
final class TrainingRun {
    private TrainingRun() {}

    /** Ends normally whatever the commands answer: a command that fails must not spoil the cache. */
    public static void main(String[] args) throws IOException {
        Path folder = Files.createTempDirectory("jiaozi-training");
        try {
            Path trust = folder.resolve("trust.json");
            Files.writeString(trust, "{\"rootKey\": \"02" + "11".repeat(32) + "\", \"caPem\": \"\"}");
            Path pin = folder.resolve("pin");
            Files.writeString(pin, "135790\n");
            String[] wallet = {
                "--dir", folder.resolve("wallet").toString(),
                "--mark-dir", folder.resolve("mark").toString(),
                "--pin-file", pin.toString()
            };
            run("--version");
            run("--help");
            run("wallet", "--help");
            run(with(wallet, "wallet", "create", "--trust", trust.toString(), "--json"));
            run(with(wallet, "wallet", "show", "--json"));
            run(with(
                    wallet,
                    "wallet",
                    "request",
                    "1.00",
                    "--qr-out",
                    folder.resolve("qr").toString()));
            run(with(wallet, "wallet", "enroll", "--institution", "https://127.0.0.1:1", "--code", "NONE"));
            run(with(wallet, "wallet", "pay", "--yes", "--connect", "127.0.0.1:1"));
            run("evidence", "verify", pin.toString(), "--trust", trust.toString());
            run("nothing");
        } finally {
            delete(folder);
        }
    }

    private static String[] with(String[] options, String... words) {
        return Stream.concat(Arrays.stream(words), Arrays.stream(options)).toArray(String[]::new);
    }

    private static void run(String... line) {
        PrintWriter nowhere = new PrintWriter(Writer.nullWriter());
        Main.run(nowhere, nowhere, line);
    }

    private static void delete(Path folder) throws IOException {
        try (Stream<Path> found = Files.walk(folder)) {
            for (Path path : found.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        }
    }
}
