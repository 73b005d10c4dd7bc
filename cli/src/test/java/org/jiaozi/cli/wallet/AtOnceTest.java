package org.jiaozi.cli.wallet;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.locks.LockSupport;
import org.jiaozi.cli.Main;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two processes on one wallet: each is told that it is in use or does what it was asked, and everything is done once. */
class AtOnceTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int PAYMENTS = 6;
    private static final int IN_USE = 605;

    private final long seed = Long.getLong("jiaozi.seed", System.nanoTime());
    private final Random dice = new Random(seed);

    @TempDir
    private Path folder;

    private Town town;

    @BeforeEach
    void open() throws IOException {
        System.setProperty("JIAOZI_PIN", Town.PIN);
        System.setProperty("JIAOZI_ARGON2", "cheap");
        town = new Town(folder);
        town.wallet("payer");
        town.wallet("payee");
        town.run("payer", "load", "100.00").good();
    }

    @AfterEach
    void close() {
        town.close();
        System.clearProperty("JIAOZI_PIN");
        System.clearProperty("JIAOZI_ARGON2");
    }

    /** Arguments: a file of commands. Says when it can begin, waits for a line, runs each until it is not told that the wallet is in use. */
    public static void main(String[] args) throws IOException {
        List<List<String>> commands =
                JSON.readValue(Path.of(args[0]).toFile(), new TypeReference<List<List<String>>>() {});
        List<Town.Said> said = new ArrayList<>();
        System.out.println("ready");
        if (System.in.read() < 0) {
            return;
        }
        for (List<String> command : commands) {
            Town.Said last;
            do {
                StringWriter out = new StringWriter();
                StringWriter err = new StringWriter();
                int code = Main.run(
                        new PrintWriter(out, true), new PrintWriter(err, true), command.toArray(String[]::new));
                last = new Town.Said(code, out.toString(), err.toString());
                LockSupport.parkNanos(1_000_000);
            } while (last.code() != 0 && last.refused() == IN_USE);
            said.add(last);
        }
        System.out.println(JSON.writeValueAsString(said));
    }

    /** Runs both lists in a process each, begun at the same moment. */
    private List<List<Town.Said>> together(List<List<String>> one, List<List<String>> other) throws IOException {
        List<Process> processes = new ArrayList<>();
        try {
            for (List<List<String>> commands : List.of(one, other)) {
                Path file = Files.createTempFile(folder, "commands", ".json");
                JSON.writeValue(file.toFile(), commands);
                ProcessBuilder builder = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:+UseSerialGC",
                        "-XX:TieredStopAtLevel=1",
                        "--enable-native-access=ALL-UNNAMED",
                        "-cp",
                        System.getProperty("java.class.path"),
                        AtOnceTest.class.getName(),
                        file.toString());
                builder.environment().put("JIAOZI_PIN", Town.PIN);
                builder.environment().put("JIAOZI_ARGON2", "cheap");
                processes.add(
                        builder.redirectError(ProcessBuilder.Redirect.INHERIT).start());
            }
            for (Process process : processes) {
                assertEquals(
                        "ready", process.inputReader(StandardCharsets.UTF_8).readLine());
            }
            for (Process process : processes) {
                process.outputWriter().write("go\n");
                process.outputWriter().flush();
            }
            List<List<Town.Said>> said = new ArrayList<>();
            for (Process process : processes) {
                said.add(JSON.readValue(
                        process.inputReader(StandardCharsets.UTF_8).readLine(),
                        new TypeReference<List<Town.Said>>() {}));
            }
            return said;
        } finally {
            processes.forEach(Process::destroyForcibly);
        }
    }

    private String file(String name) {
        return folder.resolve(name).toString();
    }

    /** Payments of different amounts that were asked for, as commands of the payer. */
    private Map<String, Long> requests(String name, List<List<String>> pays) {
        Map<String, Long> asked = new TreeMap<>();
        for (int i = 0; i < PAYMENTS; i++) {
            long amount = 100L + dice.nextInt(200);
            String file = file(name + i);
            town.run(
                            "payee",
                            "request",
                            String.format(java.util.Locale.ROOT, "%d.%02d", amount / 100, amount % 100),
                            "--file-out",
                            file)
                    .good();
            asked.put(file, amount);
            pays.add(List.of(town.line("payer", "pay", "--yes", "--file-in", file, "--file-out", file + ".paid")));
        }
        return asked;
    }

    private long holding(String wallet) {
        return town.run(wallet, "show").good().path("holding").asLong();
    }

    /** Everything is delivered, and what was asked for is what was paid. */
    private void settled(Map<String, Long> asked, List<List<Town.Said>> said) {
        said.forEach(all -> all.forEach(Town.Said::good));
        asked.forEach((file, amount) -> assertEquals(
                amount,
                town.run("payee", "receive", "--file-in", file + ".paid", "--file-out", file + ".receipt")
                        .good()
                        .path("credited")
                        .asLong()));
        long sum = asked.values().stream().mapToLong(a -> a).sum();
        assertEquals(sum, holding("payee"));
        assertTrue(!town.run("payer", "show").good().path("rolledBack").asBoolean());
        // the institution compares every transfer with every other
        town.run("payer", "sync").good();
        town.run("payee", "sync").good();
        assertEquals(List.of(), town.bank.breaches());
        assertEquals(town.bank.outstanding(), holding("payer") + holding("payee"));
    }

    @Test
    void bothPay() throws IOException {
        List<List<String>> pays = new ArrayList<>();
        Map<String, Long> asked = requests("both", pays);
        // each pays all of it, in an order of its own: the second to come to one repeats what the first made
        List<List<String>> other = new ArrayList<>(pays);
        Collections.shuffle(pays, dice);
        Collections.shuffle(other, dice);
        List<List<Town.Said>> said = together(pays, other);
        long repeated = said.stream()
                .flatMap(List::stream)
                .filter(s -> s.good().path("repeated").asBoolean())
                .count();
        assertEquals(PAYMENTS, repeated, "seed " + seed);
        assertEquals(10_000 - asked.values().stream().mapToLong(a -> a).sum(), holding("payer"), "seed " + seed);
        settled(asked, said);
    }

    @Test
    void onePaysAndTheOtherSyncs() throws IOException {
        List<List<String>> pays = new ArrayList<>();
        Map<String, Long> asked = requests("sync", pays);
        List<List<String>> syncs =
                Collections.nCopies(PAYMENTS / 2, List.of(town.line("payer", "sync", "--keep", "60.00", "--refresh")));
        settled(asked, together(pays, syncs));
    }

    @Test
    void bothSync() throws IOException {
        List<List<String>> pays = new ArrayList<>();
        Map<String, Long> asked = requests("twice", pays);
        pays.forEach(pay -> Town.plain(pay.toArray(String[]::new)).good());
        List<List<String>> syncs = List.of(
                List.of(town.line("payer", "sync", "--keep", "50.00")), List.of(town.line("payer", "load", "3.00")));
        settled(asked, together(syncs, syncs));
        long notes = town.bank.notes.values().stream()
                .filter(n -> n.statement().value().minor() == 300)
                .count();
        assertEquals(2, notes, "one note for each load that was asked for, seed " + seed);
    }
}
