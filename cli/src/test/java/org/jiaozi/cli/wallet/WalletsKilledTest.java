package org.jiaozi.cli.wallet;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jiaozi.cli.wallet.KilledCommands.Attempt;
import org.jiaozi.cli.wallet.KilledCommands.Case;
import org.jiaozi.cli.wallet.WalletsProcess.Doomed;
import org.jiaozi.cli.wallet.WalletsProcess.Fate;
import org.jiaozi.core.value.Bytes;
import org.jiaozi.server.durable.DurableSteps;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;

/**
 * Every command of a wallet killed before and after every durable step. A first run of each command counts its steps as
 * the code passes them; then a wallet of its own is prepared for every one of them and killed there, and killed once more
 * anywhere while it tries again. The same command then gets through, and everything was done once: by what the command says, by
 * wallet and account, and by the institution's own reckoning of every unit.
 */
class WalletsKilledTest {
    private static Path folder;
    private static final long ROOM = 300_000_000;

    private static Town town;
    private static KilledCommands commands;
    /** Each once, to its end. */
    private static final Map<String, Passed> FIRST = new LinkedHashMap<>();

    /** What the system keeps in memory is enough: it outlives a process. A disk would be synced some 10,000 times. */
    static Path folder(Path onDisk) throws IOException {
        Path memory = Path.of("/dev/shm");
        boolean room = Files.isWritable(memory) && Files.getFileStore(memory).getUsableSpace() > ROOM;
        return room ? Files.createTempDirectory(memory, "jiaozi-wallets") : onDisk;
    }

    @BeforeAll
    static void open(@TempDir Path onDisk) throws IOException {
        folder = folder(onDisk);
        System.setProperty("JIAOZI_PIN", Town.PIN);
        System.setProperty("JIAOZI_NEW_PIN", Town.NEW_PIN);
        System.setProperty("JIAOZI_ARGON2", "cheap");
        town = new Town(folder);
        commands = new KilledCommands(town, "");
        commands.all().forEach((name, prepare) -> FIRST.put(name, passed(prepare.apply(name + "-0"))));
    }

    @AfterAll
    static void close() throws IOException {
        town.close();
        if (Files.exists(folder)) {
            WalletCommandsTest.delete(folder);
        }
        System.clearProperty("JIAOZI_PIN");
        System.clearProperty("JIAOZI_NEW_PIN");
        System.clearProperty("JIAOZI_ARGON2");
    }

    /**
     * A command that came to its end.
     *
     * @param line as typed
     * @param moments that it came by
     * @param otherEnd what a command at the other end of its stream came by
     */
    private record Passed(List<String> line, List<String> moments, List<String> otherEnd) {}

    /** A command killed at its {@code at}th moment. */
    private record Killed(String name, String where, int moments, Case command) {
        Executable check(Town.Said said) {
            return () -> {
                try {
                    command.check().accept(said);
                } catch (AssertionError e) {
                    throw new AssertionError(name + ", killed " + where, e);
                }
            };
        }
    }

    @Test
    void aCommandKilledAnywhereIsDoneOnceByTheSameCommand() throws IOException {
        long seed = Long.getLong("jiaozi.seed", System.nanoTime());
        Random random = new Random(seed);
        List<Killed> all = new ArrayList<>();
        List<Integer> ats = new ArrayList<>();
        for (Map.Entry<String, Function<String, Case>> each : commands.all().entrySet()) {
            List<String> moments = FIRST.get(each.getKey()).moments();
            System.out.println(each.getKey() + ": " + moments.size() + " moments");
            for (int at = 1; at <= moments.size(); at++) {
                String name = each.getKey() + "-" + at;
                all.add(new Killed(
                        name,
                        moments.get(at - 1),
                        moments.size(),
                        each.getValue().apply(name)));
                ats.add(at);
            }
        }
        System.out.println(commands.all().size() + " commands, " + all.size() + " moments");
        List<Executable> checks = new ArrayList<>();
        List<Killed> open = new ArrayList<>();
        List<Fate> fates = kill("first", all, ats);
        for (int i = 0; i < all.size(); i++) {
            Killed killed = all.get(i);
            assertTrue(
                    fates.get(i).killed(),
                    killed.name() + " does not come to " + killed.where() + ": "
                            + fates.get(i).said());
            if (fates.get(i).said().isPresent()) {
                // whoever was told does not ask again
                Town.Said told = fates.get(i).said().get();
                checks.add(killed.check(told));
            } else {
                open.add(killed);
            }
        }
        fates = kill(
                "second",
                open,
                open.stream().map(k -> 1 + random.nextInt(k.moments())).toList());
        for (int i = 0; i < open.size(); i++) {
            Killed killed = open.get(i);
            Town.Said last = fates.get(i).said().orElseGet(killed.command()::run);
            checks.add(killed.check(last));
        }
        assertEquals(all.size(), checks.size());
        assertAll("seed " + seed, checks);
        balanced(commands);
    }

    /** Kills each at that moment; whoever is at another end hears no more. */
    private static List<Fate> kill(String run, List<Killed> all, List<Integer> ats) {
        List<Attempt> attempts = all.stream().map(k -> k.command().next().get()).toList();
        List<Doomed> doomed = new ArrayList<>();
        for (int i = 0; i < all.size(); i++) {
            doomed.add(new Doomed(attempts.get(i).line(), ats.get(i)));
        }
        List<Fate> fates = WalletsProcess.kill(folder.resolve(run), doomed);
        attempts.forEach(Attempt::close);
        return fates;
    }

    static List<String> moments(Case command) {
        return passed(command).moments();
    }

    /** Runs it to its end and says what it passed. */
    private static Passed passed(Case command) {
        List<String> moments = new ArrayList<>();
        List<String> otherEnd = Collections.synchronizedList(new ArrayList<>());
        Thread here = Thread.currentThread();
        DurableSteps.watch(moment -> {
            String text = moment.side() + " " + moment.what();
            if (OtherEnd.isHere()) {
                otherEnd.add(text);
            } else {
                assertEquals(here, Thread.currentThread());
                moments.add(text);
            }
        });
        Town.Said said;
        List<String> line;
        try (Attempt attempt = command.next().get()) {
            line = attempt.line();
            // those of finding out what is next
            moments.clear();
            said = attempt.run();
        } finally {
            DurableSteps.unwatch();
        }
        command.check().accept(said);
        assertTrue(moments.size() >= 4, moments.toString());
        return new Passed(line, moments, otherEnd);
    }

    /** A command or an option that somebody adds is killed, too, or it says why not. */
    @Test
    void noneIsMissing() {
        assertEquals(
                List.of(),
                EveryCommand.wrong(FIRST.values().stream().map(Passed::line).toList()));
    }

    /** Whoever is killed goes to the other end; the other end, which waits for it, would come by the same. */
    @Test
    void whoListensComesByTheSameSteps() {
        Map<String, String> ends = Map.of("request-stream", "pay-stream", "receive-stream", "pay-again-stream");
        ends.forEach((payee, payer) -> {
            assertEquals(
                    steps(FIRST.get(payee).moments()), steps(FIRST.get(payer).otherEnd()));
            assertEquals(
                    steps(FIRST.get(payer).moments()), steps(FIRST.get(payee).otherEnd()));
        });
    }

    /** Without the way that led to the command. */
    private static List<String> steps(List<String> moments) {
        return moments.stream().map(m -> m.replaceFirst(" \\S+>Main", " Main")).toList();
    }

    @Test
    void whatNeedsNoKillChangesNothing() throws IOException {
        String name = commands.wallet("unchanged");
        String envelope = commands.file("unchanged.envelope");
        town.run(name, "sync", "--envelope-out", envelope).good();
        Map<String, List<String>> lines = Map.of(
                "history",
                List.of(town.line(name, "history")),
                "carry",
                List.of("wallet", "carry", envelope, "--institution", town.url(), "--trust", town.trust.toString()));
        assertEquals(EveryCommand.CHANGES_NOTHING.keySet(), lines.keySet());
        Path answer = Path.of(envelope + ".answer");
        for (Map.Entry<String, List<String>> line : lines.entrySet()) {
            Map<Path, Bytes> before = files();
            DurableSteps.watch(moment ->
                    assertTrue(moment.what().startsWith("checkpoint "), line.getKey() + ": " + moment.what()));
            try {
                assertEquals(
                        0, Town.plain(line.getValue().toArray(String[]::new)).code());
            } finally {
                DurableSteps.unwatch();
            }
            boolean answered = Files.deleteIfExists(answer);
            assertEquals(line.getKey().equals("carry"), answered);
            assertEquals(before, files(), line.getKey());
        }
    }

    /** Every file in town with what is in it. */
    private static Map<Path, Bytes> files() throws IOException {
        Map<Path, Bytes> files = new TreeMap<>();
        try (Stream<Path> all = Files.walk(town.folder)) {
            for (Path file : all.filter(Files::isRegularFile).toList()) {
                files.put(file, Bytes.of(Files.readAllBytes(file)));
            }
        }
        return files;
    }

    static void balanced(KilledCommands commands) {
        TownBank bank = commands.town.bank;
        assertEquals(List.of(), bank.breaches());
        long held = commands.wallets.stream().mapToLong(commands::holding).sum();
        assertEquals(bank.outstanding(), held, "what the wallets hold is what is outstanding");
    }

    @Test
    void whatWasCutOffIsNotTakenForAnotherCommand() throws IOException {
        commands.wallet("remits");
        commands.wallet("deposits");
        town.run("deposits", "load", "10.00").good();
        String to = "bank:" + town.run("shop", "account").good().path("account").asText();
        String[] rent = {"remit", "7.00", "--to", to, "--reference", "rent"};
        String[] load = {"load", "4.00"};
        // the last moments at which the institution has acted and nothing of its answer is stored
        List<Fate> fates = WalletsProcess.kill(
                folder.resolve("another"),
                List.of(
                        new Doomed(List.of(town.line("remits", rent)), sent("remits-0", rent)),
                        new Doomed(List.of(town.line("deposits", load)), sent("loads-0", load))));
        assertTrue(fates.stream().allMatch(f -> f.said().isEmpty()));
        // the same sum for something else is another remittance
        town.run("remits", "remit", "7.00", "--to", to, "--reference", "gas").good();
        town.run("remits", rent).good();
        assertEquals(1, town.bank.remitted.stream().filter("gas"::equals).count());
        assertEquals(2, town.bank.remitted.stream().filter("rent"::equals).count());
        assertEquals(TownBank.OPENING - 1400, commands.balance("remits"));
        // the load comes first, and no part of it is what is to be deposited
        assertEquals(
                300,
                town.run("deposits", "deposit", "3.00").good().path("deposited").asLong());
        assertEquals(1100, commands.holding("deposits"));
        assertEquals(TownBank.OPENING - 1100, commands.balance("deposits"));
        balanced(commands);
    }

    /** A denial that left a wallet is in it: asked in time, it would take the payment. */
    @Test
    void whatWasDeniedIsNotTakenAfterAKill() throws IOException {
        KilledRefusals refusals = new KilledRefusals(commands);
        int moments = moments(refusals.deny("denies-0")).size();
        List<Doomed> doomed = new ArrayList<>();
        for (int at = 1; at <= moments; at++) {
            doomed.add(new Doomed(refusals.deny("denies-" + at).next().get().line(), at));
        }
        WalletsProcess.kill(folder.resolve("denied"), doomed);
        int left = 0;
        for (int at = 1; at <= moments; at++) {
            String name = "denies-" + at;
            boolean said = Files.exists(refusals.denial(name));
            byte[] before = said ? Files.readAllBytes(refusals.denial(name)) : new byte[0];
            Town.Said now = town.run(name, refusals.inTime(name));
            if (said) {
                left++;
                assertEquals(1, now.code(), "killed at " + at + ": " + now.out());
                assertArrayEquals(before, Files.readAllBytes(refusals.denial(name)));
            }
            assertEquals(now.code() == 0 ? 300 : 0, commands.holding(name));
            town.run(
                    name + "-payer",
                    "receipt",
                    "--file-in",
                    refusals.denial(name).toString());
            town.run(name + "-payer", "sync").good();
        }
        assertTrue(left > 1, "it said no before it was killed " + left + " times");
        balanced(commands);
    }

    /** The first moment after the institution was asked. */
    private static int sent(String name, String... command) {
        commands.wallet(name);
        int heard = town.heard.size();
        List<Boolean> asked = new ArrayList<>();
        DurableSteps.watch(moment -> asked.add(town.heard.size() > heard));
        try {
            town.run(name, command).good();
        } finally {
            DurableSteps.unwatch();
        }
        return 1 + asked.indexOf(true);
    }
}
