package org.jiaozi.cli.wallet;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A disk that is full when money would move: 803, nothing leaves, and the same command moves it once there is room. */
class FullDiskMoneyTest {
    @TempDir
    private Path folder;

    @Test
    void nothingMovesAndNothingIsSent() throws IOException, InterruptedException {
        Path disk = FullDiskTest.mounted(folder);
        System.setProperty("JIAOZI_PIN", Town.PIN);
        System.setProperty("JIAOZI_ARGON2", "cheap");
        try (Town town = new Town(folder)) {
            town.wallet("disk/w");
            town.wallet("b");
            town.run("disk/w", "load", "7.00").good();
            town.run("b", "load", "7.00").good();
            Path theirs = request(town, "b", "theirs");
            Path mine = request(town, "disk/w", "mine");
            Path payment = folder.resolve("payment");
            town.run("b", "pay", "--yes", "--file-in", mine.toString(), "--file-out", payment.toString())
                    .good();
            Path filler = disk.resolve("filler");
            FullDiskTest.fill(filler);
            town.heard.clear();

            Unchanged unchanged = new Unchanged(town, List.of("disk/w", "b"));
            unchanged.pay(List.of(803), "disk/w", theirs);
            unchanged.receive(List.of(803), "disk/w", payment);
            unchanged.refuses(List.of(803), "disk/w", "load", "1.00");
            Town.Said lost = Town.plain(
                    "wallet",
                    "report-lost",
                    "--account-key",
                    disk.resolve("w.account-key").toString(),
                    "--institution",
                    town.url(),
                    "--trust",
                    town.trust.toString());
            assertEquals(1, lost.code());
            assertEquals(
                    "jiaozi: refused 803 STORAGE_FULL: no room to store what must be durable; try again later\n",
                    lost.err());
            assertEquals(List.of(), town.heard);

            Files.delete(filler);
            town.run("disk/w", "receive", "--file-in", payment.toString(), "--file-out", folder + "/receipt")
                    .good();
            town.run("disk/w", "pay", "--yes", "--file-in", theirs.toString(), "--file-out", folder + "/paid")
                    .good();
            assertEquals(700, town.run("disk/w", "show").good().path("holding").asLong());
            assertFalse(town.run("disk/w", "show").good().path("rolledBack").asBoolean());
        } finally {
            FullDiskTest.unmount(disk);
            System.clearProperty("JIAOZI_PIN");
            System.clearProperty("JIAOZI_ARGON2");
        }
    }

    private Path request(Town town, String wallet, String name) {
        Path to = folder.resolve(name);
        town.run(wallet, "request", "1.00", "--file-out", to.toString()).good();
        return to;
    }
}
