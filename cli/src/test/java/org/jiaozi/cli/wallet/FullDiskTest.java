package org.jiaozi.cli.wallet;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jiaozi.cli.wallet.KilledCommands.Case;
import org.jiaozi.testing.Needs;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Every command of a wallet on a full disk that gets room page by page, so that each of its writes is once the first that
 * does not fit. It says so in one line until there is enough, and then everything was done once: by what it says, by wallet
 * and account, and by the institution's own reckoning of every unit.
 */
class FullDiskTest {
    private static final int PAGE = 4096;
    /** More than any command needs. */
    private static final int MOST = 200;

    /** What the last run of a command said, and how often it had been told before that there is no room. */
    private record Pushed(Town.Said said, int refused) {}

    @Test
    void everyCommandWaitsForRoomAndLosesNothing(@TempDir Path onDisk) throws IOException, InterruptedException {
        Path folder = WalletsKilledTest.folder(onDisk);
        System.setProperty("JIAOZI_NEW_PIN", Town.NEW_PIN);
        try {
            everyCommand(folder, mounted(folder, "64m"));
        } finally {
            System.clearProperty("JIAOZI_NEW_PIN");
            unmount(folder.resolve("disk"));
            WalletCommandsTest.delete(folder);
        }
    }

    private static void everyCommand(Path folder, Path disk) throws IOException {
        try (Town town = new Town(folder)) {
            town.marksBeside = true;
            KilledCommands commands = new KilledCommands(town, "");
            Map<String, Integer> refused = new TreeMap<>();
            for (Map.Entry<String, Function<String, Case>> each : commands.all().entrySet()) {
                Case command = each.getValue().apply("disk/" + each.getKey());
                Pushed pushed = push(disk, command::run);
                assertAll(
                        each.getKey() + " after " + pushed,
                        () -> command.check().accept(pushed.said()));
                refused.put(each.getKey(), pushed.refused());
            }
            Path envelope = disk.resolve("carried");
            town.run(commands.shop, "sync", "--envelope-out", envelope.toString())
                    .good();
            Pushed carried = push(
                    disk,
                    () -> Town.plain(
                            "wallet",
                            "carry",
                            envelope.toString(),
                            "--json",
                            "--institution",
                            town.url(),
                            "--trust",
                            town.trust.toString()));
            town.run(commands.shop, "sync", "--answer-in", envelope + ".answer").good();
            refused.put("carry", carried.refused());
            System.out.println(refused.size() + " commands refused for want of room, "
                    + refused.values().stream().mapToInt(n -> n).sum() + " times: " + refused);
            refused.forEach((name, times) -> assertTrue(times > 0, name + " writes nothing"));
            WalletsKilledTest.balanced(commands);
        }
    }

    /** Runs a command on a full disk, and again with a page more each time that it finds no room. */
    private static Pushed push(Path disk, Supplier<Town.Said> command) throws IOException {
        Path filler = disk.resolve("filler");
        fill(filler);
        int refused = 0;
        Town.Said said = command.get();
        while (isFull(said)) {
            assertTrue(++refused < MOST, said.toString());
            give(filler);
            said = command.get();
        }
        Files.delete(filler);
        return new Pushed(said, refused);
    }

    /** Whether a command says, in one line, that there is no room. */
    private static boolean isFull(Town.Said said) {
        String error = said.json().path("error").asText();
        boolean full = said.refused() == 803 || error.contains("No space left on device");
        if (full) {
            assertEquals(1, said.code(), said.toString());
            assertFalse(error.contains("\n"), said.toString());
            assertEquals("", said.err());
        }
        return full;
    }

    /** A small disk. */
    static Path mounted(Path folder, String size) throws IOException, InterruptedException {
        Path disk = Files.createDirectory(folder.resolve("disk"));
        Needs.that(
                run("mount", "-t", "tmpfs", "-o", "size=" + size, "tmpfs", disk.toString()) == 0,
                "run it where a tmpfs may be mounted");
        return disk;
    }

    static void unmount(Path disk) throws InterruptedException {
        run("umount", disk.toString());
    }

    /** Leaves no page of the disk free. */
    static void fill(Path file) throws IOException {
        try (FileChannel out = FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            ByteBuffer much = ByteBuffer.allocate(256 * PAGE);
            while (true) {
                much.rewind();
                out.write(much);
            }
        } catch (IOException e) {
            // full, as intended
            assertFalse(Files.size(file) == 0);
        }
    }

    private static void give(Path filler) throws IOException {
        try (FileChannel out = FileChannel.open(filler, StandardOpenOption.WRITE)) {
            out.truncate(out.size() - PAGE);
        }
    }

    private static int run(String... command) throws InterruptedException {
        try {
            return new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start()
                    .waitFor();
        } catch (IOException e) {
            return 1;
        }
    }
}
