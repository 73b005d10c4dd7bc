package org.jiaozi.cli.wallet;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jiaozi.cli.wallet.store.Act;
import org.jiaozi.cli.wallet.store.Change;
import org.jiaozi.cli.wallet.store.StoreException;
import org.jiaozi.cli.wallet.store.WalletStore;
import org.jiaozi.core.refusal.RefusalCode;
import org.jiaozi.core.value.Bytes;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A disk that is full when money would move: 803, nothing leaves, and the same command moves it once there is room. */
class FullDiskMoneyTest {
    private static final int PAGE = 4096;

    @TempDir
    private Path folder;

    @Test
    void nothingMovesAndNothingIsSent() throws IOException, InterruptedException {
        Path disk = FullDiskTest.mounted(folder, "1m");
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
            Path asked = folder.resolve("asked");
            unchanged.refuses(List.of(803), "disk/w", "request", "1.00", "--file-out", asked.toString());
            assertFalse(Files.exists(asked));
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

    /** A command that has more to write after it was told no writes it in transactions, as ever. */
    @Test
    void anOpenWalletGoesOnOnceThereIsRoom() throws IOException, InterruptedException {
        Path disk = FullDiskTest.mounted(folder, "1m");
        try (Town town = new Town(folder)) {
            town.wallet("disk/w");
            Path filler = disk.resolve("filler");
            Change much = Change.only().put("a", Bytes.of(new byte[PAGE])).put("b", Bytes.of(new byte[PAGE]));
            try (WalletStore store = WalletStore.open(town.dir("disk/w"), town.dir("marks"), (act, step) -> {})) {
                FullDiskTest.fill(filler);
                StoreException no = assertThrows(StoreException.class, () -> store.commit(Act.PIN, much));
                assertEquals(RefusalCode.STORAGE_FULL, no.refusal().code());
                Files.delete(filler);
                store.commit(Act.PIN, much);
            }
            assertFalse(town.run("disk/w", "show").good().path("rolledBack").asBoolean());
        } finally {
            FullDiskTest.unmount(disk);
        }
    }

    private Path request(Town town, String wallet, String name) {
        Path to = folder.resolve(name);
        town.run(wallet, "request", "1.00", "--file-out", to.toString()).good();
        return to;
    }
}
