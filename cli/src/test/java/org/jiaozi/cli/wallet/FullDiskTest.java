package org.jiaozi.cli.wallet;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jiaozi.testing.Needs;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A full disk refuses 803, and what was there before is there afterwards. */
class FullDiskTest {
    @TempDir
    private Path folder;

    @Test
    void aFullDiskRefusesAndLosesNothing() throws IOException, InterruptedException {
        Path disk = mounted(folder, "1m");
        System.setProperty("JIAOZI_PIN", Town.PIN);
        System.setProperty("JIAOZI_ARGON2", "cheap");
        try (Town town = new Town(folder)) {
            town.wallet("disk/w");
            town.run("disk/w", "load", "7.00").good();
            Path filler = disk.resolve("filler");
            fill(filler);
            Town.Said no = town.run(
                    "disk/w",
                    "request",
                    "1.00",
                    "--file-out",
                    folder.resolve("out").toString());
            assertEquals(803, no.refused(), no.out());
            assertFalse(Files.exists(folder.resolve("out")));
            Files.delete(filler);
            assertEquals(700, town.run("disk/w", "show").good().path("holding").asLong());
            town.run(
                            "disk/w",
                            "request",
                            "1.00",
                            "--file-out",
                            folder.resolve("out").toString())
                    .good();
        } finally {
            unmount(disk);
            System.clearProperty("JIAOZI_PIN");
            System.clearProperty("JIAOZI_ARGON2");
        }
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

    static void fill(Path file) throws IOException {
        byte[] one = new byte[1024];
        try (OutputStream out = Files.newOutputStream(file)) {
            while (true) {
                out.write(one);
            }
        } catch (IOException e) {
            // full, as intended
            assertFalse(Files.size(file) == 0);
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
