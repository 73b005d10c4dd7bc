package org.jiaozi.cli.wallet;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Function;
import org.jiaozi.cli.wallet.KilledCommands.Attempt;
import org.jiaozi.cli.wallet.KilledCommands.Case;
import org.jiaozi.cli.wallet.WalletsProcess.Doomed;
import org.jiaozi.cli.wallet.WalletsProcess.Fate;
import org.jiaozi.testing.FileTrace;
import org.jiaozi.testing.Needs;
import org.jiaozi.testing.SyncedDisk;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;

/**
 * The power is cut while a wallet makes something durable: within every step of every command, and after it. Each wallet goes
 * on from a disk that has what was synced before the cut, and of the rest what the dice left of it; the same command again
 * does everything once, and what the wallet said before the cut is true after it.
 */
class PowerCutTest {
    private static final int ROUNDS = Integer.getInteger("jiaozi.rounds", 1);

    /** A command with a folder of its own, cut off in or after its {@code at}th moment. */
    private record Cut(String name, String where, Path folder, Case command) {}

    @Test
    void whatWasSyncedIsEnough(@TempDir Path onDisk) throws IOException {
        Needs.systemPackage("strace", "strace");
        Needs.that(traces(onDisk), "run it where a process may trace another");
        System.setProperty("JIAOZI_PIN", Town.PIN);
        System.setProperty("JIAOZI_NEW_PIN", Town.NEW_PIN);
        System.setProperty("JIAOZI_ARGON2", "cheap");
        Path folder = WalletsKilledTest.folder(onDisk);
        try (Town town = new Town(folder)) {
            town.marksBeside = true;
            for (int round = 0; round < ROUNDS; round++) {
                long seed = Long.getLong("jiaozi.seed", System.nanoTime());
                round(town, onDisk.resolve("round-" + round), "round-" + round + "-", seed);
            }
        } finally {
            System.clearProperty("JIAOZI_PIN");
            System.clearProperty("JIAOZI_NEW_PIN");
            System.clearProperty("JIAOZI_ARGON2");
            if (Files.exists(folder)) {
                WalletCommandsTest.delete(folder);
            }
        }
    }

    private static boolean traces(Path folder) throws IOException {
        try {
            List<String> line = new ArrayList<>(FileTrace.into(folder.resolve("trial")));
            line.add("true");
            return new ProcessBuilder(line)
                            .redirectErrorStream(true)
                            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                            .start()
                            .waitFor()
                    == 0;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private static void round(Town town, Path run, String prefix, long seed) throws IOException {
        Random dice = new Random(seed);
        KilledCommands commands = new KilledCommands(town, prefix);
        List<Cut> cuts = new ArrayList<>();
        List<Integer> ats = new ArrayList<>();
        for (Map.Entry<String, Function<String, Case>> each : commands.all().entrySet()) {
            String first = prefix + each.getKey() + "-0";
            Files.createDirectory(town.dir(first));
            List<String> moments = WalletsKilledTest.moments(each.getValue().apply(first + "/w"));
            // nothing is done between the end of a step and the beginning of the next that could be lost
            for (int at = 2; at <= moments.size(); at += 2) {
                String name = prefix + each.getKey() + "-" + at;
                Path own = Files.createDirectory(town.dir(name));
                Case command = each.getValue().apply(name + "/w");
                cuts.add(new Cut(name, moments.get(at - 1), own, command));
                ats.add(at);
            }
        }
        List<SyncedDisk> disks = new ArrayList<>();
        for (Cut cut : cuts) {
            disks.add(new SyncedDisk(cut.folder()));
        }
        Path trace = run.resolveSibling(prefix + ".trace");
        List<Attempt> attempts =
                cuts.stream().map(cut -> cut.command().next().get()).toList();
        List<Doomed> doomed = new ArrayList<>();
        for (int i = 0; i < cuts.size(); i++) {
            doomed.add(new Doomed(attempts.get(i).line(), ats.get(i)));
        }
        List<Fate> fates = WalletsProcess.kill(run, doomed, FileTrace.into(trace));
        attempts.forEach(Attempt::close);
        List<FileTrace.History> histories = FileTrace.read(
                trace,
                cuts.stream().map(Cut::folder).toList(),
                WalletsProcess.SIGN,
                Path.of("").toAbsolutePath());
        Files.delete(trace);
        List<Executable> checks = new ArrayList<>();
        for (int i = 0; i < cuts.size(); i++) {
            Cut cut = cuts.get(i);
            Fate fate = fates.get(i);
            assertTrue(fate.killed(), cut.name() + " does not come to " + cut.where());
            FileTrace.History history = histories.get(i);
            assertTrue(history.size() > history.sign(), cut.name() + ": nothing was traced");
            boolean after = dice.nextBoolean();
            int done = after ? history.size() : history.sign() + dice.nextInt(history.size() - history.sign());
            history.replay(disks.get(i), 0, done);
            WalletCommandsTest.delete(cut.folder());
            assertFalse(Files.exists(cut.folder()));
            disks.get(i).restore(cut.folder(), dice.nextInt(3) == 0 ? null : dice);
            // nothing is said within a step: what was said was said before it, and stays true
            Town.Said last = fate.said().orElseGet(cut.command()::run);
            checks.add(() -> {
                try {
                    cut.command().check().accept(last);
                } catch (AssertionError e) {
                    throw new AssertionError(
                            cut.name() + " cut at operation " + done + " of " + history.sign() + " to " + history.size()
                                    + ", " + cut.where(),
                            e);
                }
            });
        }
        assertAll("-Djiaozi.seed=" + seed, checks);
        WalletsKilledTest.balanced(commands);
    }
}
